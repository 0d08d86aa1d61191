/** How well rows lie in their clusters. Columns of equal length; `codes[i]` is row i's cluster, 0 … clusters - 1. */
import { sum, sumOf } from './sums.ts';

type Columns = readonly Float64Array[];

/** Rows of each cluster. */
export function clusterSizes(codes: Int32Array, clusters: number): Float64Array {
  const sizes = new Float64Array(clusters);
  for (const code of codes) sizes[code]++;
  return sizes;
}

/** One row's silhouette: a row alone in its cluster, and one at no distance from any, counts 0. */
export function silhouetteOf(
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

/**
 * Mean silhouette (Rousseeuw 1987) by Euclidean distance: one row against a block of columns at a time, so that the inner
 * loop runs over neighbouring memory. Takes time with the square of the rows, memory with the rows.
 */
export function silhouette(codes: Int32Array, clusters: number, columns: Columns): number {
  const rows = codes.length;
  const sizes = clusterSizes(codes, clusters);
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
    scores[i] = silhouetteOf(sums[codes[i]], sizes[codes[i]], sums, sizes, codes[i]);
  }
  return sum(scores) / rows;
}

/** A centre a cluster, `centres[f][k]`. */
function centresOf(codes: Int32Array, sizes: Float64Array, columns: Columns): Float64Array[] {
  return columns.map((column) => {
    const sums = new Float64Array(sizes.length);
    const lost = new Float64Array(sizes.length);
    for (let i = 0; i < codes.length; i++) {
      const k = codes[i];
      const next = sums[k] + column[i];
      lost[k] +=
        Math.abs(sums[k]) >= Math.abs(column[i]) ? sums[k] - next + column[i] : column[i] - next + sums[k];
      sums[k] = next;
    }
    return sums.map((value, k) => (value + lost[k]) / sizes[k]);
  });
}

/** Spread between clusters by spread within them (Calinski and Harabasz 1974): higher is better. */
export function calinskiHarabasz(codes: Int32Array, clusters: number, columns: Columns): number {
  const rows = codes.length;
  const sizes = clusterSizes(codes, clusters);
  const centres = centresOf(codes, sizes, columns);
  const between = sumOf(columns.length, (f) => {
    const middle = sum(columns[f]) / rows;
    return sumOf(clusters, (k) => sizes[k] * (centres[f][k] - middle) ** 2);
  });
  const within = sumOf(columns.length, (f) =>
    sumOf(rows, (i) => (columns[f][i] - centres[f][codes[i]]) ** 2),
  );
  return within === 0 ? 1 : (between * (rows - clusters)) / (within * (clusters - 1));
}

/** Mean likeness of each cluster to its most similar one (Davies and Bouldin 1979): lower is better. */
export function daviesBouldin(codes: Int32Array, clusters: number, columns: Columns): number {
  const sizes = clusterSizes(codes, clusters);
  const centres = centresOf(codes, sizes, columns);
  const spread = new Float64Array(clusters);
  for (let i = 0; i < codes.length; i++) {
    let square = 0;
    for (let f = 0; f < columns.length; f++) square += (columns[f][i] - centres[f][codes[i]]) ** 2;
    spread[codes[i]] += Math.sqrt(square);
  }
  spread.forEach((value, k) => (spread[k] = value / sizes[k]));
  const apart = (i: number, j: number): number =>
    Math.sqrt(centres.reduce((total, centre) => total + (centre[i] - centre[j]) ** 2, 0));
  let farthest = 0;
  const worst = new Float64Array(clusters);
  for (let i = 0; i < clusters; i++) {
    for (let j = 0; j < clusters; j++) {
      if (i === j) continue;
      const distance = apart(i, j);
      farthest = Math.max(farthest, distance);
      worst[i] = Math.max(worst[i], distance === 0 ? 0 : (spread[i] + spread[j]) / distance);
    }
  }
  // scikit-learn's own tolerance for "no distance at all".
  const near = (value: number): boolean => value <= 1e-8;
  if (spread.every(near) || near(farthest)) return 0;
  return sum(worst) / clusters;
}
