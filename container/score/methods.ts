import { anova } from './anova/anova.ts';
import { accuracyScore } from './classification/accuracy.ts';
import { confusionMatrix } from './classification/confusion-matrix.ts';
import {
  f1Score,
  precisionRecallFscoreSupport,
  precisionScore,
  recallScore,
} from './classification/precision-recall.ts';
import { rocAucScore, rocCurve } from './classification/roc.ts';
import { silhouetteScore } from './clustering/silhouette.ts';
import { pairwiseDistances } from './distances/pairwise-distances.ts';
import {
  explainedVarianceScore,
  meanAbsoluteErrorScore,
  meanSquaredErrorScore,
  r2Score,
} from './regression/regression-scores.ts';
import { pearsonr, spearmanr } from './statistics/correlation.ts';
import { describe, moment } from './statistics/describe.ts';
import { fOneway } from './statistics/f-oneway.ts';
import { ks2samp } from './statistics/ks-2samp.ts';
import { kstest } from './statistics/kstest.ts';
import { mannwhitneyu } from './statistics/mann-whitney.ts';
import { normaltest } from './statistics/normality.ts';
import { energyDistance, wassersteinDistance } from './statistics/sample-distance.ts';
import { ttest1samp, ttestInd, ttestRel } from './statistics/t-tests.ts';
import { tmean, trim, tvar } from './statistics/trimmed.ts';
import { wilcoxon } from './statistics/wilcoxon.ts';
import { adfuller } from './time-series/adfuller.ts';
import { kpss } from './time-series/kpss.ts';
import type { ScoreMethod } from './types.ts';

const METHODS: readonly ScoreMethod[] = [
  accuracyScore,
  precisionScore,
  recallScore,
  f1Score,
  precisionRecallFscoreSupport,
  confusionMatrix,
  rocAucScore,
  rocCurve,
  r2Score,
  explainedVarianceScore,
  meanSquaredErrorScore,
  meanAbsoluteErrorScore,
  silhouetteScore,
  pairwiseDistances,
  describe,
  moment,
  pearsonr,
  spearmanr,
  tmean,
  tvar,
  trim,
  ttest1samp,
  ttestInd,
  ttestRel,
  normaltest,
  fOneway,
  anova,
  ks2samp,
  kstest,
  mannwhitneyu,
  wilcoxon,
  wassersteinDistance,
  energyDistance,
  adfuller,
  kpss,
];

/** Every method of `score`, by name. */
export const SCORE_METHODS: ReadonlyMap<string, ScoreMethod> = Object.freeze(
  new Map(METHODS.map((method) => [method.name, Object.freeze(method)])),
);
