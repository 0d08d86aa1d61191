import type { Kernels, Workspace } from './kernels.ts';

/** What boosting minimises, as scikit-learn's GradientBoosting* defines it (Friedman 2001, "Greedy Function Approximation"). */
export interface Loss {
  /** Trees a round: one, or one a class with three classes and more. */
  readonly outputs: number;
  /** Scores before the first tree, one an output. */
  initial(): Float64Array;
  /**
   * Called once a round: fills in the negative gradients of the rows from `from` to before `to`, one list an output. `rows`
   * are those of the round's sample.
   */
  negativeGradients(
    scores: readonly Float64Array[],
    gradients: readonly Float64Array[],
    rows: Int32Array,
    from: number,
    to: number,
  ): void;
  /**
   * What a leaf adds to the scores of its rows `rows[from … to)` (before the learning rate): the best step for the loss,
   * for classes one Newton step.
   */
  leafValue(
    gradient: Float64Array,
    scores: Float64Array,
    output: number,
    rows: Int32Array,
    from: number,
    to: number,
  ): number;
}

/** Weight of each row by its class; null where all weigh 1. */
export type RowWeights = Float64Array | null;

/** The smallest value with at least `share` of all values at or below it (scikit-learn's _weighted_percentile). */
export function lowerQuantile(values: Float64Array, share: number): number {
  const sorted = values.slice().sort();
  // Percent and back, as there: 0.7 of 10 values is then the seventh, not the eighth, in both.
  const rank = ((100 * share) / 100) * sorted.length;
  return sorted[Math.max(0, Math.ceil(rank) - 1)];
}

/** The quantile between the two nearest values (numpy's percentile); starting scores are made of it. */
function betweenQuantile(values: Float64Array, share: number): number {
  const sorted = values.slice().sort();
  const place = share * (sorted.length - 1);
  const below = Math.floor(place);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
}

const LEAST_DENOMINATOR = 1e-150;

function safeRatio(numerator: number, denominator: number): number {
  return Math.abs(denominator) < LEAST_DENOMINATOR ? 0 : numerator / denominator;
}

export function sigmoid(score: number): number {
  return 1 / (1 + Math.exp(-score));
}

/** Weighted share of each class, kept off 0 and 1 as scikit-learn does. */
function priors(codes: Int32Array, classes: number, weights: RowWeights): Float64Array {
  const sums = new Float64Array(classes);
  let total = 0;
  for (let i = 0; i < codes.length; i++) {
    const weight = weights ? weights[i] : 1;
    sums[codes[i]] += weight;
    total += weight;
  }
  return sums.map((sum) => Math.min(Math.max(sum / total, Number.EPSILON), 1 - Number.EPSILON));
}

/** The log loss's inner loops, and where its arrays lie for them. */
export interface LossTools {
  readonly kernels: Pick<Kernels, 'classGradients' | 'newtonSums'>;
  readonly work: Workspace;
  /** Each row's class as a number. */
  readonly classes: Float64Array;
}

/**
 * Log loss. Of two classes the score is the log-odds of the second; of more, each has a score and a tree a round, and their
 * softmax is the probability.
 */
export function logLoss(codes: Int32Array, classCount: number, weights: RowWeights, tools: LossTools): Loss {
  const { kernels, work, classes } = tools;
  // scikit-learn's, after Friedman's equation 34.
  const share = classCount > 2 ? (classCount - 1) / classCount : 1;
  return {
    outputs: classCount > 2 ? classCount : 1,
    initial() {
      const shares = priors(codes, classCount, weights);
      if (classCount === 2) return Float64Array.of(Math.log(shares[1] / (1 - shares[1])));
      const logs = shares.map(Math.log);
      const mean = logs.reduce((a, b) => a + b, 0) / classCount;
      return logs.map((log) => log - mean);
    },
    negativeGradients: (scores, gradients, _rows, from, to) =>
      kernels.classGradients(scores, classes, gradients, from, to),
    leafValue(gradient, _scores, _output, rows, from, to) {
      if (weights) {
        const [sum, curvature] = weightedNewtonSums(gradient, weights, rows, from, to);
        return safeRatio(sum * share, curvature);
      }
      kernels.newtonSums(gradient, rows, work, from, to);
      return safeRatio(work.result[0] * share, work.result[1]);
    },
  };
}

