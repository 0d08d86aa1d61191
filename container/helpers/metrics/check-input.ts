import { KeplerError } from '../../contract/errors.ts';
import { plural } from '../../contract/plural.ts';
import type { Label } from './labels.ts';

/** @throws KeplerError invalid_data where there are no rows, or not as many on both sides */
export function checkLengths(actual: ArrayLike<unknown>, predicted: ArrayLike<unknown>, what: string): void {
  if (actual.length === 0) throw new KeplerError('invalid_data', `${what}: there are no rows to measure.`);
  if (actual.length !== predicted.length) {
    throw new KeplerError(
      'invalid_data',
      `${what}: there are ${actual.length} actual values, but ${predicted.length} predicted ones; each row needs both.`,
    );
  }
}

/** As doubles. @throws KeplerError invalid_data naming the first row that holds no finite number */
export function numbersOf(values: ArrayLike<unknown>, what: string): Float64Array {
  const bad = findIndex(values, (value) => typeof value !== 'number' || !Number.isFinite(value));
  if (bad >= 0) {
    throw new KeplerError(
      'invalid_data',
      `${what} of row ${bad + 1} is ${String(values[bad])}; a number is needed. Leave rows without one out first.`,
    );
  }
  return values instanceof Float64Array ? values : Float64Array.from(values as ArrayLike<number>);
}

/** @throws KeplerError invalid_data naming the first row that holds no label */
export function checkLabels(values: ArrayLike<unknown>, what: string): ArrayLike<Label> {
  const bad = findIndex(
    values,
    (value) => value === null || value === undefined || (typeof value === 'number' && Number.isNaN(value)),
  );
  if (bad < 0) return values as ArrayLike<Label>;
  throw new KeplerError(
    'invalid_data',
    `${what} of row ${bad + 1} is ${String(values[bad])}; a class is needed. Leave rows without one out first.`,
  );
}

/** @throws KeplerError invalid_data where weights are not as many as rows, not numbers of 0 or more, or all 0 */
export function weightsOf(weights: ArrayLike<number> | undefined, rows: number): Float64Array | undefined {
  if (!weights) return undefined;
  if (weights.length !== rows) {
    throw new KeplerError(
      'invalid_data',
      `There ${plural(weights.length, 'is', 'are')} ${weights.length} ${plural(weights.length, 'weight', 'weights')} for ${rows} rows; each row needs one.`,
    );
  }
  const values = numbersOf(weights, 'The weight');
  const negative = values.findIndex((value) => value < 0);
  if (negative >= 0) {
    throw new KeplerError(
      'invalid_data',
      `The weight of row ${negative + 1} is ${values[negative]}; a weight is 0 or more.`,
    );
  }
  if (values.every((value) => value === 0)) {
    throw new KeplerError('invalid_data', 'All weights are 0, so no row counts and nothing can be measured.');
  }
  return values;
}

function findIndex(values: ArrayLike<unknown>, is: (value: unknown) => boolean): number {
  for (let i = 0; i < values.length; i++) if (is(values[i])) return i;
  return -1;
}
