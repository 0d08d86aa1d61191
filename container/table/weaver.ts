import type { OutputColumn } from '../contract/template.ts';
import { encodeCell } from './csv-cells.ts';
import { Region } from './table-memory.ts';
import type { TableMemory } from './table-memory.ts';

const JOB_BYTES = 32;
const OUTPUT_BYTES = 16;
const NUMBER = 0;
const LABEL = 1;
const TEXT = 2;
/** Longest text of a double, and what its kernel overshoots. */
const NUMBER_BYTES = 40;
/** Bytes of a splice record beside its text, and of its line end. */
const RECORD_BYTES = 16;

/** Rows that lie one behind the other in memory, as the reader or the spool left them. All are addresses; 0 is none. */
export interface RowsInMemory {
  readonly rows: number;
  readonly lengths: number;
  readonly missing: number;
  /** Most commas that a short row lacks. */
  readonly maxMissing: number;
  readonly valid: number;
  readonly keep: number;
}

/** How a row's cells come together where outputs replace fields or columns move; see `weaveMapped`. */
export interface CellMap {
  readonly map: Int32Array;
  /** Cells that a row has at most. */
  readonly cells: number;
}

interface Labels {
  readonly source: readonly string[];
  readonly table: number;
  readonly longest: number;
}

/** Adds output columns to rows: as a splice list, as CSV, or only measured. */
export class Weaver {
  readonly #memory: TableMemory;
  readonly #job: number;
  readonly #scratch: Region;
  readonly #descriptors: Region;
  readonly #map: Region;
  readonly #cells: Region;
  readonly #values: Region[] = [];
  readonly #tables: Region[] = [];
  readonly #labels: (Labels | undefined)[] = [];
  #count = 0;
  #textBound = 0;
  #mapNow: Int32Array | undefined;

  constructor(memory: TableMemory) {
    this.#memory = memory;
    this.#job = memory.reserve(JOB_BYTES);
    this.#scratch = new Region(memory);
    this.#descriptors = new Region(memory);
    this.#map = new Region(memory);
    this.#cells = new Region(memory);
  }

  /**
   * The outputs of the next block of rows.
   * @param inside The memory's own buffer as far as values may lie in it already, to be taken from there.
   */
  setOutputs(outputs: readonly OutputColumn[], rows: number, inside?: ArrayBufferLike): void {
    this.#count = outputs.length;
    this.#textBound = 0;
    const descriptors = this.#descriptors.ensure(outputs.length * OUTPUT_BYTES);
    outputs.forEach((output, k) => {
      this.#values[k] ??= new Region(this.#memory);
      const descriptor = [NUMBER, 0, 0, 0];
      if (output.kind === 'number') {
        descriptor[1] =
          inside !== undefined && output.values.buffer === inside
            ? output.values.byteOffset
            : this.#copyNumbers(this.#values[k], output.values, rows);
        this.#textBound += NUMBER_BYTES;
      } else if (output.kind === 'label') {
        const labels = this.#labelTable(k, output.labels);
        const at = this.#values[k].ensure(rows * 4);
        this.#memory.integers.set(output.codes.subarray(0, rows), at / 4);
        descriptor.splice(0, 3, LABEL, at, labels.table);
        this.#textBound += labels.longest;
      } else {
        const texts = this.#writeTexts(this.#values[k], output.values, rows);
        descriptor.splice(0, 2, TEXT, texts.address);
        this.#textBound += texts.longest;
      }
      this.#textBound++;
      this.#memory.words.set(descriptor, (descriptors + k * OUTPUT_BYTES) / 4);
    });
  }

  /** Bytes that the rows' texts and records may take at most. */
  bound(rows: RowsInMemory): number {
    return rows.rows * (this.#textBound + rows.maxMissing + RECORD_BYTES) + 64;
  }

  /** Splice records at `target`. Returns the place behind them and the bytes of the woven rows. */
  list(rows: RowsInMemory, target: number): { end: number; woven: number } {
    this.#setJob(rows);
    const end = this.#memory.table.weaveList(this.#job, target);
    return { end, woven: this.#memory.words[this.#job / 4 + 7] };
  }

  /** The rows, which start at `source`, with their outputs, at `target`. Returns the place behind them. */
  csv(rows: RowsInMemory, source: number, target: number, mapped?: CellMap): number {
    this.#setJob(rows);
    if (!mapped) return this.#memory.table.weaveCsv(this.#job, source, target);
    const map = this.#map.ensure(mapped.map.byteLength);
    if (this.#mapNow !== mapped.map) {
      this.#memory.integers.set(mapped.map, map / 4);
      this.#mapNow = mapped.map;
    }
    const cells = this.#cells.ensure(mapped.cells * 8);
    return this.#memory.table.weaveMapped(this.#job, source, target, map, mapped.map.length, cells);
  }

  /** Bytes that `csv` will write, where no cells are mapped. */
  measure(rows: RowsInMemory): number {
    const scratch = this.#scratch.ensure(this.#textBound + rows.maxMissing + 64);
    this.#setJob(rows);
    return this.#memory.table.measure(this.#job, scratch) >>> 0;
  }

  /** The rows, which start at `source`, with the texts of a splice list as `list` made it. */
  listed(list: number, listEnd: number, source: number, target: number): number {
    return this.#memory.table.weaveListed(list, listEnd, source, target);
  }

  #setJob(rows: RowsInMemory): void {
    this.#memory.words.set(
      [
        rows.rows,
        rows.lengths,
        rows.missing,
        rows.valid,
        rows.keep,
        this.#descriptors.address,
        this.#count,
        0,
      ],
      this.#job / 4,
    );
  }

  #copyNumbers(region: Region, values: Float64Array, rows: number): number {
    const at = region.ensure(rows * 8);
    this.#memory.doubles.set(values.subarray(0, rows), at / 8);
    return at;
  }

  /** Labels as cells ready to copy; kept as long as the next block has the same. */
  #labelTable(k: number, source: readonly string[]): Labels {
    const known = this.#labels[k];
    if (known && (known.source === source || sameTexts(known.source, source))) return known;
    this.#tables[k] ??= new Region(this.#memory);
    const cells = source.map((label) => Buffer.from(encodeCell(label)));
    const table = this.#tables[k].ensure(
      cells.length * 8 + cells.reduce((sum, cell) => sum + cell.length, 0),
    );
    this.#placeCells(table, cells);
    const longest = cells.reduce((most, cell) => Math.max(most, cell.length), 0) + 16;
    return (this.#labels[k] = { source, table, longest });
  }

  #writeTexts(
    region: Region,
    values: readonly (string | null)[],
    rows: number,
  ): { address: number; longest: number } {
    const cells = Array.from({ length: rows }, (_, row) => Buffer.from(encodeCell(values[row] ?? '')));
    const address = region.ensure(rows * 8 + cells.reduce((sum, cell) => sum + cell.length, 0));
    this.#placeCells(address, cells);
    return { address, longest: cells.reduce((most, cell) => Math.max(most, cell.length), 0) + 16 };
  }

  #placeCells(table: number, cells: readonly Buffer[]): void {
    const { bytes, words } = this.#memory;
    let at = table + cells.length * 8;
    cells.forEach((cell, i) => {
      bytes.set(cell, at);
      words[table / 4 + 2 * i] = at;
      words[table / 4 + 2 * i + 1] = cell.length;
      at += cell.length;
    });
  }
}

function sameTexts(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((text, i) => text === b[i]);
}
