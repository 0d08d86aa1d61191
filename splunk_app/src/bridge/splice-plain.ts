import {
  SPLICE_CRLF,
  SPLICE_LONG_ROW,
  SPLICE_LONG_TEXT,
  SPLICE_PREAMBLE_BYTES,
} from '../../../container/contract/splice.ts';

/**
 * Weaves a chunk and its splice list: the readable form of the kernel in `assembly/index.ts`, which tests compare with it.
 * Null where the list does not fit the chunk or its announced total.
 */
export function weavePlain(chunk: Buffer, list: Buffer): Buffer | null {
  if (list.length < SPLICE_PREAMBLE_BYTES) return null;
  const oldHeader = list.readUInt32LE(0);
  const total = list.readUInt32LE(4);
  const headerEnd = SPLICE_PREAMBLE_BYTES + list.readUInt32LE(8);
  if (oldHeader > chunk.length || headerEnd > list.length) return null;

  const pieces = [list.subarray(SPLICE_PREAMBLE_BYTES, headerEnd)];
  let row = oldHeader;
  let at = headerEnd;
  const take = (bytes: 1 | 2 | 4): number | null => {
    if (at + bytes > list.length) return null;
    at += bytes;
    return list.readUIntLE(at - bytes, bytes);
  };
  while (at < list.length) {
    let rowBytes = take(2);
    if (rowBytes === SPLICE_LONG_ROW) rowBytes = take(4);
    const mark = take(1);
    if (rowBytes === null || mark === null) return null;
    const crlf = (mark & SPLICE_CRLF) !== 0;
    let textBytes: number | null = mark & ~SPLICE_CRLF;
    if (textBytes === SPLICE_LONG_TEXT) textBytes = take(4);
    if (textBytes === null || at + textBytes > list.length) return null;

    const rowEnd = row + rowBytes;
    if (row > chunk.length || rowEnd > chunk.length) return null;
    const lineEnd = chunk.subarray(rowEnd, rowEnd + (crlf ? 2 : 1)).toString('latin1');
    if (crlf ? lineEnd !== '\r\n' : lineEnd !== '\n' && lineEnd !== '') return null;

    pieces.push(chunk.subarray(row, rowEnd), list.subarray(at, at + textBytes));
    row = rowEnd + (crlf ? 2 : 1);
    at += textBytes;
  }
  if (/[^\r\n]/.test(chunk.toString('latin1', Math.min(row, chunk.length)))) return null;
  const woven = Buffer.concat(pieces);
  return woven.length === total ? woven : null;
}
