/** What boosting minimises, as scikit-learn's GradientBoosting* defines it (Friedman 2001, "Greedy Function Approximation"). */
export interface Loss {
  /** Trees a round: one, or one a class with three classes and more. */
  readonly outputs: number;
  /** Scores before the first tree, one an output. */
  initial(): Float64Array;
  /** Called once a round, before the gradients. `rows` are those of the round's sample; gradients
   * will be asked for from `from` to before `to`. */
  beginRound?(scores: readonly Float64Array[], rows: Int32Array, from: number, to: number): void;
  /** Fills in the negative gradient of the rows from `from` to before `to` for one output. */
  negativeGradient(
    scores: readonly Float64Array[],
    output: number,
    gradient: Float64Array,
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

/** Two classes, log loss: the score is the log-odds of the second. */
export function binomialLoss(codes: Int32Array, weights: RowWeights): Loss {
  return {
    outputs: 1,
    initial: () => {
      const [, second] = priors(codes, 2, weights);
      return Float64Array.of(Math.log(second / (1 - second)));
    },
    negativeGradient([scores], _output, gradient, from, to) {
      for (let i = from; i < to; i++) gradient[i] = codes[i] - sigmoid(scores[i]);
    },
    leafValue(gradient, _scores, _output, rows, from, to) {
      let numerator = 0;
      let denominator = 0;
      for (let i = from; i < to; i++) {
        const row = rows[i];
        const weight = weights ? weights[row] : 1;
        const probability = codes[row] - gradient[row];
        numerator += weight * gradient[row];
        denominator += weight * probability * (1 - probability);
      }
      return safeRatio(numerator, denominator);
    },
  };
}

/** Two classes, exponential loss (AdaBoost's): the score is half the log-odds of the second. */
export function exponentialLoss(codes: Int32Array, weights: RowWeights): Loss {
  return {
    outputs: 1,
    initial: () => {
      const [, second] = priors(codes, 2, weights);
      return Float64Array.of(0.5 * Math.log(second / (1 - second)));
    },
    negativeGradient([scores], _output, gradient, from, to) {
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

/** Three classes and more, log loss over softmax: one tree a class and round. */
export function multinomialLoss(codes: Int32Array, classes: number, weights: RowWeights): Loss {
  const top = new Float64Array(codes.length);
  const sums = new Float64Array(codes.length);
  return {
    outputs: classes,
    initial: () => {
      const logs = priors(codes, classes, weights).map(Math.log);
      const mean = logs.reduce((a, b) => a + b, 0) / classes;
      return logs.map((log) => log - mean);
    },
    beginRound(scores, _rows, from, to) {
      for (let i = from; i < to; i++) {
        let greatest = -Infinity;
        for (const score of scores) if (score[i] > greatest) greatest = score[i];
        let sum = 0;
        for (const score of scores) sum += Math.exp(score[i] - greatest);
        top[i] = greatest;
        sums[i] = sum;
      }
    },
    // The round's probabilities are fixed in `beginRound`, but each class's own scores change only after its gradient.
    negativeGradient(scores, output, gradient, from, to) {
      const own = scores[output];
      for (let i = from; i < to; i++)
        gradient[i] = (codes[i] === output ? 1 : 0) - Math.exp(own[i] - top[i]) / sums[i];
    },
    leafValue(gradient, _scores, output, rows, from, to) {
      let numerator = 0;
      let denominator = 0;
      for (let i = from; i < to; i++) {
        const row = rows[i];
        const weight = weights ? weights[row] : 1;
        const probability = (codes[row] === output ? 1 : 0) - gradient[row];
        numerator += weight * gradient[row];
        denominator += weight * probability * (1 - probability);
      }
      return safeRatio((numerator * (classes - 1)) / classes, denominator);
    },
  };
}

export function squaredErrorLoss(values: Float64Array): Loss {
  return {
    outputs: 1,
    initial: () => Float64Array.of(values.reduce((a, b) => a + b, 0) / values.length),
    negativeGradient([scores], _output, gradient, from, to) {
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
    negativeGradient([scores], _output, gradient, from, to) {
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
    beginRound([scores], rows) {
      delta = lowerQuantile(residuals(values, scores, rows, 0, rows.length).map(Math.abs), share);
    },
    negativeGradient([scores], _output, gradient, from, to) {
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
