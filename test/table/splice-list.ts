import {
  SPLICE_CRLF,
  SPLICE_LONG_ROW,
  SPLICE_LONG_TEXT,
  SPLICE_PREAMBLE_BYTES,
} from '../../container/contract/splice.ts';

/** The plain form of what the bridge does with a splice list: the woven CSV. */
export function unsplice(chunk: Buffer, list: Buffer): Buffer {
  const oldHeader = list.readUInt32LE(0);
  const total = list.readUInt32LE(4);
  const newHeader = list.readUInt32LE(8);
  if (oldHeader > chunk.length)
    throw new Error(`a header of ${oldHeader} bytes in a chunk of ${chunk.length}`);
  let at = SPLICE_PREAMBLE_BYTES;
  const pieces = [list.subarray(at, at + newHeader)];
  at += newHeader;
  let from = oldHeader;
  while (at < list.length) {
    let row = list.readUInt16LE(at);
    at += 2;
    if (row === SPLICE_LONG_ROW) {
      row = list.readUInt32LE(at);
      at += 4;
    }
    const word = list[at++];
    let text = word & 127;
    if (text === SPLICE_LONG_TEXT) {
      text = list.readUInt32LE(at);
      at += 4;
    }
    pieces.push(chunk.subarray(from, from + row), list.subarray(at, at + text));
    at += text;
    from += row + (word & SPLICE_CRLF ? 2 : 1);
  }
  const woven = Buffer.concat(pieces);
  if (woven.length !== total) throw new Error(`the list says ${total} bytes, ${woven.length} came`);
  return woven;
}
