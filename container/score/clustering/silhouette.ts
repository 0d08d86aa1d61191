import { KeplerError } from '../../contract/errors.ts';
import { codeLabels } from '../classes.ts';
import { numbers } from '../columns.ts';
import { METRICS, distanceAmong } from '../distances/fitted-distances.ts';
import type { Distance } from '../distances/vector-distances.ts';
import { choice, options } from '../params.ts';
import { sum } from '../sums.ts';
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
        ? euclideanSilhouette(codes[0], classes.length, b.map(numbers))
        : silhouette(codes[0], classes.length, rowsOf(b.map(numbers)), metric as string);
    return { fields: ['silhouette_score'], rows: [[score]] };
  },
};

function rowsOf(columns: readonly Float64Array[]): Float64Array[] {
  return Array.from(columns[0], (_, i) => Float64Array.from(columns, (column) => column[i]));
}

/** Mean over the rows of (b - a) / max(a, b); a row alone in its cluster, and one at no distance from any, counts 0. */
function average(
  own: number,
  ownCount: number,
  others: Float64Array,
  sizes: Float64Array,
  code: number,
): number {
  if (ownCount === 1) return 0;
  const inside = own / (ownCount - 1);
  let outside = Infinity;
  for (let k = 0; k < sizes.length; k++) {
    if (k !== code) outside = Math.min(outside, others[k] / sizes[k]);
  }
  const larger = Math.max(inside, outside);
  return larger === 0 || Number.isNaN(larger) ? 0 : (outside - inside) / larger;
}

function sizesOf(codes: Int32Array, clusters: number): Float64Array {
  const sizes = new Float64Array(clusters);
  for (const code of codes) sizes[code]++;
  return sizes;
}

function silhouette(
  codes: Int32Array,
  clusters: number,
  vectors: readonly Float64Array[],
  metric: string,
): number {
  const distance: Distance = distanceAmong(metric, vectors);
  const sizes = sizesOf(codes, clusters);
  const sums = new Float64Array(clusters);
  const scores = new Float64Array(codes.length);
  for (let i = 0; i < codes.length; i++) {
    sums.fill(0);
    for (let j = 0; j < codes.length; j++) if (i !== j) sums[codes[j]] += distance(vectors[i], vectors[j]);
    scores[i] = average(sums[codes[i]], sizes[codes[i]], sums, sizes, codes[i]);
  }
  return sum(scores) / codes.length;
}

/**
 * The same for Euclidean distances, where most scores are asked for: one row against a block of columns at a time, so that
 * the inner loop runs over neighbouring memory. Takes time with the square of the rows, memory with the rows.
 */
function euclideanSilhouette(codes: Int32Array, clusters: number, columns: readonly Float64Array[]): number {
  const rows = codes.length;
  const sizes = sizesOf(codes, clusters);
  const squares = new Float64Array(rows);
  const sums = new Float64Array(clusters);
  const scores = new Float64Array(rows);
  for (let i = 0; i < rows; i++) {
    squares.fill(0);
    for (const column of columns) {
      const value = column[i];
      for (let j = 0; j < rows; j++) {
        const difference = column[j] - value;
        squares[j] += difference * difference;
      }
    }
    sums.fill(0);
    for (let j = 0; j < rows; j++) sums[codes[j]] += Math.sqrt(squares[j]);
    scores[i] = average(sums[codes[i]], sizes[codes[i]], sums, sizes, codes[i]);
  }
  return sum(scores) / rows;
}
