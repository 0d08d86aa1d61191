import { KeplerError } from '../../contract/errors.ts';
import { codeLabels } from '../classes.ts';
import { numbers } from '../columns.ts';
import { METRICS, distanceAmong } from '../distances/fitted-distances.ts';
import type { Distance } from '../distances/vector-distances.ts';
import { choice, options } from '../params.ts';
import { clusterSizes, silhouette, silhouetteOf } from '../../helpers/metrics/cluster-shape.ts';
import { sum } from '../../helpers/metrics/sums.ts';
import type { ScoreMethod } from '../types.ts';

export const silhouetteScore: ScoreMethod = {
  name: 'silhouette_score',
  description: 'How much nearer rows are to their own cluster than to the next one, from -1 to 1',
  params: options({ metric: choice('The distance of two rows', METRICS, 'euclidean') }),
  fields: { kind: 'sets', a: 'labels', b: 'numbers', single: true },
  run({ a: [a], b }, { metric }) {
    const { classes, codes } = codeLabels([a]);
    const rows = codes[0].length;
    if (classes.length < 2 || classes.length > rows - 1) {
      throw new KeplerError(
        'invalid_data',
        `silhouette_score needs from 2 clusters to one fewer than rows, but "${a.name}" has ${classes.length} in ${rows} rows.`,
      );
    }
    const score =
      metric === 'euclidean' || metric === 'l2' || metric === 'minkowski'
        ? silhouette(codes[0], classes.length, b.map(numbers))
        : anySilhouette(codes[0], classes.length, rowsOf(b.map(numbers)), metric as string);
    return { fields: ['silhouette_score'], rows: [[score]] };
  },
};

function rowsOf(columns: readonly Float64Array[]): Float64Array[] {
  return Array.from(columns[0], (_, i) => Float64Array.from(columns, (column) => column[i]));
}

function anySilhouette(
  codes: Int32Array,
  clusters: number,
  vectors: readonly Float64Array[],
  metric: string,
): number {
  const distance: Distance = distanceAmong(metric, vectors);
  const sizes = clusterSizes(codes, clusters);
  const sums = new Float64Array(clusters);
  const scores = new Float64Array(codes.length);
  for (let i = 0; i < codes.length; i++) {
    sums.fill(0);
    for (let j = 0; j < codes.length; j++) if (i !== j) sums[codes[j]] += distance(vectors[i], vectors[j]);
    scores[i] = silhouetteOf(sums[codes[i]], sizes[codes[i]], sums, sizes, codes[i]);
  }
  return sum(scores) / codes.length;
}
