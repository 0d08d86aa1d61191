import { clipped } from '../contract/clipped.ts';
import { KeplerError } from '../contract/errors.ts';
import type { Column, Table } from '../contract/table.ts';
import type { NumericTable, Target, TemplateKind } from '../contract/template.ts';
import type { Manifest } from '../registry/types.ts';
import { reservoir } from './prepare.ts';
import type { PrepareRequest, Prepared } from './prepare.ts';
import { describeMissing, selectFields } from './select-fields.ts';
import { classTarget, numberTarget } from './target.ts';

export interface RawRequest extends Pick<PrepareRequest, 'fields' | 'maxClasses' | 'sample' | 'warn'> {
  readonly target?: string;
  /** Of the template: says what its target must be. */
  readonly kind: TemplateKind;
  /** The kind is a guess: the field itself decides where it cannot be so. */
  readonly guessed?: boolean;
}

/**
 * The fields that were asked for, as they are, for templates with `prepare: 'none'`: no row and no field is left out for nulls.
 * @throws KeplerError no_valid_rows, target_missing, target_null, not_numeric, target_constant, too_many_classes, no_features
 */
export function prepareRaw(table: Table, request: RawRequest): Prepared {
  const byName = new Map(table.columns.map((column) => [column.name, column]));
  const names = table.fieldNames ?? [...byName.keys()];
  const selected = selectFields(request.fields, [...byName.keys()]);
  if (selected.missing.length > 0) {
    request.warn(`Some fields are missing and were left out: ${describeMissing(selected.missing, names)}.`);
  }
  const fields = selected.names
    .filter((name) => name !== request.target)
    .map((name) => byName.get(name) as Column);
  if (fields.length === 0) {
    throw new KeplerError(
      'no_features',
      `No field is left to learn from: not in the search results: ${describeMissing(selected.missing, names)}. Name at least one field that the search results have.`,
    );
  }
  // A module in DSDL's convention may look at the target in its apply, where the rows have it.
  const target = request.guessed && request.target !== undefined ? byName.get(request.target) : undefined;
  return prepared(table, target ? [...fields, target] : fields, request);
}

/**
 * The same fields as at an earlier fit, for `partial_fit`.
 * @throws KeplerError as `prepareRaw`; not_numeric where numbers have become text
 */
export function prepareRawLike(
  table: Table,
  manifest: Pick<Manifest, 'preparation' | 'target' | 'kind'>,
  warn: (text: string) => void,
): Prepared {
  const byName = new Map(table.columns.map((column) => [column.name, column]));
  const fields = manifest.preparation.fields.map((field): Column => {
    const column = byName.get(field.name);
    if (!column) {
      throw new KeplerError(
        'no_features',
        `The model was fitted on the field "${field.name}", which the search results lack. partial_fit=t needs the same fields.`,
      );
    }
    if (field.kind === 'text') return column.kind === 'text' ? column : textOf(column);
    if (column.kind === 'number') return column;
    throw new KeplerError(
      'not_numeric',
      `Field "${field.name}" was numeric when the model was fitted, but now holds text such as "${clipped(column.levels[0])}".`,
    );
  });
  const { target, kind } = manifest;
  return prepared(table, fields, {
    fields: [],
    maxClasses: Infinity,
    warn,
    kind,
    ...(target && { target: target.name }),
  });
}

function prepared(table: Table, fields: readonly Column[], request: RawRequest): Prepared {
  if (table.rows === 0) {
    throw new KeplerError(
      'no_valid_rows',
      'There are no rows to learn from. Check the search and its time range.',
    );
  }
  const { sample } = request;
  const all =
    sample && sample.count < table.rows ? Uint32Array.from({ length: table.rows }, (_, i) => i) : undefined;
  const places = all && sample ? reservoir(all, sample.count, sample.seed) : undefined;
  const target = request.target === undefined ? undefined : rawTarget(table, request.target, places, request);
  return {
    preparation: {
      raw: true,
      columns: [],
      fields: fields.map(({ name, kind }) => ({
        name,
        kind,
        ...(request.guessed && name === request.target && { optional: true }),
      })),
    },
    fields,
    complete: new Uint8Array(table.rows).fill(1),
    ...(places && { places }),
    features: rawFeatures(fields, table.rows, places),
    ...(target && { target }),
  };
}

