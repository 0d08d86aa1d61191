import { argsort } from './order.ts';

/** Weight of the rows scored at or above each distinct score, from the highest score down. */
export interface ScoreCounts {
  readonly thresholds: readonly number[];
  readonly falsePositives: readonly number[];
  readonly truePositives: readonly number[];
  readonly positives: number;
  readonly negatives: number;
}

/**
 * Rows by score, for everything that asks how well a score tells the positive rows from the others. Rows of equal score
 * stand at one threshold; rows without weight at none.
 *
 * @param codes A row is positive where its code is `positive`.
 */
export function scoreCounts(
  scores: Float64Array,
  codes: Int32Array,
  positive: number,
  weights?: Float64Array,
): ScoreCounts {
  return weights ? weighted(scores, codes, positive, weights) : counted(scores, codes, positive);
}

function counted(scores: Float64Array, codes: Int32Array, positive: number): ScoreCounts {
  const [inside, outside] = split(scores, codes, positive);
  const thresholds: number[] = [];
  const falsePositives: number[] = [];
  const truePositives: number[] = [];
  let p = inside.length;
  let q = outside.length;
  while (p > 0 || q > 0) {
    const threshold = Math.max(p > 0 ? inside[p - 1] : -Infinity, q > 0 ? outside[q - 1] : -Infinity);
    while (p > 0 && inside[p - 1] === threshold) p--;
    while (q > 0 && outside[q - 1] === threshold) q--;
    thresholds.push(threshold);
    truePositives.push(inside.length - p);
    falsePositives.push(outside.length - q);
  }
  return { thresholds, falsePositives, truePositives, positives: inside.length, negatives: outside.length };
}

function weighted(
  scores: Float64Array,
  codes: Int32Array,
  positive: number,
  weights: Float64Array,
): ScoreCounts {
  const order = argsort(scores);
  const thresholds: number[] = [];
  const falsePositives: number[] = [];
  const truePositives: number[] = [];
  let [inside, outside] = [0, 0];
  for (let i = order.length; i > 0;) {
    const threshold = scores[order[i - 1]];
    let any = false;
    for (; i > 0 && scores[order[i - 1]] === threshold; i--) {
      const row = order[i - 1];
      if (weights[row] === 0) continue;
      any = true;
      if (codes[row] === positive) inside += weights[row];
      else outside += weights[row];
    }
    if (!any) continue;
    thresholds.push(threshold);
    truePositives.push(inside);
    falsePositives.push(outside);
  }
  return { thresholds, falsePositives, truePositives, positives: inside, negatives: outside };
}

/** The scores of the positive rows and of the others, each in rising order. */
function split(scores: Float64Array, codes: Int32Array, positive: number): [Float64Array, Float64Array] {
  let count = 0;
  for (let i = 0; i < codes.length; i++) if (codes[i] === positive) count++;
  const inside = new Float64Array(count);
  const outside = new Float64Array(codes.length - count);
  let p = 0;
  let q = 0;
  for (let i = 0; i < codes.length; i++) {
    if (codes[i] === positive) inside[p++] = scores[i];
    else outside[q++] = scores[i];
  }
  return [inside.sort(), outside.sort()];
}

export interface RocCurve {
  readonly fpr: readonly number[];
  readonly tpr: readonly number[];
  readonly thresholds: readonly number[];
}

/** scikit-learn's roc_curve. Rates of nothing are NaN. @param every False leaves out points on a straight line between others. */
export function rocCurve(counts: ScoreCounts, every = false): RocCurve {
  const { positives, negatives, thresholds, falsePositives: fp, truePositives: tp } = counts;
  const last = thresholds.length - 1;
  const bends = (at: readonly number[], i: number): boolean => at[i + 1] - at[i] !== at[i] - at[i - 1];
  const kept = thresholds
    .map((_, i) => i)
    .filter((i) => every || i === 0 || i === last || bends(fp, i) || bends(tp, i));
  return {
    fpr: [0 / negatives, ...kept.map((i) => fp[i] / negatives)],
    tpr: [0 / positives, ...kept.map((i) => tp[i] / positives)],
    thresholds: [Infinity, ...kept.map((i) => thresholds[i])],
  };
}

/** Area under the ROC curve: trapezoids, in whole counts where rows have no weights. NaN where one side is empty. */
export function rocArea({
  falsePositives: fp,
  truePositives: tp,
  positives,
  negatives,
}: ScoreCounts): number {
  if (positives === 0 || negatives === 0) return NaN;
  let twice = 0;
  for (let i = 0; i < fp.length; i++) {
    const width = fp[i] - (i > 0 ? fp[i - 1] : 0);
    twice += width * (tp[i] + (i > 0 ? tp[i - 1] : 0));
  }
  return twice / 2 / positives / negatives;
}

export interface PrecisionRecallCurve {
  readonly precision: readonly number[];
  readonly recall: readonly number[];
  /** One fewer: the last point, precision 1 at recall 0, has none. */
  readonly thresholds: readonly number[];
}

/** scikit-learn's precision_recall_curve: from the lowest threshold up. Without a positive row recall is 1 throughout. */
export function precisionRecallCurve(counts: ScoreCounts): PrecisionRecallCurve {
  const { positives, thresholds, falsePositives: fp, truePositives: tp } = counts;
  const up = thresholds.map((_, i) => thresholds.length - 1 - i);
  return {
    precision: [...up.map((i) => (tp[i] + fp[i] === 0 ? 0 : tp[i] / (tp[i] + fp[i]))), 1],
    recall: [...up.map((i) => (positives === 0 ? 1 : tp[i] / positives)), 0],
    thresholds: up.map((i) => thresholds[i]),
  };
}

/** Mean of the precision over the steps of recall (scikit-learn's average_precision_score). 0 without a positive row. */
export function averagePrecision({ truePositives: tp, falsePositives: fp, positives }: ScoreCounts): number {
  if (positives === 0) return 0;
  let sum = 0;
  for (let i = 0; i < tp.length; i++) {
    const gained = tp[i] - (i > 0 ? tp[i - 1] : 0);
    if (gained > 0) sum += gained * (tp[i] / (tp[i] + fp[i]));
  }
  return sum / positives;
}

export interface GainsCurve {
  /** Share of all rows, best scores first, from 0 to 1. */
  readonly rows: readonly number[];
  /** Share of the positive rows among them. */
  readonly found: readonly number[];
  /** How many times as many as without a model. */
  readonly lift: readonly number[];
}

/** Cumulative gains: who takes the best-scored share of the rows finds so many of the positive ones. */
export function gainsCurve({
  truePositives: tp,
  falsePositives: fp,
  positives,
  negatives,
}: ScoreCounts): GainsCurve {
  const all = positives + negatives;
  const rows = [0, ...tp.map((t, i) => (t + fp[i]) / all)];
  const found = [0, ...tp.map((t) => t / positives)];
  return { rows, found, lift: rows.map((share, i) => (share === 0 ? NaN : found[i] / share)) };
}
