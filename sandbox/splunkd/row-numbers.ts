import type { Column } from '../table/batch.ts';
import { blockColumn } from '../table/batch.ts';
import { CellScanner } from '../table/cell-scanner.ts';
import { CsvBlock } from '../table/csv-block.ts';

/** The field by which splunkd joins a command's rows with the fields that it kept back. */
export const CHUNKED_INDEX = '_chunked_idx';

let numbers: CsvBlock | undefined;

/** 0, 1, 2 … as a column; written once, and shared by all chunks that are no longer than the longest so far. */
export function rowNumbers(rows: number): Column {
  if (!numbers || numbers.rows < rows) {
    const bytes = Buffer.from(Array.from({ length: rows }, (_, row) => `${row}\n`).join(''));
    const scanner = new CellScanner(1, () => {
      throw new Error('A row number is one cell.');
    });
    for (let at = 0; at < bytes.length;) at = scanner.next(bytes, at, true);
    numbers = new CsvBlock([CHUNKED_INDEX], bytes, rows, scanner.take());
  }
  return blockColumn({ block: numbers, at: 0, multivalueAt: -1 }, rows);
}

/** The row numbers that a column holds; NaN becomes a number that no row has. */
export function readRowNumbers(column: Column, rows: number): Uint32Array {
  const { csv } = column;
  if (!csv) return Uint32Array.from(column.cells(), (cell) => toRow(Number(cell)));
  const found = new Uint32Array(rows);
  const { block, at } = csv;
  const { starts, ends } = block.index;
  for (let i = 0; i < rows; i++) {
    const cell = (csv.rows ? csv.rows[i] : i) * block.fields.length + at;
    let row = 0;
    let from = starts[cell];
    for (; from < ends[cell]; from++) {
      const digit = block.bytes[from] - 0x30;
      if (digit < 0 || digit > 9) break;
      row = row * 10 + digit;
    }
    const plain = from === ends[cell] && from > starts[cell];
    found[i] = plain ? row : toRow(Number(block.text(csv.rows ? csv.rows[i] : i, at) || NaN));
  }
  return found;
}

const NO_ROW = 0xffff_ffff;

function toRow(value: number): number {
  return Number.isInteger(value) && value >= 0 ? value : NO_ROW;
}
