/**
 * Weaves a splice list (container/contract/splice.ts) into the chunk that it belongs to. Checked first, then woven: `weave`
 * trusts what `measure` has accepted. The plain form of both is `../splice-plain.ts`.
 *
 * State at STATE: u32 next byte of the chunk, u32 next byte of the list.
 */
const STATE: usize = 64;
const LONG_ROW: u32 = 0xffff;
const LONG_TEXT: u32 = 127;
/** Short copies go in steps of 16 bytes: up to 15 bytes too many are read and written, so memory goes on behind each region. */

function copy(to: usize, from: usize, n: usize): void {
  if (n < 1024) {
    for (let i: usize = 0; i < n; i += 16) v128.store(to + i, v128.load(from + i));
  } else memory.copy(to, from, n);
}

/**
 * Bytes that the rows and texts of a list come to, or -1 where it does not fit the chunk: an entry cut short, a row past the
 * chunk's end, a row that does not end where the chunk's does, rows left over.
 */
export function measure(chunk: usize, chunkEnd: usize, list: usize, listEnd: usize): f64 {
  let total: f64 = 0;
  while (list < listEnd) {
    if (listEnd - list < 3) return -1;
    let row = <usize>load<u16>(list);
    list += 2;
    if (row == LONG_ROW) {
      if (listEnd - list < 5) return -1;
      row = <usize>load<u32>(list);
      list += 4;
    }
    const mark = <u32>load<u8>(list++);
    let text = <usize>(mark & 127);
    if (text == LONG_TEXT) {
      if (listEnd - list < 4) return -1;
      text = <usize>load<u32>(list);
      list += 4;
    }
    if (text > listEnd - list) return -1;
    list += text;
    if (chunk > chunkEnd || row > chunkEnd - chunk) return -1;
    chunk += row;
    if (mark >> 7) {
      if (chunkEnd - chunk < 2 || load<u16>(chunk) != 0x0a0d) return -1;
      chunk += 2;
    } else {
      if (chunk < chunkEnd && load<u8>(chunk) != 10) return -1;
      chunk++;
    }
    total += <f64>row + <f64>text;
  }
  // Blank lines at the chunk's end may be no rows; anything else would be lost.
  while (chunk < chunkEnd) {
    const byte = load<u8>(chunk++);
    if (byte != 10 && byte != 13) return -1;
  }
  return total;
}

/**
 * Weaves rows to `to` until the next one would not fit below `toEnd` (behind which some bytes are free), and returns the end
 * of what was written. `to` itself comes back where the next row alone is larger than the block.
 */
export function weave(listEnd: usize, to: usize, toEnd: usize): usize {
  let chunk = <usize>load<u32>(STATE);
  let list = <usize>load<u32>(STATE, 4);
  while (list < listEnd) {
    let at = list + 3;
    let row = <usize>load<u16>(list);
    let mark: u32;
    if (row == LONG_ROW) {
      row = <usize>load<u32>(list, 2);
      mark = <u32>load<u8>(list, 6);
      at += 4;
    } else mark = <u32>load<u8>(list, 2);
    let text = <usize>(mark & 127);
    if (text == LONG_TEXT) {
      text = <usize>load<u32>(at);
      at += 4;
    }
    if (row + text > toEnd - to) break;
    copy(to, chunk, row);
    to += row;
    copy(to, at, text);
    to += text;
    chunk += row + 1 + <usize>(mark >> 7);
    list = at + text;
  }
  store<u32>(STATE, <u32>chunk);
  store<u32>(STATE, <u32>list, 4);
  return to;
}
