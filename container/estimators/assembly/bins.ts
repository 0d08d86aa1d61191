/** Words of 64 bins in the marks, after a summary of 16 words with a bit for each of them. */
const SUMMARY_BYTES: usize = 256;

// @ts-ignore: decorator
@inline
export function markBin(marks: usize, bin: u32): void {
  const word = bin >> 6;
  const at = marks + SUMMARY_BYTES + ((<usize>word) << 3);
  store<u64>(at, load<u64>(at) | ((<u64>1) << (<u64>(bin & 63))));
  const summary = marks + ((<usize>(word >> 6)) << 3);
  store<u64>(summary, load<u64>(summary) | ((<u64>1) << (<u64>(word & 63))));
}

/** Lists the marked bins in order, unmarks them and returns how many they are. */
export function drainMarks(marks: usize, used: usize): i32 {
  let count: i32 = 0;
  for (let s: usize = 0; s < 16; s++) {
    let words = load<u64>(marks + (s << 3));
    if (words == 0) continue;
    store<u64>(marks + (s << 3), 0);
    while (words != 0) {
      const word = (<usize>s << 6) + <usize>ctz(words);
      words &= words - 1;
      const at = marks + SUMMARY_BYTES + (word << 3);
      let bits = load<u64>(at);
      store<u64>(at, 0);
      while (bits != 0) {
        store<i32>(used + ((<usize>count) << 2), <i32>((word << 6) + <usize>ctz(bits)));
        count++;
        bits &= bits - 1;
      }
    }
  }
  return count;
}

/** Few enough bins for so many rows that looking at all is cheaper than marking. */
// @ts-ignore: decorator
@inline
export function isDense(bins: i32, rows: i32): bool {
  return bins <= rows * 4;
}
