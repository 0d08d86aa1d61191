/** Metrics of predictions, shared by `score`, training and cross-validation. Arrays of equal length, at least one row. */
import { mean, sumOf } from './sums.ts';

export interface RegressionMetrics {
  readonly r2: number;
  readonly mse: number;
  readonly rmse: number;
  readonly mae: number;
}

export interface ClassificationMetrics {
  readonly accuracy: number;
  readonly precision_weighted: number;
  readonly recall_weighted: number;
  readonly f1_weighted: number;
}

export function meanSquaredError(actual: Float64Array, predicted: Float64Array): number {
  return sumOf(actual.length, (i) => (actual[i] - predicted[i]) ** 2) / actual.length;
}

export function meanAbsoluteError(actual: Float64Array, predicted: Float64Array): number {
  return sumOf(actual.length, (i) => Math.abs(actual[i] - predicted[i])) / actual.length;
}

/** One less the share of `part` in `whole`; of nothing at all 1 when there is no error, else 0, as scikit-learn has it. */
function oneLess(part: number, whole: number): number {
  if (whole === 0) return part === 0 ? 1 : 0;
  return 1 - part / whole;
}

/** Coefficient of determination. Constant actual values: 1 when predicted perfectly, else 0. NaN for fewer than two rows. */
export function r2(actual: Float64Array, predicted: Float64Array): number {
  if (actual.length < 2) return NaN;
  const centre = mean(actual);
  return oneLess(
    sumOf(actual.length, (i) => (actual[i] - predicted[i]) ** 2),
    sumOf(actual.length, (i) => (actual[i] - centre) ** 2),
  );
}

/** As r2, but a constant bias of the predictions costs nothing. */
export function explainedVariance(actual: Float64Array, predicted: Float64Array): number {
  const rows = actual.length;
  const bias = sumOf(rows, (i) => actual[i] - predicted[i]) / rows;
  const centre = mean(actual);
  return oneLess(
    sumOf(rows, (i) => (actual[i] - predicted[i] - bias) ** 2) / rows,
    sumOf(rows, (i) => (actual[i] - centre) ** 2) / rows,
  );
}

export function regressionMetrics(actual: Float64Array, predicted: Float64Array): RegressionMetrics {
  const rows = actual.length;
  const squares = sumOf(rows, (i) => (actual[i] - predicted[i]) ** 2);
  const mse = squares / rows;
  const centre = mean(actual);
  return {
    r2:
      rows < 2
        ? NaN
        : oneLess(
            squares,
            sumOf(rows, (i) => (actual[i] - centre) ** 2),
          ),
    mse,
    rmse: Math.sqrt(mse),
    mae: meanAbsoluteError(actual, predicted),
  };
}

/** Share of rows where the codes are the same. */
export function accuracy(actual: Int32Array, predicted: Int32Array): number {
  let right = 0;
  for (let i = 0; i < actual.length; i++) if (actual[i] === predicted[i]) right++;
  return right / actual.length;
}

/** Rows by actual and predicted class, `counts[actual * classes + predicted]`. */
export function confusionCounts(actual: Int32Array, predicted: Int32Array, classes: number): Float64Array {
  const counts = new Float64Array(classes * classes);
  for (let i = 0; i < actual.length; i++) counts[actual[i] * classes + predicted[i]]++;
  return counts;
}

export interface ClassCounts {
  /** Rows of the class predicted as such. */
  readonly right: number;
  readonly predicted: number;
  readonly actual: number;
}

export function classCounts(counts: Float64Array, classes: number): ClassCounts[] {
  return Array.from({ length: classes }, (_, k) => {
    let predicted = 0;
    let actual = 0;
    for (let j = 0; j < classes; j++) {
      predicted += counts[j * classes + k];
      actual += counts[k * classes + j];
    }
    return { right: counts[k * classes + k], predicted, actual };
  });
}

export interface ClassScores {
  readonly precision: number;
  readonly recall: number;
  readonly fbeta: number;
}

/** Scores of one class, or of counts added up over classes. A share of nothing is 0. */
export function classScores({ right, predicted, actual }: ClassCounts, beta = 1): ClassScores {
  const weight = beta * beta;
  const divisor = weight * actual + predicted;
  return {
    precision: predicted === 0 ? 0 : right / predicted,
    recall: actual === 0 ? 0 : right / actual,
    fbeta: divisor === 0 ? 0 : ((1 + weight) * right) / divisor,
  };
}

/** Averages weighted by the classes' actual rows. Codes are 0 … classes - 1. */
export function classificationMetrics(
  actual: Int32Array,
  predicted: Int32Array,
  classes: number,
): ClassificationMetrics {
  const counts = classCounts(confusionCounts(actual, predicted, classes), classes);
  const scores = counts.map((count) => classScores(count));
  const weighted = (of: (score: ClassScores) => number): number =>
    sumOf(classes, (k) => of(scores[k]) * counts[k].actual) / actual.length;
  return {
    accuracy: accuracy(actual, predicted),
    precision_weighted: weighted(({ precision }) => precision),
    recall_weighted: weighted(({ recall }) => recall),
    f1_weighted: weighted(({ fbeta }) => fbeta),
  };
}