/** As the kernel `newtonSums`, where rows weigh differently. */
function weightedNewtonSums(
  gradient: Float64Array,
  weights: Float64Array,
  rows: Int32Array,
  from: number,
  to: number,
): [sum: number, curvature: number] {
  let sum = 0;
  let curvature = 0;
  for (let i = from; i < to; i++) {
    const row = rows[i];
    const size = Math.abs(gradient[row]);
    sum += weights[row] * gradient[row];
    curvature += weights[row] * size * (1 - size);
  }
  return [sum, curvature];
}

/** Two classes, exponential loss (AdaBoost's): the score is half the log-odds of the second. */
export function exponentialLoss(codes: Int32Array, weights: RowWeights): Loss {
  return {
    outputs: 1,
    initial: () => {
      const [, second] = priors(codes, 2, weights);
      return Float64Array.of(0.5 * Math.log(second / (1 - second)));
    },
    negativeGradients([scores], [gradient], _rows, from, to) {
      for (let i = from; i < to; i++)
        gradient[i] = codes[i] === 1 ? Math.exp(-scores[i]) : -Math.exp(scores[i]);
    },
    leafValue(gradient, _scores, _output, rows, from, to) {
      let numerator = 0;
      let denominator = 0;
      for (let i = from; i < to; i++) {
        const weight = weights ? weights[rows[i]] : 1;
        numerator += weight * gradient[rows[i]];
        denominator += weight * Math.abs(gradient[rows[i]]);
      }
      return safeRatio(numerator, denominator);
    },
  };
}

export function squaredErrorLoss(values: Float64Array): Loss {
  return {
    outputs: 1,
    initial: () => Float64Array.of(values.reduce((a, b) => a + b, 0) / values.length),
    negativeGradients([scores], [gradient], _rows, from, to) {
      for (let i = from; i < to; i++) gradient[i] = values[i] - scores[i];
    },
    leafValue(gradient, _scores, _output, rows, from, to) {
      let sum = 0;
      for (let i = from; i < to; i++) sum += gradient[rows[i]];
      return sum / (to - from);
    },
  };
}

/** Pinball loss of a quantile; `absolute` (the median) counts both sides fully. */
export function quantileLoss(values: Float64Array, share: number, absolute: boolean): Loss {
  const above = absolute ? 1 : share;
  const below = absolute ? -1 : share - 1;
  return {
    outputs: 1,
    initial: () => Float64Array.of(betweenQuantile(values, share)),
    negativeGradients([scores], [gradient], _rows, from, to) {
      for (let i = from; i < to; i++) gradient[i] = values[i] >= scores[i] ? above : below;
    },
    leafValue: (_gradient, scores, _output, rows, from, to) =>
      lowerQuantile(residuals(values, scores, rows, from, to), share),
  };
}

/** Squared error up to the `share` quantile of the residuals, absolute error beyond. */
export function huberLoss(values: Float64Array, share: number): Loss {
  let delta = 0;
  return {
    outputs: 1,
    initial: () => Float64Array.of(betweenQuantile(values, 0.5)),
    negativeGradients([scores], [gradient], rows, from, to) {
      delta = lowerQuantile(residuals(values, scores, rows, 0, rows.length).map(Math.abs), share);
      for (let i = from; i < to; i++) gradient[i] = Math.min(delta, Math.max(-delta, values[i] - scores[i]));
    },
    leafValue(_gradient, scores, _output, rows, from, to) {
      const rest = residuals(values, scores, rows, from, to);
      const median = lowerQuantile(rest, 0.5);
      let sum = 0;
      for (const value of rest) {
        const beyond = value - median;
        sum += Math.sign(beyond) * Math.min(delta, Math.abs(beyond));
      }
      return median + sum / rest.length;
    },
  };
}

function residuals(
  values: Float64Array,
  scores: Float64Array,
  rows: Int32Array,
  from: number,
  to: number,
): Float64Array {
  const rest = new Float64Array(to - from);
  for (let i = from; i < to; i++) rest[i - from] = values[rows[i]] - scores[rows[i]];
  return rest;
}
