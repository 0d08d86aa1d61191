import type { Header } from '../table/header.ts';
import type { Region, TableMemory } from '../table/table-memory.ts';
import type { Spool } from './spool.ts';

const CRLF = 0x80000000;
/** Bytes and rows that are read from the spool at once: one row at least. */
const PIECE_BYTES = 2 << 20;
const PIECE_ROWS = 16_384;

/** The rows of a job as its spool holds them. */
export interface SpooledRows {
  readonly rows: number;
  /** The header of each chunk that had one. */
  readonly headers: readonly { readonly header: Header; readonly firstRow: number }[];
  /** A row's length without its line end; bit 31: CR LF. */
  readonly lengths: Uint32Array;
  /** Cells that a row lacks; absent where none lacks any. */
  readonly missing?: Uint32Array;
}

/** Rows of one chunk that lie in memory. */
export interface Piece {
  readonly header: Header;
  /** Place of the chunk among those with a header. */
  readonly chunk: number;
  readonly firstRow: number;
  readonly rows: number;
  readonly start: number;
  readonly end: number;
}

/** Rows of one chunk where they lie in the spool. */
export interface SpooledPiece {
  readonly chunk: number;
  readonly firstRow: number;
  readonly rows: number;
  readonly bytes: number;
  readonly at: number;
}

/** Bytes of a row in the spool. */
export function rowBytes(word: number): number {
  return (word & ~CRLF) + 1 + (word >>> 31);
}

/** Cuts rows 0 … upTo into pieces, none across two chunks. */
export function* pieces(
  headers: SpooledRows['headers'],
  lengths: Uint32Array,
  upTo: number,
): Generator<SpooledPiece> {
  let row = 0;
  let at = 0;
  for (let chunk = 0; chunk < headers.length; chunk++) {
    const end = Math.min(upTo, headers[chunk + 1]?.firstRow ?? upTo);
    while (row < end) {
      const firstRow = row;
      let bytes = 0;
      while (row < end && row - firstRow < PIECE_ROWS) {
        const more = rowBytes(lengths[row]);
        if (bytes > 0 && bytes + more > PIECE_BYTES) break;
        bytes += more;
        row++;
      }
      yield { chunk, firstRow, rows: row - firstRow, bytes, at };
      at += bytes;
    }
  }
}

/** Brings the rows below `upTo` into memory, piece after piece. */
export function readSpooledRows(
  spool: Spool,
  headers: SpooledRows['headers'],
  lengths: Uint32Array,
  upTo: number,
  region: Region,
  memory: TableMemory,
  use: (piece: Piece) => void,
): void {
  for (const { chunk, firstRow, rows, bytes, at } of pieces(headers, lengths, upTo)) {
    const start = region.ensure(bytes);
    spool.read(memory.bytes.subarray(start, start + bytes), at);
    use({ header: headers[chunk].header, chunk, firstRow, rows, start, end: start + bytes });
  }
}
