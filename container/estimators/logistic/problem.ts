import type { ClassTarget } from '../../contract/template.ts';
import { meanAndVariance } from '../linear-algebra/spread.ts';

/**
 * Penalised logistic regression in coordinates that make Newton's equations well-conditioned: column j enters as
 * (x - centre_j) / scale_j, the intercept as a last column of one constant. The penalty stays that of the columns' own
 * units, so the optimum is the same.
 */
export interface LogisticProblem {
  readonly columns: readonly Float64Array[];
  readonly codes: Int32Array;
  readonly rowWeights: Float64Array;
  /** Scores a row: 1 for two classes (the log odds of the second), else one a class. */
  readonly outputs: number;
  /** Parameters an output: the features, and the intercept where there is one. */
  readonly width: number;
  readonly centres: Float64Array;
  readonly scales: Float64Array;
  /** Value of the intercept's column; 0 where there is no intercept. */
  readonly constant: number;
  /** Half of it times the parameter's square is the penalty of a parameter. */
  readonly penalties: Float64Array;
}

export function logisticProblem(
  columns: readonly Float64Array[],
  target: ClassTarget,
  classWeights: Float64Array,
  fitIntercept: boolean,
): LogisticProblem {
  const rows = target.codes.length;
  const classes = target.classes.length;
  const features = columns.length;
  const rowWeights = Float64Array.from(target.codes, (code) => classWeights[code]);
  // The curvature at the start, where all classes are as likely: w rows p (1 - p) times the column's variance.
  const curvature = (rowWeights.reduce((sum, weight) => sum + weight, 0) * (classes - 1)) / classes ** 2;
  const moments = columns.map(meanAndVariance);
  const centres = Float64Array.from(moments, (moment) => (fitIntercept ? moment.mean : 0));
  const scales = Float64Array.from(moments, ({ mean, variance }) =>
    Math.sqrt(curvature * (fitIntercept ? variance : variance + mean * mean) + 1),
  );
  const width = features + (fitIntercept ? 1 : 0);
  const penalties = new Float64Array(width);
  scales.forEach((scale, j) => {
    penalties[j] = 1 / scale ** 2;
  });
  return {
    columns,
    codes: target.codes,
    rowWeights,
    outputs: classes === 2 ? 1 : classes,
    width,
    centres,
    scales,
    constant: fitIntercept && rows > 0 ? 1 / Math.sqrt(curvature || 1) : 0,
    penalties,
  };
}

/**
 * Coefficients and intercepts in the columns' own units. Over several classes each coefficient sums to 0, as the penalty
 * wants it; so do the intercepts, which nothing else fixes.
 */
export function ownUnits(
  problem: LogisticProblem,
  point: Float64Array,
): { coefficients: Float64Array; intercepts: Float64Array } {
  const { outputs, width, scales, centres, constant } = problem;
  const features = scales.length;
  const coefficients = new Float64Array(outputs * features);
  const intercepts = new Float64Array(outputs);
  for (let k = 0; k < outputs; k++) {
    if (constant !== 0) intercepts[k] = point[k * width + features] * constant;
    for (let j = 0; j < features; j++) {
      const coefficient = point[k * width + j] / scales[j];
      coefficients[k * features + j] = coefficient;
      intercepts[k] -= coefficient * centres[j];
    }
  }
  if (outputs > 1) {
    for (let j = 0; j < features; j++) centre(coefficients, j, features);
    if (constant !== 0) centre(intercepts, 0, 1);
  }
  return { coefficients, intercepts };
}

/** Shifts every `step`-th value from `first` on so that they sum to 0. */
function centre(values: Float64Array, first: number, step: number): void {
  let sum = 0;
  for (let i = first; i < values.length; i += step) sum += values[i];
  const mean = sum / (values.length / step);
  for (let i = first; i < values.length; i += step) values[i] -= mean;
}
