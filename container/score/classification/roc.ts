import type { Column } from '../../contract/table.ts';
import { codeLabels } from '../classes.ts';
import { numbers } from '../columns.ts';
import { pairsOf } from '../pairs.ts';
import { POS_LABEL, flag, options } from '../params.ts';
import type { ScoreMethod, Warn } from '../types.ts';
import { noPositive, positiveClass } from './precision-recall.ts';

/** Rows scored at or above each distinct score, from the highest down. */
interface RocCounts {
  readonly thresholds: number[];
  readonly falsePositives: number[];
  readonly truePositives: number[];
  readonly positives: number;
  readonly negatives: number;
}

export const rocAucScore: ScoreMethod = {
  name: 'roc_auc_score',
  description: 'Area under the ROC curve of a numeric score for a positive class',
  params: options({ pos_label: POS_LABEL }),
  fields: { kind: 'pairs', a: 'labels', b: 'numbers' },
  run(input, { pos_label }, warn) {
    const rows = pairsOf(input).map(({ a, b }) => {
      const counts = rocCounts('roc_auc_score', a, b, String(pos_label), warn);
      if (counts.positives === 0 || counts.negatives === 0) {
        warn(`"${a.name}" holds one class only: the area under its ROC curve is not defined (NaN).`);
        return [a.name, b.name, NaN];
      }
      return [a.name, b.name, area(counts)];
    });
    return { fields: ['Actual field', 'Predicted field', 'roc_auc_score'], rows };
  },
};

export const rocCurve: ScoreMethod = {
  name: 'roc_curve',
  description: 'False and true positive rates of a numeric score at each threshold',
  params: options({
    pos_label: POS_LABEL,
    drop_intermediate: flag('Leave out points on a straight line between others', true),
  }),
  fields: { kind: 'pair', a: 'labels', b: 'numbers' },
  run({ a: [a], b: [b] }, { pos_label, drop_intermediate }, warn) {
    const counts = rocCounts('roc_curve', a, b, String(pos_label), warn);
    const { positives, negatives, thresholds, falsePositives: fp, truePositives: tp } = counts;
    if (negatives === 0) warn(`"${a.name}" holds no negative rows: the false positive rates are NaN.`);
    const last = thresholds.length - 1;
    const bends = (counted: number[], i: number): boolean =>
      counted[i + 1] - counted[i] !== counted[i] - counted[i - 1];
    const rows = [[0 / negatives, 0 / positives, Infinity]];
    for (let i = 0; i <= last; i++) {
      if (drop_intermediate && i > 0 && i < last && !bends(fp, i) && !bends(tp, i)) continue;
      rows.push([fp[i] / negatives, tp[i] / positives, thresholds[i]]);
    }
    return { fields: ['fpr', 'tpr', 'thresholds'], rows };
  },
};

function rocCounts(method: string, a: Column, b: Column, posLabel: string, warn: Warn): RocCounts {
  const { classes, codes } = codeLabels([a]);
  const positive = positiveClass(classes, posLabel, [a]);
  if (positive < 0) throw noPositive(method, posLabel, [a], classes);
  if (classes.length > 2) {
    warn(`"${a.name}" has ${classes.length} classes: all but pos_label=${posLabel} count as negative.`);
  }
  const [inside, outside] = split(numbers(b), codes[0], positive);
  const counts: RocCounts = {
    thresholds: [],
    falsePositives: [],
    truePositives: [],
    positives: inside.length,
    negatives: outside.length,
  };
  let p = inside.length;
  let q = outside.length;
  while (p > 0 || q > 0) {
    const threshold = Math.max(p > 0 ? inside[p - 1] : -Infinity, q > 0 ? outside[q - 1] : -Infinity);
    while (p > 0 && inside[p - 1] === threshold) p--;
    while (q > 0 && outside[q - 1] === threshold) q--;
    counts.thresholds.push(threshold);
    counts.truePositives.push(inside.length - p);
    counts.falsePositives.push(outside.length - q);
  }
  return counts;
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

/** Trapezoids under the curve, summed in whole counts. */
function area({
  falsePositives: fp,
  truePositives: tp,
  positives,
  negatives,
}: Omit<RocCounts, 'thresholds'>): number {
  let twice = 0;
  for (let i = 0; i < fp.length; i++) {
    const before = i > 0 ? i - 1 : -1;
    const width = fp[i] - (before < 0 ? 0 : fp[before]);
    twice += width * (tp[i] + (before < 0 ? 0 : tp[before]));
  }
  return twice / 2 / positives / negatives;
}
