import { checkLengths, numbersOf, weightsOf } from './check-input.ts';
import {
  d2AbsoluteError,
  meanAbsoluteShare,
  meanPinballLoss,
  meanSquaredLogError,
  medianAbsoluteError,
  regressionMetrics,
} from './regression.ts';
import { report } from './report.ts';
import type { MetricsReport } from './report.ts';

export interface RegressionOptions {
  /** How much each row counts; 1 where not given. */
  readonly sampleWeight?: ArrayLike<number>;
  /** The quantile that `pinball_loss` is for; 0.5 where not given. */
  readonly alpha?: number;
}

/**
 * Scores of predicted numbers, each as scikit-learn's function of that name: `r2`, `explained_variance`, `mse`, `rmse`,
 * `mae`, `median_absolute_error`, `max_error`, `mape`, `pinball_loss`, `d2_absolute_error`, and `msle`, `rmsle` where no
 * value is negative.
 *
 * @throws KeplerError invalid_data for no rows, unequal lengths, a value or weight that is no number
 */
export function calculateRegressionMetrics(
  actual: ArrayLike<number>,
  predicted: ArrayLike<number>,
  options: RegressionOptions = {},
): MetricsReport {
  checkLengths(actual, predicted, 'Regression metrics');
  const truth = numbersOf(actual, 'The actual value');
  const guess = numbersOf(predicted, 'The predicted value');
  const weights = weightsOf(options.sampleWeight, truth.length);
  const { alpha = 0.5 } = options;
  const warnings: string[] = [];
  if (truth.length < 2) warnings.push('R² is not defined for fewer than two rows.');
  const negative = truth.some((value) => value < 0) || guess.some((value) => value < 0);
  const msle = negative ? undefined : meanSquaredLogError(truth, guess, weights);
  const values = {
    ...regressionMetrics(truth, guess, weights),
    mape: meanAbsoluteShare(truth, guess, weights),
    median_absolute_error: medianAbsoluteError(truth, guess, weights),
    pinball_loss: meanPinballLoss(truth, guess, alpha, weights),
    d2_absolute_error: d2AbsoluteError(truth, guess, weights),
    ...(msle !== undefined && { msle, rmsle: Math.sqrt(msle) }),
  };
  return report('regression', truth.length, values, warnings);
}
