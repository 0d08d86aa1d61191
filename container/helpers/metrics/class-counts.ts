import { sumOf } from './sums.ts';

/** Rows of a class, or their weight. */
export interface ClassCounts {
  /** Rows of the class predicted as such. */
  readonly right: number;
  readonly predicted: number;
  readonly actual: number;
}

export interface ClassScores {
  readonly precision: number;
  readonly recall: number;
  readonly fbeta: number;
  /** Rows right among all that are, or are predicted to be, of the class (Jaccard). */
  readonly jaccard: number;
}

/** Rows by actual and predicted class, `counts[actual * classes + predicted]`. */
export function confusionCounts(
  actual: Int32Array,
  predicted: Int32Array,
  classes: number,
  weights?: Float64Array,
): Float64Array {
  const counts = new Float64Array(classes * classes);
  for (let i = 0; i < actual.length; i++) {
    counts[actual[i] * classes + predicted[i]] += weights ? weights[i] : 1;
  }
  return counts;
}

/** Of each class, without the whole matrix: takes any number of classes. */
export function countClasses(
  actual: Int32Array,
  predicted: Int32Array,
  classes: number,
  weights?: Float64Array,
): ClassCounts[] {
  const right = new Float64Array(classes);
  const asPredicted = new Float64Array(classes);
  const asActual = new Float64Array(classes);
  for (let i = 0; i < actual.length; i++) {
    const weight = weights ? weights[i] : 1;
    asActual[actual[i]] += weight;
    asPredicted[predicted[i]] += weight;
    if (actual[i] === predicted[i]) right[actual[i]] += weight;
  }
  return Array.from(right, (count, k) => ({ right: count, predicted: asPredicted[k], actual: asActual[k] }));
}

/** Counts added up over classes: what micro-averages are made of. */
export function totalCounts(counts: readonly ClassCounts[]): ClassCounts {
  const total = (of: (count: ClassCounts) => number): number => sumOf(counts.length, (k) => of(counts[k]));
  return {
    right: total(({ right }) => right),
    predicted: total(({ predicted }) => predicted),
    actual: total(({ actual }) => actual),
  };
}

/**
 * Scores of one class, or of counts added up over classes.
 * @param beta Weight of recall in the F score; Infinity makes it recall.
 * @param zeroDivision What a share of nothing is.
 */
export function classScores(
  { right, predicted, actual }: ClassCounts,
  beta = 1,
  zeroDivision = 0,
): ClassScores {
  const share = (part: number, whole: number): number => (whole === 0 ? zeroDivision : part / whole);
  const recall = share(right, actual);
  const weight = beta * beta;
  return {
    precision: share(right, predicted),
    recall,
    fbeta: beta === Infinity ? recall : share((1 + weight) * right, weight * actual + predicted),
    jaccard: share(right, actual + predicted - right),
  };
}

/**
 * The mean over classes, each weighing alike (macro) or by its actual rows (weighted). Scores that are NaN by
 * `zeroDivision` are left out, as in scikit-learn.
 */
export function averageScores(
  counts: readonly ClassCounts[],
  scores: readonly ClassScores[],
  average: 'macro' | 'weighted',
): ClassScores {
  const weights = counts.map(({ actual }) => (average === 'macro' ? 1 : actual));
  const mean = (of: (score: ClassScores) => number): number => {
    const kept = scores.map((_, k) => k).filter((k) => !Number.isNaN(of(scores[k])));
    if (kept.length === 0) return NaN;
    const total = sumOf(kept.length, (i) => weights[kept[i]]);
    if (total === 0) return sumOf(kept.length, (i) => of(scores[kept[i]])) / kept.length;
    return sumOf(kept.length, (i) => of(scores[kept[i]]) * weights[kept[i]]) / total;
  };
  return {
    precision: mean(({ precision }) => precision),
    recall: mean(({ recall }) => recall),
    fbeta: mean(({ fbeta }) => fbeta),
    jaccard: mean(({ jaccard }) => jaccard),
  };
}
