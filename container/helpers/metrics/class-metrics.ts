import { accuracy, balancedAccuracy, matthews, plainKappa } from './agreement.ts';
import { averageScores, classScores, totalCounts } from './class-counts.ts';
import type { ClassCounts, ClassScores } from './class-counts.ts';

export type Average = 'binary' | 'micro' | 'macro' | 'weighted' | 'none';

export interface ClassAveraging {
  /** What the scores without a suffix are; where not given `binary` for two classes, else `weighted`. */
  readonly average?: Average;
  /** The class that `binary` is about; where not given the last one. */
  readonly positive?: number;
  /** What a share of nothing is: 0 where not given. */
  readonly zeroDivision?: number;
  /** Adds `fbeta`. */
  readonly beta?: number;
}

/** All single numbers that the counts of classes give; names as in `calculateClassificationMetrics`. */
export function classMetrics(
  counts: readonly ClassCounts[],
  how: ClassAveraging = {},
): Record<string, number> {
  const { zeroDivision = 0, positive = counts.length - 1, beta } = how;
  const average = how.average ?? (counts.length <= 2 ? 'binary' : 'weighted');
  const of = (which: Exclude<Average, 'none'>, weigh = 1): ClassScores => {
    if (which === 'binary') return classScores(counts[positive], weigh, zeroDivision);
    if (which === 'micro') return classScores(totalCounts(counts), weigh, zeroDivision);
    const each = counts.map((count) => classScores(count, weigh, zeroDivision));
    return averageScores(counts, each, which);
  };
  return {
    accuracy: accuracy(counts),
    balanced_accuracy: balancedAccuracy(counts),
    ...(average !== 'none' && named(of(average))),
    ...(average !== 'none' && beta !== undefined && { fbeta: of(average, beta).fbeta }),
    ...named(of('macro'), '_macro'),
    ...named(of('micro'), '_micro'),
    ...named(of('weighted'), '_weighted'),
    matthews_corrcoef: matthews(counts),
    cohen_kappa: plainKappa(counts),
    hamming_loss: 1 - accuracy(counts),
  };
}

function named(scores: ClassScores, suffix = ''): Record<string, number> {
  return {
    [`precision${suffix}`]: scores.precision,
    [`recall${suffix}`]: scores.recall,
    [`f1${suffix}`]: scores.fbeta,
    [`jaccard${suffix}`]: scores.jaccard,
  };
}
