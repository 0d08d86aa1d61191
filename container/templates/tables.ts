/** Tables as Arrow IPC streams: what goes to a template's process, and what comes back. */
import {
  AsyncByteQueue,
  Dictionary,
  Field,
  Float64,
  Int32,
  RecordBatch,
  RecordBatchStreamWriter,
  Schema,
  Struct,
  Table as ArrowTable,
  Type,
  Utf8,
  makeData,
  tableFromIPC,
  tableToIPC,
  vectorFromArray,
} from 'apache-arrow';
import type { Data, DataType } from 'apache-arrow';
import type {
  FitInput,
  NumericTable,
  OutputColumn,
  RawColumn,
  RawInput,
  Target,
} from '../contract/template.ts';
import { decodePlainNumbers, encodePlainNumbers } from './plain-numbers.ts';

/**
 * Features, and behind them the target where there is one. Doubles as they are; texts and classes as dictionaries. Raw fields may
 * hold nulls: NaN where they are numbers.
 * @param roomFor gives the bytes that the table is written to
 */
export function encodeTable(features: NumericTable, target?: Target, roomFor = newRoom): Uint8Array {
  const { rows, levels } = features;
  const columns: { name: string; data: Data }[] = features.columns.map((values, i) => {
    const texts = levels?.[i];
    return {
      name: features.names[i],
      data: texts
        ? dictionaryData(codesOf(values, rows), texts, rows)
        : makeData({ type: new Float64(), length: rows, data: values.subarray(0, rows) }),
    };
  });
  // Of a module in DSDL's convention it stands among the features already.
  if (target && !features.names.includes(target.name))
    columns.push({ name: target.name, data: targetData(target, rows, levels !== undefined) });
  const fields = columns.map(
    ({ name, data }) => new Field(name, data.type as DataType, levels !== undefined),
  );
  const struct = makeData({
    type: new Struct(fields),
    length: features.rows,
    children: columns.map((c) => c.data),
  });
  const schema = new Schema(fields);
  const pieces = new Pieces();
  const writer = new RecordBatchStreamWriter();
  writer.reset(pieces);
  writer.writeAll(new ArrowTable(schema, [new RecordBatch(schema, struct)]));
  writer.finish();
  return pieces.into(roomFor(pieces.bytes));
}

const newRoom = (bytes: number): Uint8Array => new Uint8Array(bytes);

/** What a writer of Arrow's writes, the columns where they are: for one copy of them and no more. */
class Pieces extends AsyncByteQueue {
  readonly #pieces: Uint8Array[] = [];
  bytes = 0;

  override write(piece: ArrayBufferLike | ArrayBufferView): void {
    const view = ArrayBuffer.isView(piece)
      ? new Uint8Array(piece.buffer, piece.byteOffset, piece.byteLength)
      : new Uint8Array(piece);
    this.#pieces.push(view);
    this.bytes += view.byteLength;
  }

  into(room: Uint8Array): Uint8Array {
    let at = 0;
    for (const piece of this.#pieces) {
      room.set(piece, at);
      at += piece.byteLength;
    }
    return room;
  }
}

function targetData(target: Target, rows: number, raw: boolean): Data {
  if (target.kind === 'number') {
    return makeData({ type: new Float64(), length: rows, data: target.values.subarray(0, rows) });
  }
  const { codes, classes, ofNumbers } = target;
  if (!raw || !ofNumbers) return dictionaryData(codes.subarray(0, rows), classes, rows);
  const values = Float64Array.from(classes, Number);
  const data = Float64Array.from({ length: rows }, (_, row) => (codes[row] < 0 ? NaN : values[codes[row]]));
  return makeData({ type: new Float64(), length: rows, data });
}

/** NaN becomes -1. */
function codesOf(values: Float64Array, rows: number): Int32Array {
  const codes = new Int32Array(rows);
  for (let row = 0; row < rows; row++) codes[row] = Number.isNaN(values[row]) ? -1 : values[row];
  return codes;
}

/** A negative code is null. */
function dictionaryData(codes: Int32Array, levels: readonly string[], rows: number): Data {
  const nullBitmap = new Uint8Array(Math.ceil(rows / 64) * 8);
  let nullCount = 0;
  for (let row = 0; row < rows; row++) {
    if (codes[row] >= 0) nullBitmap[row >> 3] |= 1 << (row & 7);
    else nullCount++;
  }
  return makeData({
    type: new Dictionary(new Utf8(), new Int32()),
    length: rows,
    data: codes,
    ...(nullCount > 0 && { nullCount, nullBitmap }),
    dictionary: vectorFromArray([...levels], new Utf8()),
  });
}

/** What `encodeTable` made. @param target the target's name and kind; its column is the last */
export function decodeInput(bytes: Uint8Array, target?: { name: string; kind: Target['kind'] }): FitInput {
  const table = tableFromIPC(bytes);
  const names = table.schema.fields.map(({ name }) => name);
  const features = target ? names.slice(0, -1) : names;
  return {
    features: {
      rows: table.numRows,
      names: features,
      columns: features.map((_, i) => doubles(table, i)),
    },
    ...(target && { target: decodeTarget(table, names.length - 1, target) }),
  };
}

function decodeTarget(
  table: ArrowTable,
  at: number,
  { name, kind }: { name: string; kind: Target['kind'] },
): Target {
  if (kind === 'number') return { kind, name, values: doubles(table, at) };
  const data = table.getChildAt(at)!.data[0] as Data<Dictionary<Utf8, Int32>>;
  return { kind, name, codes: data.values as Int32Array, classes: [...data.dictionary!] as string[] };
}

