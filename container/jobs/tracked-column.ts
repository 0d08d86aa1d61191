import type { Column } from '../contract/table.ts';
import { Dictionary } from '../table/dictionary.ts';
import { Growing } from '../table/growing.ts';
import type { TableMemory } from '../table/table-memory.ts';

/**
 * A field that a collecting job keeps. It starts as numbers; with the first text in it it is text, from its first row on:
 * the texts of rows before that come from the spool (`textUpTo`).
 */
export class TrackedColumn {
  readonly name: string;
  readonly #memory: TableMemory;
  readonly #maxLevels: number;
  #numbers: Growing<Float64Array> | undefined = new Growing((n) => new Float64Array(n));
  #codes: Growing<Int32Array> | undefined;
  #dictionary: Dictionary | undefined;
  #nulls = 0;
  /** NaNs and infinities read as nulls while the column is numeric. */
  notFinite = 0;
  /** Rows below this have their text in the spool alone. */
  textUpTo = 0;

  constructor(name: string, memory: TableMemory, rowsBefore: number, maxLevels: number) {
    this.name = name;
    this.#memory = memory;
    this.#maxLevels = maxLevels;
    this.appendNulls(rowsBefore);
  }

  get isText(): boolean {
    return this.#dictionary !== undefined;
  }

  get bytesPerRow(): number {
    return this.isText ? 4 : 8;
  }

  /** @param nulls How many of the values are null. */
  appendNumbers(values: Float64Array, nulls: number): void {
    this.#nulls += nulls;
    this.#numbers?.append(values);
  }

  appendNulls(rows: number): void {
    if (this.#codes) this.#codes.appendSame(-1, rows);
    else {
      this.#nulls += rows;
      this.#numbers?.appendSame(NaN, rows);
    }
  }

  /** Text cells in memory; `scratch` is where their codes go. */
  appendTexts(cells: number, rows: number, scratch: number): void {
    this.#dictionary?.encode(cells, rows, scratch);
    this.#codes?.append(this.#memory.integers.subarray(scratch / 4, scratch / 4 + rows));
    if (this.#dictionary && this.#dictionary.levels.length > this.#maxLevels) this.#dictionary.close();
  }

  /**
   * From numbers to text. Without a spool to read them again, rows before get the texts that their numbers have.
   */
  promote(spooled: boolean): void {
    const rows = this.#numbers?.length ?? 0;
    const valued = this.#nulls < rows;
    this.#dictionary = new Dictionary(this.#memory);
    this.#codes = new Growing((n) => new Int32Array(n));
    if (valued && !spooled) {
      const values = this.#numbers?.take() ?? new Float64Array(0);
      const dictionary = this.#dictionary;
      this.#codes.append(
        Int32Array.from(values, (value) => (value === value ? dictionary.codeOf(String(value)) : -1)),
      );
    } else {
      this.#codes.appendSame(-1, rows);
      if (valued || this.notFinite > 0) this.textUpTo = rows;
    }
    this.#numbers = undefined;
    this.notFinite = 0;
  }

  /** The whole column; codes of rows below `textUpTo` are put in by the caller. */
  take(): Column {
    if (this.#codes && this.#dictionary) {
      return { kind: 'text', name: this.name, codes: this.#codes.take(), levels: this.#dictionary.levels };
    }
    const values = this.#numbers?.take() ?? new Float64Array(0);
    return { kind: 'number', name: this.name, values, nulls: this.#nulls };
  }

  /** Codes of text cells in memory, at `scratch`. */
  encode(cells: number, rows: number, scratch: number): void {
    this.#dictionary?.encode(cells, rows, scratch);
  }
}
