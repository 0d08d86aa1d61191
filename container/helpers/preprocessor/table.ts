import { KeplerError } from '../../contract/errors.ts';
import type { Column, NumberColumn, Table, TextColumn } from '../../contract/table.ts';
import type { NumericTable, RawColumn, RawTable } from '../../contract/template.ts';

/** What the preprocessor reads: a search's rows as they are, with texts or with codes of them; or columns that are numbers already. */
export type TableInput = RawTable | Table | NumericTable;

/** A table on its way through the steps. */
export interface Working {
  readonly rows: number;
  readonly columns: readonly Column[];
  /** Where rows were left out: the places of those that are left, in the table that came in. */
  readonly places?: Uint32Array;
}

/** A numeric table, ready for a model. */
export interface PreparedTable extends NumericTable {
  /** Where rows were left out (`strategy: 'drop'`): the places of those that are left, in the table that came in. */
  readonly places?: Uint32Array;
}

/** Values of a column, as a program writes them. */
export type PlainColumn =
  | Float64Array
  | readonly (number | null | undefined)[]
  | readonly (string | number | boolean | null | undefined)[];

/**
 * A raw table from plain columns. A column is text where any value is a string or a truth value; null, undefined, NaN and ''
 * are null.
 *
 * @throws KeplerError invalid_data where columns are not equally long
 */
export function tableOf(columns: Readonly<Record<string, PlainColumn>>): RawTable {
  const entries = Object.entries(columns);
  const rows = entries[0]?.[1].length ?? 0;
  const uneven = entries.find(([, values]) => values.length !== rows);
  if (uneven) {
    throw new KeplerError(
      'invalid_data',
      `Column "${uneven[0]}" has ${uneven[1].length} values, but "${entries[0][0]}" has ${rows}; all columns are equally long.`,
    );
  }
  return { rows, columns: entries.map(([name, values]) => columnOf(name, values)) };
}

function columnOf(name: string, values: PlainColumn): RawColumn {
  if (values instanceof Float64Array) return { kind: 'number', name, values };
  const isText = values.some((value) => typeof value === 'string' || typeof value === 'boolean');
  if (!isText) {
    return { kind: 'number', name, values: Float64Array.from(values, (v) => (v ?? NaN) as number) };
  }
  const texts = values.map((value) =>
    value === null || value === undefined || value === '' || Number.isNaN(value) ? null : String(value),
  );
  return { kind: 'text', name, values: texts };
}

/** A text column of values; '' and null are null. Levels come in the order in which they are met. */
export function textColumn(name: string, values: readonly (string | null)[]): TextColumn {
  const places = new Map<string, number>();
  const codes = Int32Array.from(values, (value) => {
    if (value === null || value === '') return -1;
    let code = places.get(value);
    if (code === undefined) places.set(value, (code = places.size));
    return code;
  });
  return { kind: 'text', name, codes, levels: [...places.keys()] };
}

export function isNumeric(table: TableInput): table is NumericTable {
  return 'names' in table;
}

export function asWorking(table: TableInput): Working {
  if (!isNumeric(table)) return { rows: table.rows, columns: table.columns.map(coded) };
  return {
    rows: table.rows,
    columns: table.names.map((name, i) => ({ kind: 'number', name, values: table.columns[i] })),
  };
}

/** A column whose text is codes. */
export function coded(column: Column | RawColumn): Column {
  return column.kind === 'text' && 'values' in column ? textColumn(column.name, column.values) : column;
}

/** A column whose text is written out. */
export function written(column: Column): RawColumn {
  if (column.kind === 'number') return numberColumn(column.name, column.values);
  const { name, codes, levels } = column;
  return { kind: 'text', name, values: Array.from(codes, (code) => (code < 0 ? null : levels[code])) };
}

