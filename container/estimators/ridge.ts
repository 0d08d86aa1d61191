import { KeplerError } from '../contract/errors.ts';
import type { Template } from '../contract/template.ts';
import { leastSquares } from './linear-algebra/least-squares.ts';
import { ridgeSolution } from './linear-algebra/ridge-solution.ts';
import { linearRegressor } from './linear-model.ts';
import type { LinearState } from './linear-model.ts';
import { numberTarget } from './targets.ts';

/** Least squares with an L2 penalty on the coefficients, the intercept free: scikit-learn's Ridge. */
export const ridge: Template<LinearState> = {
  name: 'Ridge',
  kind: 'regressor',
  description: 'Predicts a number as a weighted sum of the features, with weights kept small.',
  params: {
    type: 'object',
    properties: {
      alpha: {
        type: 'number',
        default: 1,
        minimum: 0,
        description: 'How strongly large coefficients are held back; 0 is LinearRegression.',
      },
      fit_intercept: {
        type: 'boolean',
        default: true,
        description: 'Whether the prediction has a constant part.',
      },
      normalize: {
        type: 'boolean',
        description: 'Accepted for searches carried over, without effect; use StandardScaler first instead.',
      },
    },
    additionalProperties: false,
  },
  rename: 'output',
  init(params) {
    if (!Number.isFinite(params.alpha))
      throw new KeplerError('invalid_arguments', 'Ridge: option "alpha" must be a number.');
    return params;
  },
  fit(params, input, context) {
    const target = numberTarget(input, 'Ridge');
    const { names, columns } = input.features;
    if (params.normalize !== undefined) {
      context.warn(
        'Ridge: option "normalize" has no effect, as in scikit-learn of today; fit StandardScaler first to bring features to one scale.',
      );
    }
    const alpha = params.alpha as number;
    const intercept = params.fit_intercept === true;
    const fitted =
      alpha === 0
        ? leastSquares(columns, target.values, intercept, context.signal)
        : ridgeSolution(columns, target.values, alpha, intercept, context.signal);
    return { features: names, target: target.name, ...fitted };
  },
  ...linearRegressor,
};
