import type { Template } from '../contract/template.ts';
import { leastSquares } from './linear-algebra/least-squares.ts';
import { linearRegressor } from './linear-model.ts';
import type { LinearState } from './linear-model.ts';
import { numberTarget } from './targets.ts';

/** Ordinary least squares; on collinear columns the solution of minimum norm, as scikit-learn's LinearRegression. */
export const linearRegression: Template<LinearState> = {
  name: 'LinearRegression',
  kind: 'regressor',
  description: 'Predicts a number as a weighted sum of the features, by least squares.',
  params: {
    type: 'object',
    properties: {
      fit_intercept: {
        type: 'boolean',
        default: true,
        description: 'Whether the prediction has a constant part; without it the line goes through zero.',
      },
    },
    additionalProperties: false,
  },
  rename: 'output',
  init: (params) => params,
  fit(params, input, context) {
    const target = numberTarget(input, 'LinearRegression');
    const { names, columns } = input.features;
    const fitted = leastSquares(columns, target.values, params.fit_intercept === true, context.signal);
    return { features: names, target: target.name, ...fitted };
  },
  ...linearRegressor,
};
