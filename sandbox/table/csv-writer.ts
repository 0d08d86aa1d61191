import type { Batch, Column, CsvColumn } from './batch.ts';
import type { Cell } from './cell.ts';
import { cellText, encodeMultivalue } from './cell.ts';
import { isPlain } from './csv-block.ts';

const QUOTE = 0x22;
const COMMA = 0x2c;
const LF = 0x0a;
const PLAIN = /^[A-Za-z0-9]*$/;

/** A cell as splunkd writes it: quoted where it holds anything but letters and digits. */
export function quote(text: string): string {
  return PLAIN.test(text) ? text : `"${text.replaceAll('"', '""')}"`;
}

/** Which columns `__mv_<field>` a body has: one for every field, as splunkd sends, or only where a cell has several values. */
export type MultivalueColumns = 'all' | 'needed';

/**
 * The batch as a CSV body, as splunkd writes it. Columns that still stand in CSV are copied as bytes, so that nothing is
 * decoded that nobody looks at, and bytes that are not UTF-8 stay what they were.
 */
export function toCsv(batch: Batch, multivalue: MultivalueColumns = 'all'): Buffer {
  const whole = wholeBlock(batch);
  if (whole) return whole;
  const columns = batch.fields.map((field) => batch.column(field)!);
  const several = columns.map((column) => hasMultivalue(column, batch.rows));
  const extra = batch.fields.map((_, i) => i).filter((i) => multivalue === 'all' || several[i]);
  const header = [...batch.fields, ...extra.map((i) => `__mv_${batch.fields[i]}`)].map(quote).join(',');
  const writers: CellWriter[] = [];
  for (let i = 0; i < columns.length; i++) {
    const { csv } = columns[i];
    const run = csv ? runLength(columns, i) : 1;
    if (csv && run > 1) writers.push(copyRuns(csv, run));
    else writers.push(csv ? copyCells(csv, csv.at) : encodeCells(columns[i].cells(), cellText));
    i += run - 1;
  }
  // Companion columns of single values are empty: nothing but the commas between them.
  let empty = 0;
  for (const i of extra) {
    if (!several[i]) {
      empty += 1;
      continue;
    }
    const { csv } = columns[i];
    if (empty > 0) writers.push(emptyCells(empty));
    empty = 0;
    writers.push(csv ? copyCells(csv, csv.multivalueAt) : encodeCells(columns[i].cells(), encodeMultivalue));
  }
  if (empty > 0) writers.push(emptyCells(empty));
  return writeRows(`${header}\n`, batch.rows, writers);
}

/** The very bytes that the batch came in, where it is all of one block, in order, and written as splunkd would. */
function wholeBlock(batch: Batch): Buffer | null {
  const block = batch.fields.length > 0 ? batch.column(batch.fields[0])!.csv?.block : undefined;
  if (!block || block.fields.length !== batch.fields.length || block.rows !== batch.rows) return null;
  for (const [at, field] of batch.fields.entries()) {
    const csv = batch.column(field)!.csv;
    if (csv?.block !== block || csv.at !== at || csv.rows) return null;
  }
  if (!block.index.canonical) return null;
  return Buffer.concat([Buffer.from(`${batch.fields.map(quote).join(',')}\n`), block.bytes]);
}

function hasMultivalue(column: Column, rows: number): boolean {
  if (!column.csv) return column.cells().some(Array.isArray);
  const { block, multivalueAt, rows: taken } = column.csv;
  if (multivalueAt < 0) return false;
  const { starts, ends } = block.index;
  for (let i = 0; i < rows; i++) {
    const at = (taken ? taken[i] : i) * block.fields.length + multivalueAt;
    if (ends[at] > starts[at]) return true;
  }
  return false;
}

/** Bytes that a cell needs at most, and how it is written: the position behind it is returned. */
interface CellWriter {
  size(row: number): number;
  write(row: number, into: Buffer, at: number): number;
}

function emptyCells(count: number): CellWriter {
  return {
    size: () => count,
    write: (_row, into, at) => {
      for (let i = 1; i < count; i++) into[at++] = COMMA;
      return at;
    },
  };
}

/** How many columns from this one on stand side by side in one block that is written as splunkd would. */
function runLength(columns: readonly Column[], from: number): number {
  const first = columns[from].csv!;
  if (!first.block.index.canonical) return 1;
  let count = 1;
  for (; from + count < columns.length; count++) {
    const next = columns[from + count].csv;
    if (next?.block !== first.block || next.at !== first.at + count || next.rows !== first.rows) break;
  }
  return count;
}

/** Neighbouring cells as they stand, commas and all. */
function copyRuns(csv: CsvColumn, count: number): CellWriter {
  const { block, rows, at: column } = csv;
  const { starts, ends } = block.index;
  const { bytes } = block;
  const width = block.fields.length;
  const first = (row: number) => (rows ? rows[row] : row) * width + column;
  return {
    size: (row) => ends[first(row) + count - 1] - starts[first(row)],
    write: (row, into, at) => {
      const cell = first(row);
      const end = ends[cell + count - 1];
      for (let from = starts[cell]; from < end; from++) into[at++] = bytes[from];
      return at;
    },
  };
}

function encodeCells(cells: readonly Cell[], text: (cell: Cell) => string): CellWriter {
  const encoded = cells.map((cell) => quote(text(cell)));
  return {
    size: (row) => encoded[row].length * 3,
    write: (row, into, at) => at + into.write(encoded[row], at),
  };
}

function copyCells(csv: CsvColumn, column: number): CellWriter {
  const { block, rows } = csv;
  const { starts, ends, canonical } = block.index;
  const { bytes } = block;
  const width = block.fields.length;
  return {
    size: (row) => {
      const at = (rows ? rows[row] : row) * width + column;
      return ends[at] - starts[at] + 2;
    },
    write: (row, into, at) => {
      const cell = (rows ? rows[row] : row) * width + column;
      const start = starts[cell];
      const end = ends[cell];
      let to = at;
      let plain = canonical || bytes[start] !== QUOTE;
      for (let from = start; from < end && plain && !canonical; from++) plain = isPlain(bytes[from]);
      const wrap = !plain && start < end && bytes[start] !== QUOTE;
      if (wrap) into[to++] = QUOTE;
      for (let from = start; from < end; from++) {
        const byte = bytes[from];
        if (wrap && byte === QUOTE) into[to++] = QUOTE;
        into[to++] = byte;
      }
      if (wrap) into[to++] = QUOTE;
      return to;
    },
  };
}

function writeRows(header: string, rows: number, writers: readonly CellWriter[]): Buffer {
  const start = Buffer.from(header);
  let buffer = Buffer.allocUnsafe(start.length + rows * writers.length * 12 + 1024);
  let at = start.copy(buffer);
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < writers.length; i++) {
      // A cell with quotes to double grows at most twofold.
      const need = at + 2 * writers[i].size(row) + 4;
      if (need > buffer.length) {
        const larger = Buffer.allocUnsafe(Math.max(need, buffer.length * 2));
        buffer.copy(larger, 0, 0, at);
        buffer = larger;
      }
      if (i > 0) buffer[at++] = COMMA;
      at = writers[i].write(row, buffer, at);
    }
    buffer[at++] = LF;
  }
  return buffer.subarray(0, at);
}
