import { clipped } from '../contract/clipped.ts';
import { KeplerError } from '../contract/errors.ts';
import type { Column, Preparation, PreparedColumn, Table, TextColumn } from '../contract/table.ts';
import type { NumericTable, Target } from '../contract/template.ts';
import { byCodePoint } from './code-point.ts';
import { MAX_LEVEL_LENGTH } from './level-length.ts';
import { describeMissing, selectFields } from './select-fields.ts';
import { classTarget, numberTarget } from './target.ts';
import { textAmongNumbers } from './text-among-numbers.ts';

export interface PrepareRequest {
  /** Field to predict and how; absent where the algorithm has none. */
  readonly target?: { readonly name: string; readonly kind: 'number' | 'classes' };
  /** Names and globs. */
  readonly fields: readonly string[];
  readonly maxDistinctValues: number;
  readonly maxClasses: number;
  /** Rows to train on at most, drawn from the complete ones; the same seed draws the same. */
  readonly sample?: { readonly count: number; readonly seed: number };
  warn(text: string): void;
}

export interface Prepared {
  readonly preparation: Preparation;
  /** The rows to train on. */
  readonly features: NumericTable;
  readonly target?: Target;
  /** Columns of the preparation's fields, in its order; text ones with the preparation's levels. */
  readonly fields: readonly Column[];
  /** 1 for each row without a null in features and target. */
  readonly complete: Uint8Array;
  /** Places of the rows to train on; undefined where it is all. */
  readonly places?: Uint32Array;
}

/**
 * MLTK's preparation, in its order: globs expanded and the target taken out, missing fields named, columns that are null
 * throughout dropped, rows with a null left out, text columns of too many values dropped, the others one-hot encoded,
 * columns sorted by name.
 *
 * @throws KeplerError target_missing, target_null, target_constant, too_many_classes, not_numeric, no_features, no_valid_rows
 */
export function prepare(table: Table, request: PrepareRequest): Prepared {
  if (table.rows === 0) throw noRows();
  const byName = new Map(table.columns.map((column) => [column.name, column]));
  const fieldNames = table.fieldNames ?? [...byName.keys()];
  const target = request.target && findTarget(table, request.target.name);
  const selected = selectFields(request.fields, [...byName.keys()]);
  if (selected.missing.length > 0) {
    request.warn(
      `Some fields are missing and were left out: ${describeMissing(selected.missing, fieldNames)}.`,
    );
  }
  const named = selected.names.filter((name) => name !== request.target?.name);
  const used = named.map((name) => byName.get(name) as Column).filter((column) => !isNull(column));
  const nulls = named.filter((name) => !used.some((column) => column.name === name));
  if (nulls.length > 0) {
    request.warn(`Fields without any value were left out: ${nulls.map((name) => `"${name}"`).join(', ')}.`);
  }
  const left = { missing: selected.missing, nulls, names: fieldNames };
  if (used.length === 0) throw noFeatures(request.fields, { ...left, unfit: [] });

  const complete = completeRows(target ? [...used, target] : used, table.rows);
  const count = countOnes(complete);
  if (count === 0) throw noValidRows(table.rows);
  const kept = used.filter((column) => keepText(column, complete, request));
  if (kept.length === 0)
    throw noFeatures(request.fields, { ...left, unfit: used.map((column) => column.name) });
  for (const column of kept) warnOfText(column, request.warn);
  for (const column of target ? [...kept, target] : kept) warnOfBytes(column, request.warn);

  const places = trainingRows(complete, count, request.sample);
  const encoded = kept.map((column) => withLevelsOf(column, places));
  const preparation = describe(encoded);
  return {
    preparation,
    fields: encoded,
    complete,
    places,
    features: {
      rows: places?.length ?? table.rows,
      names: preparation.columns.map(({ name }) => name),
      columns: materialise(preparation, encoded, places, table.rows),
    },
    target:
      target &&
      (request.target?.kind === 'number'
        ? numberTarget(target, places)
        : classTarget(target, places, request.maxClasses)),
  };
}

