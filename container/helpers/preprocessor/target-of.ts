import { didYouMean } from '../../contract/did-you-mean.ts';
import { KeplerError } from '../../contract/errors.ts';
import type { Column } from '../../contract/table.ts';
import type { Target } from '../../contract/template.ts';
import { byCodePoint, codeValues } from '../metrics/labels.ts';
import type { Label } from '../metrics/labels.ts';
import { gather } from './table.ts';
import type { Working } from './table.ts';

/** The name of a column; or values, one a row: numbers are an amount, texts and truth values are classes. */
export type TargetInput = string | Target | ArrayLike<Label>;

/** The target, and the table without it. @throws KeplerError target_missing, target_null, invalid_data */
export function targetOf(
  table: Working,
  target: TargetInput | undefined,
): { readonly target?: Target; readonly features: Working } {
  if (target === undefined) return { features: table };
  if (typeof target === 'string') {
    const column = table.columns.find(({ name }) => name === target);
    if (!column) {
      const meant = didYouMean(
        target,
        table.columns.map(({ name }) => name),
      );
      throw new KeplerError(
        'target_missing',
        `The table has no column "${target}" to predict${meant ? `; did you mean "${meant}"?` : '.'}`,
      );
    }
    const features = { ...table, columns: table.columns.filter((other) => other !== column) };
    return { target: fromColumn(column), features };
  }
  const read = 'kind' in target ? target : fromValues(target);
  const length = read.kind === 'number' ? read.values.length : read.codes.length;
  if (length !== table.rows) {
    throw new KeplerError(
      'invalid_data',
      `The target has ${length} values for ${table.rows} rows; each row needs one.`,
    );
  }
  return { target: read, features: table };
}

function fromColumn(column: Column): Target {
  const { name } = column;
  const nulls = (at: number) =>
    new KeplerError(
      'target_null',
      `"${name}", the field to predict, is null in row ${at + 1}. Leave such rows out first.`,
    );
  if (column.kind === 'number') {
    const at = column.values.findIndex((value) => value !== value);
    if (at >= 0) throw nulls(at);
    return { kind: 'number', name, values: column.values };
  }
  const at = column.codes.findIndex((code) => code < 0);
  if (at >= 0) throw nulls(at);
  const used = new Set(column.codes);
  const classes = column.levels.filter((_, code) => used.has(code)).sort(byCodePoint);
  const places = new Map(classes.map((level, i) => [level, i]));
  const recode = column.levels.map((level) => places.get(level) ?? -1);
  return { kind: 'classes', name, classes, codes: column.codes.map((code) => recode[code]) };
}

function fromValues(values: ArrayLike<Label>): Target {
  if (typeof values[0] === 'number') {
    const numbers = Float64Array.from(values as ArrayLike<number>);
    const at = numbers.findIndex((value) => !Number.isFinite(value));
    if (at >= 0)
      throw new KeplerError(
        'invalid_data',
        `The target of row ${at + 1} is ${String(values[at])}; a number is needed.`,
      );
    return { kind: 'number', name: 'target', values: numbers };
  }
  const { classes, codes } = codeValues([values]);
  return { kind: 'classes', name: 'target', classes, codes: codes[0] };
}

/** The target of the rows that are left. */
export function targetRows(target: Target, places: Uint32Array | undefined): Target {
  if (!places) return target;
  if (target.kind === 'number') return { ...target, values: gather(target.values, places) };
  return { ...target, codes: Int32Array.from(places, (place) => target.codes[place]) };
}
