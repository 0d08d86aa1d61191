import { didYouMean } from '../../contract/did-you-mean.ts';
import { KeplerError } from '../../contract/errors.ts';
import type { Column } from '../../contract/table.ts';
import { plural } from '../../contract/plural.ts';
import type { RawColumn, Target } from '../../contract/template.ts';
import { byCodePoint } from '../metrics/labels.ts';
import type { Label } from '../metrics/labels.ts';
import { coded, gather, tableOf, takeRows } from './table.ts';
import type { Working } from './table.ts';

/**
 * The name of a column; a column, as a template with `prepare: 'none'` has it; a target; or values, one a row. Numbers are an
 * amount, texts and truth values are classes.
 */
export type TargetInput = string | Target | RawColumn | ArrayLike<Label | null>;

/**
 * The target as it was given, for all rows that came in, and the table without it. Rows whose target is null are left out of the
 * table: `targetRows` does the same with the target.
 *
 * @throws KeplerError target_missing, target_null, invalid_data
 */
export function targetOf(
  table: Working,
  target: TargetInput | undefined,
  warn: (text: string) => void,
): { readonly target?: Target; readonly rest: Working } {
  if (target === undefined) return { rest: table };
  const column = columnOf(table, target);
  const read = column ? fromColumn(column) : (target as Target);
  const length = read.kind === 'number' ? read.values.length : read.codes.length;
  if (length !== table.rows) {
    throw new KeplerError(
      'invalid_data',
      `The target has ${length} values for ${table.rows} rows; each row needs one.`,
    );
  }
  const features = { ...table, columns: table.columns.filter((other) => other !== column) };
  const places = presentRows(read);
  if (places.length === table.rows) return { target: read, rest: features };
  if (places.length === 0) {
    throw new KeplerError(
      'target_null',
      `The target, "${read.name}", has no value in any of the ${table.rows} rows.`,
    );
  }
  const lost = table.rows - places.length;
  warn(
    `${lost} ${plural(lost, 'row was', 'rows were')} left out: the target, "${read.name}", is null there.`,
  );
  return { target: read, rest: takeRows(features, places) };
}

/** The column that is meant; undefined for a target in the contract's form. */
function columnOf(table: Working, target: TargetInput): Column | undefined {
  if (typeof target === 'string') {
    const column = table.columns.find(({ name }) => name === target);
    if (column) return column;
    const meant = didYouMean(
      target,
      table.columns.map(({ name }) => name),
    );
    throw new KeplerError(
      'target_missing',
      `The table has no column "${target}" to predict${meant ? `; did you mean "${meant}"?` : '.'}`,
    );
  }
  if (!('kind' in target)) return coded(tableOf({ target: Array.from(target) }).columns[0]);
  if (target.kind === 'text') return coded(target);
  return undefined;
}

function fromColumn(column: Column): Target {
  const { name } = column;
  if (column.kind === 'number') return { kind: 'number', name, values: column.values };
  const used = new Set(column.codes);
  const classes = column.levels.filter((_, code) => used.has(code)).sort(byCodePoint);
  const places = new Map(classes.map((level, i) => [level, i]));
  const recode = column.levels.map((level) => places.get(level) ?? -1);
  return {
    kind: 'classes',
    name,
    classes,
    codes: column.codes.map((code) => (code < 0 ? -1 : recode[code])),
  };
}

function presentRows(target: Target): Uint32Array {
  const rows = target.kind === 'number' ? target.values.length : target.codes.length;
  const places = new Uint32Array(rows);
  let count = 0;
  for (let i = 0; i < rows; i++) {
    const isNull = target.kind === 'number' ? target.values[i] !== target.values[i] : target.codes[i] < 0;
    if (!isNull) places[count++] = i;
  }
  return places.subarray(0, count);
}

/** The target of the rows that are left. */
export function targetRows(target: Target, places: Uint32Array | undefined): Target {
  if (!places) return target;
  if (target.kind === 'number') return { ...target, values: gather(target.values, places) };
  return { ...target, codes: Int32Array.from(places, (place) => target.codes[place]) };
}
