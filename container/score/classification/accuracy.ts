import { codeLabels } from '../classes.ts';
import { accuracy } from '../metrics.ts';
import { pairsOf } from '../pairs.ts';
import { flag, options } from '../params.ts';
import type { ScoreMethod } from '../types.ts';

export const accuracyScore: ScoreMethod = {
  name: 'accuracy_score',
  description: 'Share (or count) of rows where the predicted class is the actual one',
  params: options({ normalize: flag('The share of right rows rather than their count', true) }),
  fields: { kind: 'pairs', a: 'labels', b: 'labels' },
  run(input, { normalize }) {
    const rows = pairsOf(input).map(({ a, b }) => {
      const { codes } = codeLabels([a, b]);
      const share = accuracy(codes[0], codes[1]);
      return [a.name, b.name, normalize ? share : Math.round(share * codes[0].length)];
    });
    return { fields: ['Actual field', 'Predicted field', 'accuracy_score'], rows };
  },
};
