import type { Template } from '../../contract/template.ts';
import { classifierApplyParams, probabilitiesOption } from '../class-predictions.ts';
import { classWeightOption } from '../class-weight.ts';
import { classTarget, numberTarget } from '../targets.ts';
import { averageOfTrees } from './ensemble.ts';
import { forestClasses, shared } from './forest-target.ts';
import { classifierToOnnx, regressorToOnnx } from './onnx.ts';
import {
  criterionOption,
  estimatorsOption,
  growSettings,
  maxFeaturesOption,
  treeOptions,
} from './options.ts';
import { trainForest } from './train.ts';
import { importanceSummary, treeClassifier, treeRegressor } from './tree-model.ts';
import type { TreeClassifierModel, TreeModel } from './tree-model.ts';

const bootstrapOption = {
  type: 'boolean',
  default: true,
  description: 'Whether each tree learns from rows drawn with replacement, as many as there are.',
} as const;

/** Random forest (Breiman 2001) as scikit-learn's RandomForestClassifier: the trees' class shares are averaged. */
export const randomForestClassifier: Template<TreeClassifierModel> = {
  name: 'RandomForestClassifier',
  kind: 'classifier',
  description: 'Predicts a class by the vote of many decision trees.',
  params: {
    type: 'object',
    properties: {
      n_estimators: estimatorsOption,
      criterion: criterionOption,
      ...treeOptions,
      max_features: maxFeaturesOption('sqrt'),
      bootstrap: bootstrapOption,
      class_weight: forestWeightOption(),
      probabilities: probabilitiesOption,
    },
    additionalProperties: false,
  },
  applyParams: classifierApplyParams,
  rename: 'output',
  init: (params) => params,
  async fit(params, { features, target }, context) {
    const classes = classTarget({ features, target }, 'RandomForestClassifier');
    const trees = await trainForest(
      features,
      {
        ...growSettings({ max_features: 'sqrt', ...params }, features.rows, features.columns.length),
        target: forestClasses(classes, params, 'RandomForestClassifier'),
        trees: Number(params.n_estimators ?? 100),
        bootstrap: params.bootstrap !== false,
        splitter: 'best',
      },
      context,
    );
    return {
      features: features.names,
      target: classes.name,
      classes: classes.classes,
      probabilities: params.probabilities === true,
      ...averageOfTrees(trees, features.columns.length, classes.classes.length),
    };
  },
  ...treeClassifier,
  summary: importanceSummary,
  toOnnx: classifierToOnnx,
};

function forestWeightOption() {
  const option = classWeightOption('none', ['none', 'balanced', 'balanced_subsample']);
  return {
    ...option,
    description: `${option.description} balanced_subsample balances the rows of each tree.`,
  };
}

/** Random forest as scikit-learn's RandomForestRegressor: the trees' means are averaged. */
export const randomForestRegressor: Template<TreeModel> = {
  name: 'RandomForestRegressor',
  kind: 'regressor',
  description: 'Predicts a number as the average of many decision trees.',
  params: {
    type: 'object',
    properties: {
      n_estimators: estimatorsOption,
      ...treeOptions,
      max_features: maxFeaturesOption('none'),
      bootstrap: bootstrapOption,
    },
    additionalProperties: false,
  },
  rename: 'output',
  init: (params) => params,
  async fit(params, { features, target }, context) {
    const numbers = numberTarget({ features, target }, 'RandomForestRegressor');
    const trees = await trainForest(
      features,
      {
        ...growSettings(params, features.rows, features.columns.length),
        target: { kind: 'number', values: shared(numbers.values) },
        trees: Number(params.n_estimators ?? 100),
        bootstrap: params.bootstrap !== false,
        splitter: 'best',
      },
      context,
    );
    return {
      features: features.names,
      target: numbers.name,
      ...averageOfTrees(trees, features.columns.length, 1),
    };
  },
  ...treeRegressor,
  summary: importanceSummary,
  toOnnx: regressorToOnnx,
};
