import type { CellIndex } from './csv-block.ts';
import { isPlain } from './csv-block.ts';

const QUOTE = 0x22;
const COMMA = 0x2c;
const LF = 0x0a;
const CR = 0x0d;

/** What a byte outside quotes means: 0 a letter or digit, 1 any other content, 2 the end of a cell. */
const KIND = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte === COMMA || byte === LF ? 2 : isPlain(byte) ? 0 : 1,
);

/** Finds rows and their cells in one pass over the bytes. */
export class CellScanner {
  private starts: Uint32Array;
  private ends: Uint32Array;
  private canonical = true;
  /** Rows found since the last `take`. */
  rows = 0;

  /** @param tooLong Told of a row with more cells than there are columns: which of the rows found, and how many cells. */
  constructor(
    private readonly columns: number,
    private readonly tooLong: (row: number, cells: number) => never,
  ) {
    this.starts = new Uint32Array(1024 * columns);
    this.ends = new Uint32Array(1024 * columns);
  }

  /**
   * Reads the row that begins at `from`.
   * @param atEnd The end of the bytes ends the last row.
   * @returns The position behind it; -1, and nothing is kept, where the bytes end inside it.
   */
  next(bytes: Buffer, from: number, atEnd: boolean): number {
    const first = this.rows * this.columns;
    if (first + this.columns > this.starts.length) this.grow();
    const { starts, ends, columns } = this;
    const size = bytes.length;
    let canonical = this.canonical;
    let content = 0;
    let cell = 0;
    let at = from;
    for (;;) {
      const start = at;
      if (bytes[at] === QUOTE) {
        at += 1;
        for (;;) {
          while (at < size && bytes[at] !== QUOTE) at += 1;
          at += 1;
          if (at >= size || bytes[at] !== QUOTE) break;
          at += 1;
        }
      }
      while (at < size) {
        const kind = KIND[bytes[at]];
        if (kind === 2) break;
        content |= kind;
        at += 1;
      }
      const byte = bytes[at];
      if (at >= size) {
        if (!atEnd) return -1;
        at = size;
        canonical = false;
      }
      if (cell < columns) {
        starts[first + cell] = start;
        ends[first + cell] = byte !== COMMA && at > start && bytes[at - 1] === CR ? at - 1 : at;
      }
      cell += 1;
      if (at === size || byte === LF) break;
      at += 1;
    }
    if (cell > columns) this.tooLong(this.rows, cell);
    if (cell < columns) {
      canonical = false;
      starts.fill(at, first + cell, first + columns);
      ends.fill(at, first + cell, first + columns);
    }
    this.canonical = canonical && content === 0;
    this.rows += 1;
    return Math.min(at + 1, size);
  }

  /** The cells of the rows found, and begins anew. */
  take(): CellIndex {
    const cells = this.rows * this.columns;
    const index = {
      starts: this.starts.slice(0, cells),
      ends: this.ends.slice(0, cells),
      canonical: this.canonical,
    };
    this.rows = 0;
    this.canonical = true;
    return index;
  }

  private grow(): void {
    const [starts, ends] = [this.starts, this.ends];
    this.starts = new Uint32Array(starts.length * 2);
    this.ends = new Uint32Array(ends.length * 2);
    this.starts.set(starts);
    this.ends.set(ends);
  }
}
