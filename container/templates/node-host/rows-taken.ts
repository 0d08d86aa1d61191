/**
 * Rows of a chunk that come while the runtime still reads it, so that only the last of them are waited for. Each piece is a frame
 * of its own, which is not answered:
 *
 *   {rowsAhead: key, first, rows, columns}   body: a column's doubles behind the other's
 *
 * A question then names the key in place of a body. Who does not hold all of its rows says `needRows`, and is sent them anew.
 */
import type { NumericTable } from '../../contract/template.ts';

/** Rows that there is room for to begin with. */
const FIRST_ROOM = 65_536;

export class RowsTaken {
  #key: unknown;
  #rows = 0;
  #columns: Float64Array[] = [];

  take({ rowsAhead, first, rows, columns }: Readonly<Record<string, unknown>>, body: Uint8Array): void {
    if (first === true) {
      this.#key = rowsAhead;
      this.#rows = 0;
      this.#columns = Array.from({ length: columns as number }, () => new Float64Array(FIRST_ROOM));
    }
    if (rowsAhead !== this.#key) return;
    const count = rows as number;
    const values = new Float64Array(body.buffer, body.byteOffset, count * this.#columns.length);
    this.#columns.forEach((column, c) => {
      const of = this.#withRoom(column, this.#rows + count);
      of.set(values.subarray(c * count, (c + 1) * count), this.#rows);
      this.#columns[c] = of;
    });
    this.#rows += count;
  }

  /** The rows of a key, once; undefined where they are not all here. */
  give(key: unknown, rows: unknown, names: unknown): NumericTable | undefined {
    if (key !== this.#key || rows !== this.#rows) return undefined;
    const columns = this.#columns.map((column) => column.subarray(0, this.#rows));
    this.#key = undefined;
    this.#columns = [];
    return { rows: this.#rows, names: names as string[], columns };
  }

  #withRoom(column: Float64Array, rows: number): Float64Array {
    if (rows <= column.length) return column;
    const larger = new Float64Array(Math.max(rows, 2 * column.length));
    larger.set(column.subarray(0, this.#rows));
    return larger;
  }
}
