import { accuracyScore } from './classification/accuracy.ts';
import {
  explainedVarianceScore,
  meanAbsoluteErrorScore,
  meanSquaredErrorScore,
  r2Score,
} from './regression/regression-scores.ts';
import type { ScoreMethod } from './types.ts';

/** Every method of `score`, by name. */
export const SCORE_METHODS: ReadonlyMap<string, ScoreMethod> = Object.freeze(
  new Map(
    [accuracyScore, r2Score, explainedVarianceScore, meanSquaredErrorScore, meanAbsoluteErrorScore].map(
      (method) => [method.name, Object.freeze(method)],
    ),
  ),
);
