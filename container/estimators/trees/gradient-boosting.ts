import { KeplerError } from '../../contract/errors.ts';
import type {
  NumericTable,
  OutputColumn,
  Params,
  Template,
  TemplateContext,
  TreeEnsemble,
} from '../../contract/template.ts';
import {
  classifierApplyParams,
  classPredictions,
  probabilitiesOption,
  softmax,
} from '../class-predictions.ts';
import { classWeightOption, classWeights } from '../class-weight.ts';
import { classTarget, numberTarget } from '../targets.ts';
import type { BoostTarget } from './boosting.ts';
import { assembleEnsemble, importances, scoreEnsemble } from './ensemble.ts';
import { shared } from './forest-target.ts';
import { sigmoid } from './losses.ts';
import { boostedClassifierToOnnx, regressorToOnnx } from './onnx.ts';
import { estimatorsOption, growSettings, maxFeaturesOption, treeOptions } from './options.ts';
import { trainBoosting } from './train.ts';
import { importanceSummary, rounded, treeRegressor, treeWeights } from './tree-model.ts';
import type { TreeClassifierModel, TreeModel } from './tree-model.ts';

/** Levels of a tree when neither its depth nor its leaves are limited. */
const DEFAULT_DEPTH = 3;

const boostingOptions = {
  n_estimators: { ...estimatorsOption, description: 'How many rounds of trees.' },
  learning_rate: {
    type: 'number',
    default: 0.1,
    minimum: 0,
    description: 'How much of each tree is added: smaller needs more trees.',
  },
  subsample: {
    type: 'number',
    default: 1,
    exclusiveMinimum: 0,
    maximum: 1,
    description: 'Share of the rows that each round learns from.',
  },
  ...treeOptions,
  max_depth: {
    ...treeOptions.max_depth,
    description: `Levels of splits at most, ${DEFAULT_DEPTH} when not given; none for no limit. Ignored beside max_leaf_nodes.`,
  },
  max_leaf_nodes: {
    ...treeOptions.max_leaf_nodes,
    description: 'Leaves of a tree at most, the most useful splits first; takes the place of max_depth.',
  },
  max_features: maxFeaturesOption('none'),
} as const;

type BoostedClassifier = TreeClassifierModel & {
  /** What the score of two classes is multiplied by before the sigmoid: 2 with exponential loss. */
  readonly scoreFactor: number;
};

async function fitBoosting(
  params: Params,
  features: NumericTable,
  target: BoostTarget,
  context: TemplateContext,
): Promise<{ ensemble: TreeEnsemble; importances: Float64Array }> {
  const byLeaves = typeof params.max_leaf_nodes === 'number';
  if (byLeaves && typeof params.max_depth === 'number')
    context.warn('Option "max_depth" is ignored, because "max_leaf_nodes" is given.');
  const depth = byLeaves ? null : params.max_depth === undefined ? DEFAULT_DEPTH : params.max_depth;
  const width = features.columns.length;
  const { outputs, base, trees } = await trainBoosting(
    features,
    {
      ...growSettings({ ...params, max_depth: depth }, features.rows, width),
      target,
      rounds: Number(params.n_estimators ?? 100),
      learningRate: Number(params.learning_rate ?? 0.1),
      subsample: Number(params.subsample ?? 1),
    },
    context,
  );
  return {
    ensemble: assembleEnsemble(trees, {
      features: width,
      outputs,
      leafWidth: 1,
      base,
      ...(outputs > 1 && { treeOutput: Int32Array.from(trees, (_, t) => t % outputs) }),
      factor: Number(params.learning_rate ?? 0.1),
    }),
    importances: importances(trees, width, false),
  };
}

