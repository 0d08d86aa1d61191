import type { OptionSchema, Params, ParamsSchema, Template } from '../../contract/template.ts';
import { classifierApplyParams, probabilitiesOption } from '../class-predictions.ts';
import { classWeightOption } from '../class-weight.ts';
import { classTarget, numberTarget } from '../targets.ts';
import { averageOfTrees } from './ensemble.ts';
import { forestClasses, shared } from './forest-target.ts';
import { classifierToOnnx, regressorToOnnx } from './onnx.ts';
import { criterionOption, growSettings, maxFeaturesOption, treeOptions } from './options.ts';
import { trainForest } from './train.ts';
import { treeClassifier, treeRegressor } from './tree-model.ts';
import type { TreeClassifierModel, TreeModel } from './tree-model.ts';
import { treeSummary } from './tree-summary.ts';

/** What `summary` tells of the tree beside its shape: rows, and the values of inner nodes too, node by node. */
export type TreeDetails = {
  readonly samples: Int32Array;
  readonly values: Float64Array;
};

const splitterOption: OptionSchema = {
  type: 'string',
  default: 'best',
  enum: ['best', 'random'],
  description: 'How a split is chosen: best of all, or best of one cut by chance through each field.',
};

const summaryParams: ParamsSchema = {
  type: 'object',
  properties: {
    limit: {
      type: 'integer',
      default: 5,
      minimum: 1,
      description: 'Levels of the tree that are shown.',
    },
    json: { type: 'boolean', default: false, description: 'Whether the tree is shown as JSON.' },
  },
  additionalProperties: false,
};

const splitterOf = ({ splitter }: Params): 'best' | 'random' => (splitter === 'random' ? 'random' : 'best');

/** CART (Breiman et al. 1984) as scikit-learn's DecisionTreeClassifier; classes weigh as balanced, as in MLTK. */
export const decisionTreeClassifier: Template<TreeClassifierModel & TreeDetails> = {
  name: 'DecisionTreeClassifier',
  kind: 'classifier',
  description: 'Predicts a class by a tree of questions about single fields.',
  params: {
    type: 'object',
    properties: {
      criterion: criterionOption,
      splitter: splitterOption,
      ...treeOptions,
      max_features: maxFeaturesOption('none'),
      class_weight: classWeightOption('balanced'),
      probabilities: probabilitiesOption,
    },
    additionalProperties: false,
  },
  applyParams: classifierApplyParams,
  summaryParams,
  rename: 'output',
  init: (params) => params,
  async fit(params, { features, target }, context) {
    const classes = classTarget({ features, target }, 'DecisionTreeClassifier');
    const trees = await trainForest(
      features,
      {
        ...growSettings(params, features.rows, features.columns.length),
        target: forestClasses(classes, { class_weight: 'balanced', ...params }, 'DecisionTreeClassifier'),
        trees: 1,
        bootstrap: false,
        splitter: splitterOf(params),
      },
      context,
    );
    return {
      features: features.names,
      target: classes.name,
      classes: classes.classes,
      probabilities: params.probabilities === true,
      ...averageOfTrees(trees, features.columns.length, classes.classes.length),
      samples: trees[0].samples,
      values: trees[0].values,
    };
  },
  ...treeClassifier,
  summary: (state, options) => treeSummary(state, state.classes, options),
  toOnnx: classifierToOnnx,
};

/** CART as scikit-learn's DecisionTreeRegressor, by squared error. */
export const decisionTreeRegressor: Template<TreeModel & TreeDetails> = {
  name: 'DecisionTreeRegressor',
  kind: 'regressor',
  description: 'Predicts a number by a tree of questions about single fields.',
  params: {
    type: 'object',
    properties: {
      splitter: splitterOption,
      ...treeOptions,
      max_features: maxFeaturesOption('none'),
    },
    additionalProperties: false,
  },
  summaryParams,
  rename: 'output',
  init: (params) => params,
  async fit(params, { features, target }, context) {
    const numbers = numberTarget({ features, target }, 'DecisionTreeRegressor');
    const trees = await trainForest(
      features,
      {
        ...growSettings(params, features.rows, features.columns.length),
        target: { kind: 'number', values: shared(numbers.values) },
        trees: 1,
        bootstrap: false,
        splitter: splitterOf(params),
      },
      context,
    );
    return {
      features: features.names,
      target: numbers.name,
      ...averageOfTrees(trees, features.columns.length, 1),
      samples: trees[0].samples,
      values: trees[0].values,
    };
  },
  ...treeRegressor,
  summary: (state, options) => treeSummary(state, null, options),
  toOnnx: regressorToOnnx,
};