function findTarget(table: Table, name: string): Column {
  const target = table.columns.find((column) => column.name === name);
  if (!target) {
    const names = table.fieldNames ?? table.columns.map((column) => column.name);
    throw new KeplerError(
      'target_missing',
      `The field to predict, ${describeMissing([name], names)}, is not in the search results. Check its spelling and that the search keeps it.`,
    );
  }
  if (isNull(target)) {
    throw new KeplerError(
      'target_null',
      `The field to predict, "${name}", has no value in any of the ${table.rows} rows. Check the search that fills it.`,
    );
  }
  return target;
}

function isNull(column: Column): boolean {
  return column.kind === 'number'
    ? (column.nulls ?? 0) === column.values.length || column.values.every((value) => Number.isNaN(value))
    : column.codes.every((code) => code < 0);
}

function completeRows(columns: readonly Column[], rows: number): Uint8Array {
  const complete = new Uint8Array(rows).fill(1);
  for (const column of columns) {
    if (column.kind === 'number') {
      const { values, nulls } = column;
      if (nulls === 0) continue;
      for (let i = 0; i < rows; i++) if (values[i] !== values[i]) complete[i] = 0;
    } else {
      const { codes } = column;
      for (let i = 0; i < rows; i++) if (codes[i] === -1) complete[i] = 0;
    }
  }
  return complete;
}

/** How many rows have a 1. */
export function countOnes(flags: Uint8Array): number {
  // Most often all: a look for the first 0 takes a tenth of the time.
  if (!flags.includes(0)) return flags.length;
  let count = 0;
  for (let i = 0; i < flags.length; i++) count += flags[i];
  return count;
}

function keepText(column: Column, complete: Uint8Array, request: PrepareRequest): boolean {
  if (column.kind === 'number') return true;
  const seen = new Uint8Array(column.levels.length);
  let distinct = 0;
  let beyond = false;
  for (let i = 0; i < complete.length; i++) {
    const code = column.codes[i];
    if (!complete[i]) continue;
    if (code < 0) beyond = true;
    else if (!seen[code]) {
      seen[code] = 1;
      distinct++;
    }
  }
  const long = column.levels.find((level, code) => seen[code] && level.length > MAX_LEVEL_LENGTH);
  if (long !== undefined) {
    request.warn(
      `Field "${column.name}" was left out: it holds a text of ${long.length} characters; a category has at most ${MAX_LEVEL_LENGTH}.`,
    );
    return false;
  }
  if (!beyond && distinct <= request.maxDistinctValues) return true;
  const text = textAmongNumbers(column);
  const because = text === undefined ? '' : `; it is text because "${clipped(text)}" is no number`;
  request.warn(
    `Field "${column.name}" was left out: it holds text with more than ${request.maxDistinctValues} distinct values (KEPLER_MAX_DISTINCT_VALUES)${because}.`,
  );
  return false;
}

function warnOfText(column: Column, warn: (text: string) => void): void {
  const text = column.kind === 'text' ? textAmongNumbers(column) : undefined;
  if (text === undefined) return;
  warn(
    `Field "${column.name}" is taken as text, each value a category of its own: "${clipped(text)}" is no number. If numbers are meant, mend it with eval (tonumber, replace) first.`,
  );
}

/** The character that stands for bytes which are no UTF-8. */
const REPLACEMENT = '\ufffd';

function warnOfBytes(column: Column, warn: (text: string) => void): void {
  const text = column.kind === 'text' && column.levels.find((level) => level.includes(REPLACEMENT));
  if (!text) return;
  warn(
    `Field "${column.name}" holds bytes that are not UTF-8 (read as "${clipped(text)}"). They come back as they are, but texts that differ only in them count as one. Mend the charset of the source (CHARSET in props.conf).`,
  );
}

/** Places of the rows to train on, in their order; undefined where it is all of them. */
function trainingRows(
  complete: Uint8Array,
  count: number,
  sample: PrepareRequest['sample'],
): Uint32Array | undefined {
  if (count === complete.length && (!sample || sample.count >= count)) return undefined;
  const places = new Uint32Array(count);
  let n = 0;
  for (let i = 0; i < complete.length; i++) if (complete[i]) places[n++] = i;
  return sample && sample.count < count ? reservoir(places, sample.count, sample.seed) : places;
}

