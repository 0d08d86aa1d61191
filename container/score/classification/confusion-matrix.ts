import { codeLabels } from '../classes.ts';
import { confusionCounts } from '../../helpers/metrics/class-counts.ts';
import { options } from '../params.ts';
import type { ScoreMethod } from '../types.ts';

export const confusionMatrix: ScoreMethod = {
  name: 'confusion_matrix',
  description: 'Rows by actual and predicted class',
  params: options(),
  fields: { kind: 'pair', a: 'labels', b: 'labels' },
  run({ a: [a], b: [b] }) {
    const { classes, codes } = codeLabels([a, b]);
    const counts = confusionCounts(codes[0], codes[1], classes.length);
    return {
      fields: ['Label', ...classes.map((label) => `predicted(${label})`)],
      rows: classes.map((label, i) => [
        `actual(${label})`,
        ...counts.subarray(i * classes.length, (i + 1) * classes.length),
      ]),
    };
  },
};