/** Fields in the form in which they travel to the template: see `NumericTable.levels`. */
export function rawFeatures(fields: readonly Column[], rows: number, places?: Uint32Array): NumericTable {
  const at = (n: number) => (places ? places[n] : n);
  return {
    rows: places?.length ?? rows,
    names: fields.map(({ name }) => name),
    levels: fields.map((column) => (column.kind === 'text' ? column.levels : undefined)),
    columns: fields.map((column) => {
      if (column.kind === 'number' && !places) return column.values.subarray(0, rows);
      const values = new Float64Array(places?.length ?? rows);
      for (let n = 0; n < values.length; n++) {
        if (column.kind === 'number') values[n] = column.values[at(n)];
        else values[n] = column.codes[at(n)] < 0 ? NaN : column.codes[at(n)];
      }
      return values;
    }),
  };
}

/** A target may hold nulls: NaN, or a code of -1. */
function rawTarget(table: Table, name: string, places: Uint32Array | undefined, request: RawRequest): Target {
  const column = table.columns.find((one) => one.name === name);
  if (!column) {
    const names = table.fieldNames ?? table.columns.map((one) => one.name);
    throw new KeplerError(
      'target_missing',
      `The field to predict, ${describeMissing([name], names)}, is not in the search results. Check its spelling and that the search keeps it.`,
    );
  }
  const { maxClasses } = request;
  const kind = request.guessed ? kindOf(column, request) : request.kind;
  if (kind === 'regressor' || (kind !== 'classifier' && column.kind === 'number')) {
    return numberTarget(column, places);
  }
  if (kind !== 'classifier' && column.kind === 'text') {
    const { codes, levels: classes } = column;
    return {
      kind: 'classes',
      name,
      classes,
      codes: places ? Int32Array.from(places, (row) => codes[row]) : codes,
    };
  }
  const rows = places?.length ?? table.rows;
  const known: number[] = [];
  const knownRows: number[] = [];
  for (let n = 0; n < rows; n++) {
    const row = places ? places[n] : n;
    const isNull = column.kind === 'number' ? Number.isNaN(column.values[row]) : column.codes[row] < 0;
    if (isNull) continue;
    known.push(n);
    knownRows.push(row);
  }
  if (known.length === 0) {
    throw new KeplerError(
      'target_null',
      `The field to predict, "${name}", has no value in any of the ${rows} rows. Check the search that fills it.`,
    );
  }
  const classes = classTarget(column, Uint32Array.from(knownRows), maxClasses);
  const codes = new Int32Array(rows).fill(-1);
  known.forEach((n, i) => (codes[n] = classes.codes[i]));
  return { ...classes, codes, ...(column.kind === 'number' && { ofNumbers: true }) };
}

/** Texts are classes; and numbers of too many values are none. */
function kindOf(column: Column, { kind, maxClasses }: RawRequest): TemplateKind {
  if (column.kind === 'text') return kind === 'regressor' ? 'classifier' : kind;
  if (kind !== 'classifier') return kind;
  const seen = new Set<number>();
  for (const value of column.values) if (seen.add(value).size > maxClasses) return 'regressor';
  return kind;
}

function textOf({ name, values }: Extract<Column, { kind: 'number' }>): Column {
  const levels: string[] = [];
  const codes = new Map<number, number>();
  return {
    kind: 'text',
    name,
    levels,
    codes: Int32Array.from(values, (value) => {
      if (Number.isNaN(value)) return -1;
      const code = codes.get(value) ?? levels.push(String(value)) - 1;
      codes.set(value, code);
      return code;
    }),
  };
}

/** The texts that a field's codes stand for; none of a field of numbers. */
export function levelsOfField({ fields }: Pick<Prepared, 'fields'>, place: number): readonly string[] {
  const field = fields[place];
  return field.kind === 'text' ? field.levels : [];
}