/** So many of the places, in order, drawn by the seed: reservoir sampling (Vitter's algorithm R) with the generator mulberry32. */
export function reservoir(places: Uint32Array, count: number, seed: number): Uint32Array {
  let state = seed >>> 0;
  const random = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const chosen = places.slice(0, count);
  for (let i = count; i < places.length; i++) {
    const j = Math.floor(random() * (i + 1));
    if (j < count) chosen[j] = places[i];
  }
  return chosen.sort();
}

/** A text column whose levels are those of the training rows, sorted; others have the code -2. */
function withLevelsOf(column: Column, places: Uint32Array | undefined): Column {
  if (column.kind === 'number') return column;
  const seen = new Uint8Array(column.levels.length);
  const rows = places?.length ?? column.codes.length;
  for (let n = 0; n < rows; n++) seen[column.codes[places ? places[n] : n]] = 1;
  const levels = column.levels.filter((_, code) => seen[code]).sort(byCodePoint);
  const place = new Map(levels.map((level, i) => [level, i]));
  const recode = column.levels.map((level) => place.get(level) ?? -2);
  return {
    kind: 'text',
    name: column.name,
    levels,
    codes: column.codes.map((code) => (code < 0 ? code : recode[code])),
  };
}

function describe(fields: readonly Column[]): Preparation {
  const columns = fields
    .flatMap((column): PreparedColumn[] =>
      column.kind === 'number'
        ? [{ kind: 'number', name: column.name, field: column.name }]
        : column.levels.map((level) => ({
            kind: 'level',
            name: `${column.name}=${level}`,
            field: column.name,
            level,
          })),
    )
    .sort((a, b) => byCodePoint(a.name, b.name));
  return {
    columns,
    fields: fields.map((column) =>
      column.kind === 'number'
        ? { name: column.name, kind: 'number' }
        : { name: column.name, kind: 'text', levels: column.levels },
    ),
  };
}

/** The prepared columns of the training rows; number columns of all rows are not copied. */
function materialise(
  preparation: Preparation,
  fields: readonly Column[],
  places: Uint32Array | undefined,
  rows: number,
): Float64Array[] {
  const byName = new Map(fields.map((column) => [column.name, column]));
  const count = places?.length ?? rows;
  return preparation.columns.map((prepared) => {
    const column = byName.get(prepared.field) as Column;
    if (column.kind === 'number') {
      if (!places) return column.values;
      const values = new Float64Array(count);
      for (let n = 0; n < count; n++) values[n] = column.values[places[n]];
      return values;
    }
    const values = new Float64Array(count);
    const level = prepared.kind === 'level' ? (column as TextColumn).levels.indexOf(prepared.level) : -1;
    for (let n = 0; n < count; n++) {
      if (column.codes[places ? places[n] : n] === level) values[n] = 1;
    }
    return values;
  });
}

function noRows(): KeplerError {
  return new KeplerError(
    'no_valid_rows',
    'There are no rows to learn from. Check the search and its time range.',
  );
}

/** Why no field is left, for each one that was asked for. */
function noFeatures(
  asked: readonly string[],
  left: {
    readonly missing: readonly string[];
    readonly nulls: readonly string[];
    /** Of text with too many distinct values, or too long. */
    readonly unfit: readonly string[];
    /** What the search results have. */
    readonly names: readonly string[];
  },
): KeplerError {
  const list = (fields: readonly string[]) => fields.map((name) => `"${clipped(name)}"`).join(', ');
  const because = [
    left.missing.length > 0 && `not in the search results: ${describeMissing(left.missing, left.names)}`,
    left.nulls.length > 0 && `without any value: ${list(left.nulls)}`,
    left.unfit.length > 0 && `text with too many distinct values, or too long: ${list(left.unfit)}`,
  ].filter(Boolean);
  return new KeplerError(
    'no_features',
    `No field is left to learn from (${list(asked)}): ${because.length > 0 ? because.join('; ') : 'nothing but the field to predict'}. Name at least one field that the search results have${left.unfit.length > 0 ? ', with numbers or few different texts' : ''}.`,
  );
}

function noValidRows(rows: number): KeplerError {
  return new KeplerError(
    'no_valid_rows',
    `No valid events; check for null or non-numeric values in numeric fields. Each of the ${rows} rows has a null in one of the fields used; fill them with fillnull or name fewer fields.`,
  );
}
