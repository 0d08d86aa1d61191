/** A table of a search as an Arrow IPC file, and back: numbers as doubles, text as text, nulls as nulls. */
import {
  Field,
  Float64,
  RecordBatch,
  Schema,
  Struct,
  Table as ArrowTable,
  Utf8,
  makeData,
  tableFromIPC,
  tableToIPC,
} from 'apache-arrow';
import type { Data, DataType, Vector } from 'apache-arrow';
import { KeplerError } from '../../contract/errors.ts';
import type { Column, NumberColumn, Table, TextColumn } from '../../contract/table.ts';

/** Offsets into the bytes of a text column are of 32 bits. */
const MOST_TEXT_BYTES = 2 ** 31 - 1;

/** @throws KeplerError limit_memory where one field holds more than 2 GB of text */
export function encodeArrowFile({ rows, columns }: Table): Uint8Array {
  const children = columns.map((column) =>
    column.kind === 'number' ? numberData(column, rows) : textData(column, rows),
  );
  const fields = columns.map(({ name }, i) => new Field(name, children[i].type as DataType, true));
  const struct = makeData({ type: new Struct(fields), length: rows, children });
  const schema = new Schema(fields);
  return tableToIPC(new ArrowTable(schema, [new RecordBatch(schema, struct)]), 'file');
}

function numberData({ values }: NumberColumn, rows: number): Data {
  const data = values.subarray(0, rows);
  const { bitmap, nulls } = bitmapOf(rows, (row) => data[row] === data[row]);
  return makeData({ type: new Float64(), length: rows, data, nullCount: nulls, nullBitmap: bitmap });
}

function textData({ name, codes, levels }: TextColumn, rows: number): Data {
  const texts = levels.map((level) => Buffer.from(level));
  const valueOffsets = new Int32Array(rows + 1);
  let end = 0;
  for (let row = 0; row < rows; row++) {
    if (codes[row] >= 0) end += texts[codes[row]].length;
    if (end > MOST_TEXT_BYTES) {
      throw new KeplerError(
        'limit_memory',
        `The field "${name}" holds more than 2 GB of text. Use fewer rows, or shorten it with eval (substr).`,
      );
    }
    valueOffsets[row + 1] = end;
  }
  const data = new Uint8Array(end);
  for (let row = 0; row < rows; row++) if (codes[row] >= 0) data.set(texts[codes[row]], valueOffsets[row]);
  const { bitmap, nulls } = bitmapOf(rows, (row) => codes[row] >= 0);
  return makeData({
    type: new Utf8(),
    length: rows,
    data,
    valueOffsets,
    nullCount: nulls,
    nullBitmap: bitmap,
  });
}

/** A bit a row, 1 where it has a value. */
function bitmapOf(rows: number, has: (row: number) => boolean): { bitmap: Uint8Array; nulls: number } {
  const bitmap = new Uint8Array(Math.ceil(rows / 64) * 8);
  let nulls = 0;
  for (let row = 0; row < rows; row++) {
    if (has(row)) bitmap[row >> 3] |= 1 << (row & 7);
    else nulls++;
  }
  return { bitmap, nulls };
}

/** What `encodeArrowFile` wrote. */
export function decodeArrowFile(bytes: Uint8Array): Table {
  const table = tableFromIPC(bytes);
  const rows = table.numRows;
  const columns = table.schema.fields.map(({ name, type }, i): Column => {
    const vector = table.getChildAt(i)!;
    return String(type) === 'Float64' ? numberColumn(name, vector, rows) : textColumn(name, vector, rows);
  });
  return { rows, columns };
}

function numberColumn(name: string, vector: Vector, rows: number): NumberColumn {
  const values = new Float64Array(rows);
  // Arrow does not say what stands in the place of a null.
  for (let row = 0; row < rows; row++) values[row] = (vector.get(row) as number | null) ?? NaN;
  return { kind: 'number', name, values, nulls: vector.nullCount };
}

function textColumn(name: string, vector: Vector, rows: number): TextColumn {
  const codes = new Int32Array(rows);
  const levels: string[] = [];
  const known = new Map<string, number>();
  for (let row = 0; row < rows; row++) {
    const text = vector.get(row) as string | null;
    let code = text === null ? -1 : known.get(text);
    if (code === undefined) {
      code = levels.push(text as string) - 1;
      known.set(text as string, code);
    }
    codes[row] = code;
  }
  return { kind: 'text', name, codes, levels };
}
