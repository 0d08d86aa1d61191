import { KeplerError } from '../../contract/errors.ts';
import { numbers } from '../columns.ts';
import { choice, options } from '../params.ts';
import { ksDistance } from '../statistics/ks-2samp.ts';
import { wasserstein } from '../statistics/sample-distance.ts';
import type { ScoreMethod } from '../types.ts';
import { METRICS, distanceAmong } from './fitted-distances.ts';
import type { Distance } from './vector-distances.ts';

const MAX_COLUMNS = 50;

/** Here a field is one vector or one sample, and the distance of two fields compares all their rows. */
const SAMPLE_DISTANCES: Readonly<Record<string, Distance>> = {
  ks_2samp: ksDistance,
  wasserstein_distance: wasserstein,
};

export const pairwiseDistances: ScoreMethod = {
  name: 'pairwise_distances',
  description: 'Distance of each field before against from each one after it',
  params: options({
    metric: choice('The distance of two fields', [...METRICS, ...Object.keys(SAMPLE_DISTANCES)], 'euclidean'),
    output: choice('A column a field, or a row a pair', ['matrix', 'list'], 'matrix'),
  }),
  fields: { kind: 'sets', a: 'numbers', b: 'numbers' },
  run({ a, b }, { metric, output }) {
    if (output === 'matrix' && b.length > MAX_COLUMNS) {
      throw new KeplerError(
        'invalid_arguments',
        `pairwise_distances: a matrix takes at most ${MAX_COLUMNS} fields after against, but there are ${b.length}. Give output=list or fewer fields.`,
      );
    }
    const distance =
      SAMPLE_DISTANCES[metric as string] ?? distanceAmong(metric as string, [...a, ...b].map(numbers));
    const between = a.map((x) => b.map((y) => distance(numbers(x), numbers(y))));
    if (output === 'list') {
      const rows = a.flatMap((x, i) => b.map((y, j) => [x.name, y.name, between[i][j]]));
      return { fields: ['A_field', 'B_field', 'Distance'], rows };
    }
    return {
      fields: ['A_field', ...b.map(({ name }) => `B_field(${name})`)],
      rows: a.map((x, i) => [x.name, ...between[i]]),
    };
  },
};
