import { numbers } from '../columns.ts';
import { regressionMetrics } from '../../helpers/metrics/regression.ts';
import type { RegressionMetrics } from '../../helpers/metrics/regression.ts';
import { pairsOf } from '../pairs.ts';
import { choice, options } from '../params.ts';
import { mean, sumOf, variance } from '../../helpers/metrics/sums.ts';
import type { ScoreMethod } from '../types.ts';

/** scikit-learn's regression scores: a row a pair, or one number over all pairs where `multioutput` averages. */
function regressionScore(
  name: string,
  description: string,
  metric: keyof RegressionMetrics,
  averages: readonly string[],
): ScoreMethod {
  return {
    name,
    description,
    params: options({
      multioutput: choice(
        'A row a pair, or one average over the pairs',
        ['raw_values', 'uniform_average', ...averages],
        'raw_values',
      ),
    }),
    fields: { kind: 'pairs', a: 'numbers', b: 'numbers' },
    run(input, { multioutput }, warn) {
      const pairs = pairsOf(input).map(({ a, b }) => ({
        a,
        b,
        score: regressionMetrics(numbers(a), numbers(b))[metric],
      }));
      if (pairs.some(({ score }) => Number.isNaN(score))) {
        warn(`${name} is not defined for fewer than two rows: the score is NaN.`);
      }
      if (multioutput === 'raw_values') {
        const rows = pairs.map(({ a, b, score }) => [a.name, b.name, score]);
        return { fields: ['Actual field', 'Predicted field', name], rows };
      }
      const scores = pairs.map(({ score }) => score);
      if (multioutput !== 'variance_weighted') return { fields: [name], rows: [[mean(scores)]] };
      const weights = pairs.map(({ a }) => variance(numbers(a), 0));
      const total = sumOf(weights.length, (i) => weights[i]);
      // All targets constant: no variance to weigh by, so each counts the same.
      const weighted =
        total === 0 ? mean(scores) : sumOf(scores.length, (i) => scores[i] * weights[i]) / total;
      return { fields: [name], rows: [[weighted]] };
    },
  };
}

export const r2Score = regressionScore(
  'r2_score',
  'Coefficient of determination: the share of the variance that is predicted',
  'r2',
  ['variance_weighted', 'none'],
);

export const explainedVarianceScore = regressionScore(
  'explained_variance_score',
  'Share of the variance that is predicted, a constant bias left aside',
  'explained_variance',
  ['variance_weighted'],
);

export const meanSquaredErrorScore = regressionScore(
  'mean_squared_error',
  'Mean of the squared differences',
  'mse',
  [],
);

export const meanAbsoluteErrorScore = regressionScore(
  'mean_absolute_error',
  'Mean of the absolute differences',
  'mae',
  [],
);
