import { codeLabels } from '../classes.ts';
import { accuracy } from '../../helpers/metrics/agreement.ts';
import { countClasses } from '../../helpers/metrics/class-counts.ts';
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
      const { codes, classes } = codeLabels([a, b]);
      const share = accuracy(countClasses(codes[0], codes[1], classes.length));
      return [a.name, b.name, normalize ? share : Math.round(share * codes[0].length)];
    });
    return { fields: ['Actual field', 'Predicted field', 'accuracy_score'], rows };
  },
};
