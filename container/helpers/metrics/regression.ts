import { median } from './weighted-median.ts';
import { sumOf } from './sums.ts';

export interface RegressionMetrics {
  /** Coefficient of determination. Constant actual values: 1 when predicted perfectly, else 0. NaN for fewer than two rows. */
  readonly r2: number;
  readonly mse: number;
  readonly rmse: number;
  readonly mae: number;
  /** As r2, but a constant bias of the predictions costs nothing. */
  readonly explained_variance: number;
  readonly max_error: number;
}

/** What is known of all rows after one look at them, and what a second look needs. */
export interface RegressionTotals {
  readonly rows: number;
  readonly weight: number;
  readonly meanActual: number;
  /** Mean of actual less predicted. */
  readonly bias: number;
  readonly absolute: number;
  readonly squares: number;
  readonly maxError: number;
  readonly actual: readonly [low: number, high: number];
  readonly predicted: readonly [low: number, high: number];
}

/** Rows whose sum is made plainly before it joins a compensated one: rounding stays far below 1e-12, at a plain sum's speed. */
const BLOCK = 512;

/** A sum of blocks' sums that keeps what rounding lost (Neumaier). */
class Sum {
  #total = 0;
  #lost = 0;

  add(value: number): void {
    const next = this.#total + value;
    this.#lost +=
      Math.abs(this.#total) >= Math.abs(value) ? this.#total - next + value : value - next + this.#total;
    this.#total = next;
  }

  get value(): number {
    // Beyond the range of doubles nothing can be kept.
    return Number.isFinite(this.#total) ? this.#total + this.#lost : this.#total;
  }
}

/** Places in what is found of a block of rows. */
const WEIGHT = 0;
const VALUES = 1;
const ERRORS = 2;
const ABSOLUTE = 3;
const SQUARES = 4;
const LOW = 5;
const HIGH = 6;
const LOW_PREDICTED = 7;
const HIGH_PREDICTED = 8;
const LOW_ERROR = 9;
const HIGH_ERROR = 10;
const FOUND = 11;

/** Sums and ranges of the rows from…end. Small, so that the engine compiles it well at once: a third of one long loop's time. */
function lookAt(
  actual: Float64Array,
  predicted: Float64Array,
  from: number,
  end: number,
  found: Float64Array,
): void {
  let sy = 0;
  let sd = 0;
  let sa = 0;
  let ss = 0;
  let low = actual[from];
  let high = low;
  let lowPredicted = predicted[from];
  let highPredicted = lowPredicted;
  let lowError = 0;
  let highError = 0;
  for (let i = from; i < end; i++) {
    const y = actual[i];
    const p = predicted[i];
    const d = y - p;
    if (d < lowError) lowError = d;
    if (d > highError) highError = d;
    if (y < low) low = y;
    if (y > high) high = y;
    if (p < lowPredicted) lowPredicted = p;
    if (p > highPredicted) highPredicted = p;
    sy += y;
    sd += d;
    sa += Math.abs(d);
    ss += d * d;
  }
  found[WEIGHT] = end - from;
  found[VALUES] = sy;
  found[ERRORS] = sd;
  found[ABSOLUTE] = sa;
  found[SQUARES] = ss;
  found[LOW] = low;
  found[HIGH] = high;
  found[LOW_PREDICTED] = lowPredicted;
  found[HIGH_PREDICTED] = highPredicted;
  found[LOW_ERROR] = lowError;
  found[HIGH_ERROR] = highError;
}

/** The block's sums, each row by its weight. */
function weigh(
  actual: Float64Array,
  predicted: Float64Array,
  weights: Float64Array,
  from: number,
  end: number,
  found: Float64Array,
): void {
  found.fill(0, WEIGHT, SQUARES + 1);
  for (let i = from; i < end; i++) {
    const w = weights[i];
    const d = actual[i] - predicted[i];
    found[WEIGHT] += w;
    found[VALUES] += w * actual[i];
    found[ERRORS] += w * d;
    found[ABSOLUTE] += w * Math.abs(d);
    found[SQUARES] += w * d * d;
  }
}

/** First look: sums and ranges. Arrays of equal length, at least one row, no NaN. */
export function regressionTotals(
  actual: Float64Array,
  predicted: Float64Array,
  weights?: Float64Array,
): RegressionTotals {
  const rows = actual.length;
  const sums = Array.from({ length: SQUARES + 1 }, () => new Sum());
  const found = new Float64Array(FOUND);
  let [low, high] = [actual[0], actual[0]];
  let [lowPredicted, highPredicted] = [predicted[0], predicted[0]];
  let maxError = 0;
  for (let from = 0; from < rows; from += BLOCK) {
    const end = Math.min(rows, from + BLOCK);
    lookAt(actual, predicted, from, end, found);
    if (weights) weigh(actual, predicted, weights, from, end, found);
    sums.forEach((sum, place) => sum.add(found[place]));
    low = Math.min(low, found[LOW]);
    high = Math.max(high, found[HIGH]);
    lowPredicted = Math.min(lowPredicted, found[LOW_PREDICTED]);
    highPredicted = Math.max(highPredicted, found[HIGH_PREDICTED]);
    maxError = Math.max(maxError, -found[LOW_ERROR], found[HIGH_ERROR]);
  }
  const [weight, values, errors, absolute, squares] = sums.map(({ value }) => value);
  return {
    rows,
    weight,
    meanActual: values / weight,
    bias: errors / weight,
    absolute,
    squares,
    maxError,
    actual: [low, high],
    predicted: [lowPredicted, highPredicted],
  };
}

/** Second look: squared distances of the actual values from their mean, and of the errors from theirs. */
export function regressionSpread(
  actual: Float64Array,
  predicted: Float64Array,
  { meanActual, bias }: RegressionTotals,
  weights?: Float64Array,
): { readonly actual: number; readonly errors: number } {
  const values = new Sum();
  const errors = new Sum();
  for (let from = 0; from < actual.length; from += BLOCK) {
    const end = Math.min(actual.length, from + BLOCK);
    let sy = 0;
    let se = 0;
    for (let i = from; i < end; i++) {
      const y = actual[i] - meanActual;
      const e = actual[i] - predicted[i] - bias;
      const w = weights ? weights[i] : 1;
      sy += w * y * y;
      se += w * e * e;
    }
    values.add(sy);
    errors.add(se);
  }
  return { actual: values.value, errors: errors.value };
}

/** The metrics that both looks make. */
export function metricsOfTotals(
  totals: RegressionTotals,
  spread: { readonly actual: number; readonly errors: number },
): RegressionMetrics {
  const { rows, weight, squares } = totals;
  const mse = squares / weight;
  return {
    r2: rows < 2 ? NaN : oneLess(squares, spread.actual),
    mse,
    rmse: Math.sqrt(mse),
    mae: totals.absolute / weight,
    explained_variance: oneLess(spread.errors, spread.actual),
    max_error: totals.maxError,
  };
}

/** scikit-learn's scores of predicted numbers. Arrays of equal length, at least one row, no NaN. */
export function regressionMetrics(
  actual: Float64Array,
  predicted: Float64Array,
  weights?: Float64Array,
): RegressionMetrics {
  const totals = regressionTotals(actual, predicted, weights);
  return metricsOfTotals(totals, regressionSpread(actual, predicted, totals, weights));
}

/** One less the share of `part` in `whole`; of nothing at all 1 when there is no error, else 0, as scikit-learn has it. */
function oneLess(part: number, whole: number): number {
  if (whole === 0) return part === 0 ? 1 : 0;
  return 1 - part / whole;
}

/** Mean error as a share of the actual value, a share and no percentage; an actual 0 counts as 2.2e-16. */
export function meanAbsoluteShare(
  actual: Float64Array,
  predicted: Float64Array,
  weights?: Float64Array,
): number {
  const share = (i: number): number =>
    Math.abs(actual[i] - predicted[i]) / Math.max(Math.abs(actual[i]), Number.EPSILON);
  return average(actual.length, share, weights);
}

/** Median of the absolute errors. */
export function medianAbsoluteError(
  actual: Float64Array,
  predicted: Float64Array,
  weights?: Float64Array,
): number {
  return median(
    actual.map((value, i) => Math.abs(value - predicted[i])),
    weights,
  );
}

/** Mean squared difference of log(1 + value), for values above -1; NaN where one is not. */
export function meanSquaredLogError(
  actual: Float64Array,
  predicted: Float64Array,
  weights?: Float64Array,
): number {
  const below = (value: number): boolean => value <= -1;
  if (actual.some(below) || predicted.some(below)) return NaN;
  return average(actual.length, (i) => (Math.log1p(actual[i]) - Math.log1p(predicted[i])) ** 2, weights);
}

/** Mean error in which being too low by one costs `alpha`, too high 1 - alpha: what a prediction of that quantile minimises. */
export function meanPinballLoss(
  actual: Float64Array,
  predicted: Float64Array,
  alpha = 0.5,
  weights?: Float64Array,
): number {
  const loss = (d: number): number => (d >= 0 ? alpha * d : (alpha - 1) * d);
  return average(actual.length, (i) => loss(actual[i] - predicted[i]), weights);
}

/** The share of the absolute error that the predictions save over predicting the median. NaN for fewer than two rows. */
export function d2AbsoluteError(
  actual: Float64Array,
  predicted: Float64Array,
  weights?: Float64Array,
): number {
  if (actual.length < 2) return NaN;
  const middle = new Float64Array(actual.length).fill(median(actual, weights));
  return oneLess(
    meanPinballLoss(actual, predicted, 0.5, weights),
    meanPinballLoss(actual, middle, 0.5, weights),
  );
}

/** Weighted mean of a term of each row. */
export function average(rows: number, term: (row: number) => number, weights?: Float64Array): number {
  if (!weights) return sumOf(rows, term) / rows;
  return sumOf(rows, (i) => weights[i] * term(i)) / sumOf(rows, (i) => weights[i]);
}
