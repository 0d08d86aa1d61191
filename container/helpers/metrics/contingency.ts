/** How two divisions of the same rows agree: rows by class and cluster, and what follows from it. */
import { sumOf } from './sums.ts';

export interface Contingency {
  readonly rows: number;
  /** Rows of each class, of each cluster, and of both at once where there are any. */
  readonly classes: Float64Array;
  readonly clusters: Float64Array;
  readonly cells: readonly { readonly a: number; readonly b: number; readonly rows: number }[];
}

export function contingency(
  truth: Int32Array,
  found: Int32Array,
  classes: number,
  clusters: number,
): Contingency {
  const ofClass = new Float64Array(classes);
  const ofCluster = new Float64Array(clusters);
  const counts = new Map<number, number>();
  for (let i = 0; i < truth.length; i++) {
    ofClass[truth[i]]++;
    ofCluster[found[i]]++;
    const cell = truth[i] * clusters + found[i];
    counts.set(cell, (counts.get(cell) ?? 0) + 1);
  }
  const cells = [...counts.entries()]
    .sort(([x], [y]) => x - y)
    .map(([cell, rows]) => ({ a: Math.floor(cell / clusters), b: cell % clusters, rows }));
  return { rows: truth.length, classes: ofClass, clusters: ofCluster, cells };
}

function pairsWithin(counts: ArrayLike<number>): number {
  return sumOf(counts.length, (i) => counts[i] * counts[i]);
}

/** Ordered pairs of rows: together in both divisions, in neither, in one of them. */
function pairCounts({ rows, classes, clusters, cells }: Contingency) {
  const squares = sumOf(cells.length, (i) => cells[i].rows ** 2);
  const together = squares - rows;
  const onlyClusters = pairsWithin(clusters) - squares;
  const onlyClasses = pairsWithin(classes) - squares;
  return { together, onlyClusters, onlyClasses, apart: rows * rows - onlyClusters - onlyClasses - squares };
}

/** Share of pairs of rows that both divisions treat alike. */
export function randScore(table: Contingency): number {
  const { together, onlyClusters, onlyClasses, apart } = pairCounts(table);
  const all = together + onlyClusters + onlyClasses + apart;
  // Fewer than two rows, or as many alike as there are.
  return all === 0 || together + apart === all ? 1 : (together + apart) / all;
}

/** Rand index that is 0 by chance (Hubert and Arabie 1985). */
export function adjustedRand(table: Contingency): number {
  const { together, onlyClusters, onlyClasses, apart } = pairCounts(table);
  if (onlyClusters === 0 && onlyClasses === 0) return 1;
  return (
    (2 * (together * apart - onlyClasses * onlyClusters)) /
    ((together + onlyClasses) * (onlyClasses + apart) + (together + onlyClusters) * (onlyClusters + apart))
  );
}

/** Geometric mean of the pairs' precision and recall (Fowlkes and Mallows 1983). */
export function fowlkesMallows(table: Contingency): number {
  const { rows, classes, clusters } = table;
  const { together } = pairCounts(table);
  if (together === 0) return 0;
  return (
    Math.sqrt(together / (pairsWithin(clusters) - rows)) * Math.sqrt(together / (pairsWithin(classes) - rows))
  );
}

/** In nats. */
function entropy(counts: Float64Array, rows: number): number {
  const held = counts.filter((count) => count > 0);
  if (held.length <= 1) return rows === 0 ? 1 : 0;
  return -sumOf(held.length, (i) => (held[i] / rows) * (Math.log(held[i]) - Math.log(rows)));
}

/** What one division says about the other, in nats. */
export function mutualInformation({ rows, classes, clusters, cells }: Contingency): number {
  if (rows === 0) return 0;
  if (classes.length === 1 || clusters.length === 1) return 0;
  const log = Math.log(rows);
  const sum = sumOf(cells.length, (i) => {
    const { a, b, rows: count } = cells[i];
    const share = count / rows;
    const term =
      share * (Math.log(count) - log) + share * (-(Math.log(classes[a]) + Math.log(clusters[b])) + log + log);
    return Math.abs(term) < Number.EPSILON ? 0 : term;
  });
  return Math.max(0, sum);
}

export interface Homogeneity {
  readonly homogeneity: number;
  readonly completeness: number;
  readonly v_measure: number;
}

/** Clusters of one class each, classes in one cluster each, and the two as one (Rosenberg and Hirschberg 2007). */
export function homogeneity(table: Contingency, beta = 1): Homogeneity {
  if (table.rows === 0) return { homogeneity: 1, completeness: 1, v_measure: 1 };
  const shared = mutualInformation(table);
  const ofClasses = entropy(table.classes, table.rows);
  const ofClusters = entropy(table.clusters, table.rows);
  const h = ofClasses === 0 ? 1 : shared / ofClasses;
  const c = ofClusters === 0 ? 1 : shared / ofClusters;
  return {
    homogeneity: h,
    completeness: c,
    v_measure: h + c === 0 ? 0 : ((1 + beta) * h * c) / (beta * h + c),
  };
}

/** Mutual information as a share of the mean entropy. */
export function normalizedMutualInformation(table: Contingency): number {
  const { classes, clusters, rows } = table;
  if (classes.length === clusters.length && classes.length <= 1) return 1;
  const shared = mutualInformation(table);
  return shared <= Number.EPSILON ? 0 : shared / ((entropy(classes, rows) + entropy(clusters, rows)) / 2);
}

/** The same less what chance alone would give (Vinh, Epps and Bailey 2010). */
export function adjustedMutualInformation(table: Contingency): number {
  const { classes, clusters, rows } = table;
  if (classes.length === clusters.length && classes.length <= 1) return 1;
  if (classes.length === 1 || clusters.length === 1) return 0;
  const byChance = expectedMutualInformation(table);
  const mean = (entropy(classes, rows) + entropy(clusters, rows)) / 2;
  const awayFromZero = (value: number): number =>
    value < 0 ? Math.min(value, -Number.EPSILON) : Math.max(value, Number.EPSILON);
  return awayFromZero(mutualInformation(table) - byChance) / awayFromZero(mean - byChance);
}

/** Mean mutual information of divisions with these sizes (the hypergeometric model of Vinh et al.). */
function expectedMutualInformation({ rows, classes, clusters }: Contingency): number {
  const factorial = logFactorials(rows);
  const log = Math.log;
  const sum = { total: 0 };
  for (const a of classes) {
    for (const b of clusters) {
      const front = factorial[a] + factorial[b] + factorial[rows - a] + factorial[rows - b] - factorial[rows];
      for (let n = Math.max(1, a + b - rows); n <= Math.min(a, b); n++) {
        const chance = Math.exp(
          front - factorial[n] - factorial[a - n] - factorial[b - n] - factorial[rows - a - b + n],
        );
        sum.total += (n / rows) * (log(rows) + log(n) - log(a) - log(b)) * chance;
      }
    }
  }
  return sum.total;
}

/** log(n!) for n = 0 … most, each sum keeping what rounding lost. */
function logFactorials(most: number): Float64Array {
  const values = new Float64Array(most + 1);
  let total = 0;
  let lost = 0;
  for (let n = 1; n <= most; n++) {
    const term = Math.log(n) - lost;
    const next = total + term;
    lost = next - total - term;
    total = next;
    values[n] = total;
  }
  return values;
}
