import { KeplerError } from '../contract/errors.ts';
import { didYouMean } from '../contract/did-you-mean.ts';
import { plural } from '../contract/plural.ts';
import type { FitSpec } from '../contract/requests.ts';
import type { Column, Table } from '../contract/table.ts';
import type { NumericTable, Target } from '../contract/template.ts';
import { gather } from '../helpers/metrics/gather.ts';
import { argsort } from '../helpers/metrics/order.ts';
import { reservoir } from '../table/prepare.ts';
import type { Prepared } from '../table/prepare.ts';
import { rowsOf, sameClasses, targetOf } from './row-subsets.ts';

/** Rows that a model is measured on and was not trained on. */
export interface HeldOut {
  /** Places of the rows among all of the search. */
  readonly places: Uint32Array;
  readonly features: NumericTable;
  /** Its first classes are those of the training rows; those that the training rows lack stand behind them. */
  readonly target?: Target;
}

/**
 * Takes a share of the prepared rows away from training: the last ones by a field, or drawn by a seed. As in scikit-learn's
 * train_test_split the number of rows held out is rounded up.
 *
 * @throws KeplerError invalid_arguments, not_numeric where there is no such field or it holds text; no_valid_rows where no row
 * would be left to train on
 */
export function holdOut(
  spec: FitSpec & { readonly holdout: number },
  table: Table,
  prepared: Prepared,
  warn: (text: string) => void,
): { prepared: Prepared; heldOut: HeldOut } {
  const { rows } = prepared.features;
  const all = new Uint32Array(rows);
  for (let n = 0; n < rows; n++) all[n] = n;
  const rowOf = (n: number): number => (prepared.places ? prepared.places[n] : n);
  const count = Math.ceil(rows * spec.holdout);
  if (count >= rows) {
    throw new KeplerError(
      'no_valid_rows',
      `holdout=${spec.holdout} of ${rows} ${plural(rows, 'row', 'rows')} without nulls leaves none to train on. Hold out a smaller share, or search more rows.`,
    );
  }
  const held =
    spec.holdoutBy === undefined
      ? reservoir(all, count, spec.holdoutSeed ?? seedOf(spec))
      : lastBy(columnOf(table, spec.holdoutBy), all, rowOf, count, warn);
  const isHeld = new Uint8Array(rows);
  for (const n of held) isHeld[n] = 1;
  const kept = all.filter((n) => isHeld[n] === 0);
  const { features, target } = prepared;
  const training = target && targetOf(target, kept);
  const places = (some: Uint32Array): Uint32Array => some.map((n) => rowOf(n));
  return {
    prepared: {
      ...prepared,
      features: rowsOf(features, kept),
      places: places(kept),
      ...(training && { target: training }),
    },
    heldOut: {
      places: places(held),
      features: rowsOf(features, held),
      ...(target && training && { target: onClassesOf(training, sameClasses(target, held)) }),
    },
  };
}

function seedOf({ options }: FitSpec): number {
  const seed = Number(options.random_state ?? 0);
  return Number.isSafeInteger(seed) ? seed : 0;
}

function columnOf(table: Table, name: string): Float64Array {
  const column: Column | undefined = table.columns.find((one) => one.name === name);
  if (!column) {
    const meant = didYouMean(name, table.fieldNames ?? []);
    throw new KeplerError(
      'invalid_arguments',
      `holdout_by=${name}: the search results have no such field.${meant ? ` Did you mean "${meant}"?` : ''}`,
    );
  }
  if (column.kind === 'number') return column.values;
  throw new KeplerError(
    'not_numeric',
    `holdout_by=${name} must be a field of numbers, such as _time, because the rows with its highest values are held out; it holds text.`,
  );
}

/** The rows of the highest values, of equal ones the last; rows without a value are trained on. */
function lastBy(
  values: Float64Array,
  all: Uint32Array,
  rowOf: (n: number) => number,
  count: number,
  warn: (text: string) => void,
): Uint32Array {
  const known = all.filter((n) => !Number.isNaN(values[rowOf(n)]));
  const without = all.length - known.length;
  if (without > 0) {
    warn(
      `${without} ${plural(without, 'row has', 'rows have')} no value in the field of holdout_by and ${plural(without, 'was', 'were')} trained on.`,
    );
  }
  if (known.length === 0) {
    throw new KeplerError(
      'no_valid_rows',
      'The field of holdout_by has no value in any row that could be trained on, so no row can be held out by it.',
    );
  }
  const order = argsort(
    gather(
      values,
      known.map((n) => rowOf(n)),
    ),
  );
  return order
    .subarray(Math.max(0, order.length - count))
    .map((at) => known[at])
    .sort();
}

/** Codes on the training rows' classes; classes beyond them stand behind. */
function onClassesOf(training: Target, held: Target): Target {
  if (training.kind !== 'classes' || held.kind !== 'classes') return held;
  const place = new Map(training.classes.map((name, code) => [name, code]));
  const recode = held.classes.map((name) => place.get(name) ?? -1);
  const present = new Set(held.codes);
  const classes = [...training.classes];
  recode.forEach((code, old) => {
    if (code >= 0 || !present.has(old)) return;
    recode[old] = classes.length;
    classes.push(held.classes[old]);
  });
  return { ...held, classes, codes: held.codes.map((code) => (code < 0 ? -1 : recode[code])) };
}