/** @throws KeplerError invalid_data naming the columns that are text still */
export function asPrepared(table: Working): PreparedTable {
  const text = table.columns.filter((column) => column.kind === 'text').map(({ name }) => `"${name}"`);
  if (text.length > 0) {
    throw new KeplerError(
      'invalid_data',
      `After the last step ${text.join(', ')} still ${text.length === 1 ? 'holds' : 'hold'} text, and a model takes numbers. Add encodeCategorical or textFeatures for ${text.length === 1 ? 'it' : 'them'}, or leave ${text.length === 1 ? 'it' : 'them'} out with "exclude".`,
    );
  }
  const columns = table.columns as readonly NumberColumn[];
  return {
    rows: table.rows,
    names: columns.map(({ name }) => name),
    columns: columns.map(({ values }) => values),
    ...(table.places && { places: table.places }),
  };
}

/**
 * A column in the kind that it had at fit. Numbers become the texts that they have; text that is no number becomes null.
 * `lost` counts those.
 */
export function asKind(column: Column, kind: 'number' | 'text'): { column: Column; lost: number } {
  if (column.kind === kind) return { column, lost: 0 };
  if (column.kind === 'number') return { column: numbersAsText(column), lost: 0 };
  const values = column.levels.map((level) => (level.trim() === '' ? NaN : Number(level)));
  let lost = 0;
  const numbers = Float64Array.from(column.codes, (code) => {
    if (code === -1) return NaN;
    const value = code < 0 ? NaN : values[code];
    if (Number.isNaN(value)) lost++;
    return value;
  });
  return { column: { kind: 'number', name: column.name, values: numbers }, lost };
}

function numbersAsText({ name, values }: NumberColumn): TextColumn {
  const places = new Map<number, number>();
  const codes = new Int32Array(values.length);
  for (let i = 0; i < codes.length; i++) {
    const value = values[i] + 0; // -0 is 0
    if (value !== value) {
      codes[i] = -1;
      continue;
    }
    let code = places.get(value);
    if (code === undefined) places.set(value, (code = places.size));
    codes[i] = code;
  }
  return { kind: 'text', name, codes, levels: Array.from(places.keys(), String) };
}

/** Some of the rows. @param places Their places in `table` */
export function takeRows(table: Working, places: Uint32Array): Working {
  const { places: before } = table;
  return {
    rows: places.length,
    places: before ? places.map((place) => before[place]) : places,
    columns: table.columns.map((column): Column => {
      if (column.kind === 'number') {
        return { kind: 'number', name: column.name, values: gather(column.values, places) };
      }
      const codes = new Int32Array(places.length);
      for (let i = 0; i < codes.length; i++) codes[i] = column.codes[places[i]];
      return { ...column, codes };
    }),
  };
}

export function gather(values: Float64Array, places: Uint32Array): Float64Array {
  const taken = new Float64Array(places.length);
  for (let i = 0; i < taken.length; i++) taken[i] = values[places[i]];
  return taken;
}

/** Each of the named columns is replaced, where it stands, by what `make` gives for it: none, one or several. */
export function replaceColumns(
  table: Working,
  names: readonly string[],
  make: (column: Column, index: number) => readonly Column[],
): Working {
  const places = new Map(names.map((name, i) => [name, i]));
  return {
    ...table,
    columns: table.columns.flatMap((column) => {
      const index = places.get(column.name);
      return index === undefined ? [column] : make(column, index);
    }),
  };
}

/** The named columns, in the order of the names. They are there: the pipeline has looked. */
export function columnsOf(table: Working, names: readonly string[]): readonly Column[] {
  const byName = new Map(table.columns.map((column) => [column.name, column]));
  return names.map((name) => byName.get(name) as Column);
}

/** The named columns, which are numbers. @throws KeplerError not_numeric naming the step and the column */
export function numbersOf(table: Working, names: readonly string[], step: string): readonly NumberColumn[] {
  return columnsOf(table, names).map((column) => {
    if (column.kind === 'number') return column;
    throw new KeplerError(
      'not_numeric',
      `${step}: "${column.name}" holds text such as "${column.levels[0] ?? ''}", and numbers are needed. Encode it first, or name other columns.`,
    );
  });
}

export function numberColumn(name: string, values: Float64Array): NumberColumn {
  return { kind: 'number', name, values };
}
