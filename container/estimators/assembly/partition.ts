export function partitionBytes(
  codes: usize, rows: usize, payload: usize, spareRows: usize, sparePayload: usize, start: i32, end: i32, lastLeft: u32,
  width: i32,
): i32 {
  return width == 1
    ? partition<u8, u32>(codes, rows, payload, spareRows, sparePayload, start, end, lastLeft)
    : partition<u8, u64>(codes, rows, payload, spareRows, sparePayload, start, end, lastLeft);
}

export function partitionShorts(
  codes: usize, rows: usize, payload: usize, spareRows: usize, sparePayload: usize, start: i32, end: i32, lastLeft: u32,
  width: i32,
): i32 {
  return width == 1
    ? partition<u16, u32>(codes, rows, payload, spareRows, sparePayload, start, end, lastLeft)
    : partition<u16, u64>(codes, rows, payload, spareRows, sparePayload, start, end, lastLeft);
}

/** Without a branch: each position is written to both places, and the place that it belongs to moves on. */
function partition<Code, Word>(
  codes: usize, rows: usize, payload: usize, spareRows: usize, sparePayload: usize, start: i32, end: i32, lastLeft: u32,
): i32 {
  let left = <usize>start;
  let right: usize = 0;
  for (let i = <usize>start; i < <usize>end; i++) {
    const row = load<u32>(rows + (i << 2));
    const word = load<Word>(payload + i * sizeof<Word>());
    const goesLeft = <usize>(<u32>load<Code>(codes + <usize>row * sizeof<Code>()) <= lastLeft);
    store<u32>(rows + (left << 2), row);
    store<Word>(payload + left * sizeof<Word>(), word);
    store<u32>(spareRows + (right << 2), row);
    store<Word>(sparePayload + right * sizeof<Word>(), word);
    left += goesLeft;
    right += 1 - goesLeft;
  }
  memory.copy(rows + (left << 2), spareRows, right << 2);
  memory.copy(payload + left * sizeof<Word>(), sparePayload, right * sizeof<Word>());
  return <i32>left;
}