/** What `encodeTable` made of raw fields. @param target whether the last column is it */
export function decodeRaw(bytes: Uint8Array, target: boolean): RawInput {
  const table = tableFromIPC(bytes);
  const columns = table.schema.fields.map(({ name, type }, i): RawColumn => {
    if (isNumber(type)) return { kind: 'number', name, values: doubles(table, i) };
    // No batch, where there is no row.
    const data = table.getChildAt(i)!.data[0] as Data<Dictionary<Utf8, Int32>> | undefined;
    const levels = data ? ([...data.dictionary!] as string[]) : [];
    const codes = data ? (data.values as Int32Array) : new Int32Array(0);
    const values = new Array<string | null>(table.numRows);
    for (let row = 0; row < values.length; row++) values[row] = codes[row] < 0 ? null : levels[codes[row]];
    return { kind: 'text', name, values };
  });
  const features = target ? columns.slice(0, -1) : columns;
  return { features: { rows: table.numRows, columns: features }, ...(target && { target: columns.at(-1)! }) };
}

function doubles(table: ArrowTable, at: number): Float64Array {
  const column = table.getChildAt(at)!;
  // Of one batch, as ours are, this is the stream's own memory.
  return column.toArray() as Float64Array;
}

/** Columns of a template's answer: numbers alone as they are, see `plain-numbers.ts`; else numbers, texts, or labels as a dictionary. */
export function encodeOutputs(outputs: readonly OutputColumn[], rows: number): Uint8Array {
  const plain = encodePlainNumbers(outputs, rows);
  if (plain) return plain;
  const taken = new Set<ArrayBufferLike>();
  const columns = outputs.map((output) => ({
    name: output.name,
    data: outputData(apart(output, taken), rows),
  }));
  const fields = columns.map(({ name, data }) => new Field(name, data.type as DataType, true));
  const struct = makeData({ type: new Struct(fields), length: rows, children: columns.map((c) => c.data) });
  const schema = new Schema(fields);
  return tableToIPC(new ArrowTable(schema, [new RecordBatch(schema, struct)]), 'stream');
}

/** Arrow's writer takes two columns that lie in the same memory for one. */
function apart(output: OutputColumn, taken: Set<ArrayBufferLike>): OutputColumn {
  if (output.kind === 'text') return output;
  const { buffer } = output.kind === 'number' ? output.values : output.codes;
  if (!taken.has(buffer)) {
    taken.add(buffer);
    return output;
  }
  return output.kind === 'number'
    ? { ...output, values: output.values.slice() }
    : { ...output, codes: output.codes.slice() };
}

function outputData(output: OutputColumn, rows: number): Data {
  if (output.kind === 'number') return makeData({ type: new Float64(), length: rows, data: output.values });
  if (output.kind === 'text') return vectorFromArray([...output.values], new Utf8()).data[0];
  return makeData({
    type: new Dictionary(new Utf8(), new Int32()),
    length: rows,
    data: output.codes,
    dictionary: vectorFromArray([...output.labels], new Utf8()),
  });
}

/**
 * What a template answered with, whatever program wrote it: any numbers become doubles, null a NaN; dictionaries become labels;
 * texts, times and truth values text.
 */
export function decodeOutputs(bytes: Uint8Array): { rows: number; outputs: OutputColumn[] } {
  const plain = decodePlainNumbers(bytes);
  if (plain) return plain;
  const table = tableFromIPC(bytes);
  const outputs = table.schema.fields.map(({ name, type }, i): OutputColumn => {
    const column = table.getChildAt(i)!;
    const labels = labelsOf(name, column.data);
    if (labels) return labels;
    if (isNumber(type)) return { name, kind: 'number', values: toDoubles(column, table.numRows) };
    const values = Array.from({ length: table.numRows }, (_, row) => {
      const value: unknown = column.get(row);
      return value === null || value === undefined ? null : String(value);
    });
    return { name, kind: 'text', values };
  });
  return { rows: table.numRows, outputs };
}

/** A dictionary of texts, as Python's host writes classes: in one piece, so that no row needs to be looked at. */
function labelsOf(name: string, pieces: readonly Data[]): OutputColumn | undefined {
  const [data] = pieces as readonly Data<Dictionary<Utf8, Int32>>[];
  if (pieces.length !== 1 || data.typeId !== Type.Dictionary || !(data.values instanceof Int32Array))
    return undefined;
  const { length, nullCount, nullBitmap, offset } = data;
  const codes = Int32Array.from(data.values.subarray(0, length));
  if (nullCount > 0) {
    for (let row = 0; row < length; row++) {
      if ((nullBitmap[(row + offset) >> 3] & (1 << ((row + offset) & 7))) === 0) codes[row] = -1;
    }
  }
  return { name, kind: 'label', codes, labels: [...data.dictionary!] as string[] };
}

/** Arrow's numbers for kinds of type: Int 2, Float 3. */
function isNumber(type: DataType): boolean {
  return [2, 3].includes(type.typeId) || (type.typeId <= -2 && type.typeId >= -12);
}

function toDoubles(
  column: { toArray(): unknown; nullCount: number; get(row: number): unknown },
  rows: number,
): Float64Array {
  if (column.nullCount === 0) {
    const values = column.toArray();
    if (values instanceof Float64Array) return values;
  }
  return Float64Array.from({ length: rows }, (_, row) => {
    const value = column.get(row);
    return value === null || value === undefined ? NaN : Number(value);
  });
}
