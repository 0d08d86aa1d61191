import type {
  FeatureWeights,
  NumericTable,
  OutputColumn,
  Params,
  SummaryTable,
  TreeEnsemble,
} from '../../contract/template.ts';
import { classPredictions } from '../class-predictions.ts';
import { scoreEnsemble } from './ensemble.ts';

/** What every tree-based model keeps. */
export type TreeModel = {
  readonly features: readonly string[];
  readonly target: string;
  readonly ensemble: TreeEnsemble;
  /** Of each feature, sum 1. */
  readonly importances: Float64Array;
  /** Standard deviation of the trees' importances; absent for single trees, boosting, and models of before it was kept. */
  readonly importanceSpread?: Float64Array;
};

export type TreeClassifierModel = TreeModel & {
  readonly classes: readonly string[];
  readonly probabilities: boolean;
};

/** Scores as float32: sums that differ by rounding alone are ties, here as in ONNX, and ties go to the first class. */
export function rounded(scores: readonly Float64Array[]): Float64Array[] {
  return scores.map((values) => values.map(Math.fround));
}

/** For the picture of importances. */
export function treeWeights({ features, importances, importanceSpread }: TreeModel): FeatureWeights {
  return {
    kind: 'importance',
    rows: features.map((feature, f) => ({
      feature,
      value: importances[f],
      ...(importanceSpread && { spread: importanceSpread[f] }),
    })),
  };
}

export const treeRegressor = {
  featureWeights: treeWeights,

  plan: (state: TreeModel): TreeEnsemble => state.ensemble,

  decode: (state: TreeModel, scores: readonly Float64Array[]): OutputColumn[] => [
    { name: `predicted(${state.target})`, kind: 'number', values: scores[0] },
  ],

  apply: (state: TreeModel, features: NumericTable): OutputColumn[] =>
    treeRegressor.decode(state, scoreEnsemble(state.ensemble, features)),
};

/** Classifiers whose scores are the classes' probabilities: decision trees and forests. */
export const treeClassifier = {
  featureWeights: treeWeights,

  plan: (state: TreeClassifierModel): TreeEnsemble => state.ensemble,

  decode: (
    state: TreeClassifierModel,
    scores: readonly Float64Array[],
    _rows: number,
    options: Params,
  ): OutputColumn[] => classPredictions(state, rounded(scores), () => scores, options),

  apply: (state: TreeClassifierModel, features: NumericTable, options: Params): OutputColumn[] =>
    treeClassifier.decode(state, scoreEnsemble(state.ensemble, features), features.rows, options),
};

/** Features and their importance, in the order of the features. */
export function importanceSummary(state: TreeModel): SummaryTable {
  return {
    fields: ['feature', 'importance'],
    rows: state.features.map((name, f) => [name, state.importances[f]]),
  };
}
