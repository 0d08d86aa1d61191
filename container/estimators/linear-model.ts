import type {
  FeatureWeights,
  LinearPlan,
  NumericTable,
  OnnxGraph,
  OutputColumn,
  SummaryTable,
} from '../contract/template.ts';

/** What every linear regressor keeps: prediction = intercept + sum of coefficient times feature. */
export type LinearState = {
  readonly features: readonly string[];
  readonly target: string;
  readonly coefficients: Float64Array;
  readonly intercept: number;
};

/** intercept + Σ weight × column, row by row, added in the order of the columns. */
export function linearScores(
  features: NumericTable,
  weights: Float64Array,
  offset: number,
  intercept: number,
): Float64Array {
  const scores = new Float64Array(features.rows).fill(intercept);
  features.columns.forEach((column, f) => {
    const weight = weights[offset + f];
    for (let i = 0; i < scores.length; i++) scores[i] += weight * column[i];
  });
  return scores;
}

export const linearRegressor = {
  plan: (state: LinearState): LinearPlan => ({
    kind: 'linear',
    features: state.coefficients.length,
    outputs: 1,
    weights: state.coefficients,
    intercepts: Float64Array.of(state.intercept),
  }),

  decode: (state: LinearState, scores: readonly Float64Array[]): OutputColumn[] => [
    { name: `predicted(${state.target})`, kind: 'number', values: scores[0] },
  ],

  apply: (state: LinearState, features: NumericTable): OutputColumn[] =>
    linearRegressor.decode(state, [linearScores(features, state.coefficients, 0, state.intercept)]),

  summary: (state: LinearState): SummaryTable => ({
    fields: ['feature', 'coefficient'],
    rows: [
      ...state.features.map((name, f) => [name, state.coefficients[f]]),
      ['_intercept', state.intercept],
    ],
  }),

  featureWeights: ({ features, target, coefficients, intercept }: LinearState): FeatureWeights => ({
    kind: 'coefficients',
    rows: [
      ...features.map((feature, f) => ({ output: target, feature, value: coefficients[f] })),
      { output: target, feature: '_intercept', value: intercept },
    ],
  }),

  toOnnx: (state: LinearState, graph: OnnxGraph): void => {
    const weights = graph.tensor(state.coefficients, [state.coefficients.length, 1]);
    const intercept = graph.tensor(Float64Array.of(state.intercept), [1]);
    const [product] = graph.node('MatMul', [graph.input, weights], 1);
    const [sum] = graph.node('Add', [product, intercept], 1);
    graph.output('variable', sum, 'double', 1);
  },
};