/** Gradient boosting (Friedman 2001) as scikit-learn's GradientBoostingClassifier. */
export const gradientBoostingClassifier: Template<BoostedClassifier> = {
  name: 'GradientBoostingClassifier',
  kind: 'classifier',
  description: 'Predicts a class by trees that each correct the ones before.',
  params: {
    type: 'object',
    properties: {
      loss: {
        type: 'string',
        default: 'log_loss',
        enum: ['log_loss', 'deviance', 'exponential'],
        description:
          'What is minimised: log_loss (deviance is its old name), or exponential for two classes.',
      },
      ...boostingOptions,
      class_weight: classWeightOption('none'),
      probabilities: probabilitiesOption,
    },
    additionalProperties: false,
  },
  applyParams: classifierApplyParams,
  rename: 'output',
  init(params, shape) {
    if (params.loss === 'exponential' && shape.classes !== undefined && shape.classes > 2)
      throw new KeplerError(
        'invalid_arguments',
        `GradientBoostingClassifier: loss=exponential is for two classes; the target has ${shape.classes}. Use loss=log_loss.`,
      );
    return params;
  },
  async fit(params, { features, target }, context) {
    const classes = classTarget({ features, target }, 'GradientBoostingClassifier');
    const exponential = params.loss === 'exponential';
    gradientBoostingClassifier.init(params, {
      rows: features.rows,
      features: features.columns.length,
      classes: classes.classes.length,
    });
    const fitted = await fitBoosting(
      params,
      features,
      {
        kind: 'classes',
        loss: exponential ? 'exponential' : 'log_loss',
        codes: shared(classes.codes),
        weights: classWeights(String(params.class_weight ?? 'none'), classes, 'GradientBoostingClassifier'),
      },
      context,
    );
    return {
      features: features.names,
      target: classes.name,
      classes: classes.classes,
      probabilities: params.probabilities === true,
      scoreFactor: exponential ? 2 : 1,
      ...fitted,
    };
  },
  plan: (state) => state.ensemble,
  featureWeights: treeWeights,
  decode: (state, scores, _rows, options) => decodeBoosted(state, scores, options),
  apply: (state, features, options) => decodeBoosted(state, scoreEnsemble(state.ensemble, features), options),
  summary: importanceSummary,
  toOnnx: boostedClassifierToOnnx,
};

/** Two classes have one score, which is 0 or more for the second; more classes have one each. */
function decodeBoosted(
  state: BoostedClassifier,
  scores: readonly Float64Array[],
  options: Params,
): OutputColumn[] {
  if (scores.length > 1) return classPredictions(state, rounded(scores), () => softmax(scores), options);
  const [score] = scores;
  // Of equal scores the first class wins; at 0 it must be the second.
  const sides = [
    score.map((s) => (Math.fround(s) >= 0 ? 0 : 1)),
    score.map((s) => (Math.fround(s) >= 0 ? 1 : 0)),
  ];
  const probabilities = () => {
    const second = score.map((s) => sigmoid(s * state.scoreFactor));
    return [second.map((p) => 1 - p), second];
  };
  return classPredictions(state, sides, probabilities, options);
}

/** Gradient boosting as scikit-learn's GradientBoostingRegressor. */
export const gradientBoostingRegressor: Template<TreeModel> = {
  name: 'GradientBoostingRegressor',
  kind: 'regressor',
  description: 'Predicts a number by trees that each correct the ones before.',
  params: {
    type: 'object',
    properties: {
      loss: {
        type: 'string',
        default: 'squared_error',
        enum: ['squared_error', 'absolute_error', 'huber', 'quantile'],
        description: 'What is minimised.',
      },
      alpha: {
        type: 'number',
        default: 0.9,
        exclusiveMinimum: 0,
        exclusiveMaximum: 1,
        description:
          'The quantile that loss=quantile predicts, or beyond which loss=huber counts errors less.',
      },
      ...boostingOptions,
    },
    additionalProperties: false,
  },
  rename: 'output',
  init: (params) => params,
  async fit(params, { features, target }, context) {
    const numbers = numberTarget({ features, target }, 'GradientBoostingRegressor');
    const loss = (params.loss ?? 'squared_error') as Extract<BoostTarget, { kind: 'number' }>['loss'];
    const fitted = await fitBoosting(
      params,
      features,
      { kind: 'number', loss, values: shared(numbers.values), alpha: Number(params.alpha ?? 0.9) },
      context,
    );
    return { features: features.names, target: numbers.name, ...fitted };
  },
  ...treeRegressor,
  summary: importanceSummary,
  toOnnx: regressorToOnnx,
};
