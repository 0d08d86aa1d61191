import type { LinearPlan, NumericTable, OutputColumn, Params, Template } from '../contract/template.ts';
import {
  classifierApplyParams,
  classPredictions,
  probabilitiesOption,
  softmax,
} from './class-predictions.ts';
import type { ClassifierState } from './class-predictions.ts';
import { classWeightOption, classWeights } from './class-weight.ts';
import { linearScores } from './linear-model.ts';
import { minimise } from './logistic/newton.ts';
import { logisticProblem, ownUnits } from './logistic/problem.ts';
import { classTarget } from './targets.ts';

type LogisticState = ClassifierState & {
  readonly features: readonly string[];
  /** Outputs × features: one output for two classes (towards the second), else one a class. */
  readonly coefficients: Float64Array;
  readonly intercepts: Float64Array;
};

/** The optimum of logistic regression with C = 1 and an L2 penalty that leaves the intercept free: scikit-learn's LogisticRegression, run to its end. */
export const logisticRegression: Template<LogisticState> = {
  name: 'LogisticRegression',
  kind: 'classifier',
  description: 'Predicts a class, with probabilities, from a weighted sum of the features.',
  params: {
    type: 'object',
    properties: {
      fit_intercept: {
        type: 'boolean',
        default: true,
        description: 'Whether the scores have a constant part.',
      },
      probabilities: probabilitiesOption,
      class_weight: classWeightOption('balanced'),
    },
    additionalProperties: false,
  },
  applyParams: classifierApplyParams,
  rename: 'output',
  init: (params) => params,

  fit(params, input, context) {
    const target = classTarget(input, 'LogisticRegression');
    const weights = classWeights(params.class_weight as string, target, 'LogisticRegression');
    const { names, columns } = input.features;
    const problem = logisticProblem(columns, target, weights, params.fit_intercept === true);
    const optimum = minimise(problem, context.signal, (share) => context.progress(share, 'training'));
    if (!optimum.converged) {
      context.warn(
        'LogisticRegression: the optimum was not reached to full accuracy; bring the features to one scale with StandardScaler.',
      );
    }
    return {
      features: names,
      target: target.name,
      classes: target.classes,
      probabilities: params.probabilities === true,
      ...ownUnits(problem, optimum.point),
    };
  },

  apply: (state, features: NumericTable, options: Params) =>
    decode(
      state,
      Array.from(state.intercepts, (intercept, k) =>
        linearScores(features, state.coefficients, k * state.features.length, intercept),
      ),
      options,
    ),

  plan: (state): LinearPlan => ({
    kind: 'linear',
    features: state.features.length,
    outputs: state.intercepts.length,
    weights: state.coefficients,
    intercepts: state.intercepts,
  }),

  decode: (state, scores, _rows, options) => decode(state, scores, options),

  summary: (state) => ({
    fields: ['feature', 'coefficient', 'class'],
    rows: Array.from(state.intercepts).flatMap((intercept, k) => [
      ...state.features.map((name, f) => [
        name,
        state.coefficients[k * state.features.length + f],
        state.classes[k],
      ]),
      ['_intercept', intercept, state.classes[k]],
    ]),
  }),

  featureWeights({ classes, features, coefficients, intercepts }) {
    // With two classes the one score is that of the second.
    const first = classes.length - intercepts.length;
    return {
      kind: 'coefficients',
      rows: Array.from(intercepts).flatMap((intercept, k) => [
        ...features.map((feature, f) => ({
          output: classes[first + k],
          feature,
          value: coefficients[k * features.length + f],
        })),
        { output: classes[first + k], feature: '_intercept', value: intercept },
      ]),
    };
  },

  toOnnx(state, graph) {
    const { classes, features, coefficients, intercepts } = state;
    const count = classes.length;
    // With two classes the first one's score is 0.
    const first = count - intercepts.length;
    const weights = new Float64Array(features.length * count);
    const offsets = new Float64Array(count);
    for (let k = first; k < count; k++) {
      offsets[k] = intercepts[k - first];
      for (let f = 0; f < features.length; f++) {
        weights[f * count + k] = coefficients[(k - first) * features.length + f];
      }
    }
    const [product] = graph.node('MatMul', [graph.input, graph.tensor(weights, [features.length, count])], 1);
    const [scores] = graph.node('Add', [product, graph.tensor(offsets, [1, count])], 1);
    const [probabilities] = graph.node('Softmax', [scores], 1, { axis: 1 });
    const [best] = graph.node('ArgMax', [scores], 1, { axis: 1, keepdims: 0 });
    const [label] = graph.node('Gather', [graph.tensor(classes, [count]), best], 1, { axis: 0 });
    graph.output('label', label, 'string', null);
    graph.output('probabilities', probabilities, 'double', count);
  },
};

function decode(state: LogisticState, scores: readonly Float64Array[], options: Params): OutputColumn[] {
  const all = scores.length === 1 ? [new Float64Array(scores[0].length), scores[0]] : scores;
  return classPredictions(state, all, () => softmax(all), options);
}
