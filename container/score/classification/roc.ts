import type { Column } from '../../contract/table.ts';
import { rocArea, rocCurve as curveOf, scoreCounts } from '../../helpers/metrics/binary-curve.ts';
import type { ScoreCounts } from '../../helpers/metrics/binary-curve.ts';
import { codeLabels } from '../classes.ts';
import { numbers } from '../columns.ts';
import { pairsOf } from '../pairs.ts';
import { POS_LABEL, flag, options } from '../params.ts';
import type { ScoreMethod, Warn } from '../types.ts';
import { noPositive, positiveClass } from './precision-recall.ts';

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
      return [a.name, b.name, rocArea(counts)];
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
    if (counts.negatives === 0) warn(`"${a.name}" holds no negative rows: the false positive rates are NaN.`);
    const curve = curveOf(counts, drop_intermediate === false);
    const rows = curve.thresholds.map((threshold, i) => [curve.fpr[i], curve.tpr[i], threshold]);
    return { fields: ['fpr', 'tpr', 'thresholds'], rows };
  },
};

function rocCounts(method: string, a: Column, b: Column, posLabel: string, warn: Warn): ScoreCounts {
  const { classes, codes } = codeLabels([a]);
  const positive = positiveClass(classes, posLabel, [a]);
  if (positive < 0) throw noPositive(method, posLabel, [a], classes);
  if (classes.length > 2) {
    warn(`"${a.name}" has ${classes.length} classes: all but pos_label=${posLabel} count as negative.`);
  }
  return scoreCounts(numbers(b), codes[0], positive);
}
