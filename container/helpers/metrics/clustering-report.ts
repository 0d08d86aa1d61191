import { KeplerError } from '../../contract/errors.ts';
import { checkLabels, numbersOf } from './check-input.ts';
import { calinskiHarabasz, daviesBouldin, silhouette } from './cluster-shape.ts';
import {
  adjustedMutualInformation,
  adjustedRand,
  contingency,
  fowlkesMallows,
  homogeneity,
  mutualInformation,
  normalizedMutualInformation,
  randScore,
} from './contingency.ts';
import { codeValues } from './labels.ts';
import type { Label } from './labels.ts';
import { report } from './report.ts';
import type { MetricsReport } from './report.ts';
import { sampledRows } from './sampled-rows.ts';

export interface ClusteringOptions {
  /** The columns that the rows were clustered by: they give `silhouette`, `davies_bouldin`, `calinski_harabasz`. */
  readonly features?: readonly ArrayLike<number>[];
  /** The true classes: they give the agreement with them. */
  readonly truth?: ArrayLike<Label>;
  /** The silhouette takes time with the square of the rows; of more than these (10,000) it takes an even sample, and says so. */
  readonly silhouetteRows?: number;
}

/**
 * Scores of clusters, each as scikit-learn's function of that name; noise, which DBSCAN calls -1, is a cluster like others.
 *
 * @throws KeplerError invalid_data for no rows, unequal lengths, features that are no numbers
 */
export function calculateClusteringMetrics(
  clusters: ArrayLike<Label>,
  options: ClusteringOptions = {},
): MetricsReport {
  const rows = clusters.length;
  if (rows === 0) throw new KeplerError('invalid_data', 'Clustering metrics: there are no rows to measure.');
  const { classes, codes } = codeValues([checkLabels(clusters, 'The cluster')]);
  const values: Record<string, number> = { clusters: classes.length };
  const warnings: string[] = [];
  if (options.features) {
    const columns = options.features.map((column, f) => {
      sameLength(column, rows, `feature ${f + 1}`);
      return numbersOf(column, `Feature ${f + 1}`);
    });
    Object.assign(values, shape(codes[0], classes.length, columns, options, warnings));
  }
  if (options.truth) {
    sameLength(options.truth, rows, 'the true classes');
    const truth = codeValues([checkLabels(options.truth, 'The true class')]);
    const table = contingency(truth.codes[0], codes[0], truth.classes.length, classes.length);
    Object.assign(values, {
      rand: randScore(table),
      adjusted_rand: adjustedRand(table),
      mutual_info: mutualInformation(table),
      normalized_mutual_info: normalizedMutualInformation(table),
      adjusted_mutual_info: adjustedMutualInformation(table),
      ...homogeneity(table),
      fowlkes_mallows: fowlkesMallows(table),
    });
  }
  return report('clustering', rows, values, warnings);
}

function shape(
  codes: Int32Array,
  clusters: number,
  columns: readonly Float64Array[],
  options: ClusteringOptions,
  warnings: string[],
): Record<string, number> {
  const rows = codes.length;
  if (clusters < 2 || clusters > rows - 1) {
    warnings.push(
      `Silhouette, Davies-Bouldin and Calinski-Harabasz need from 2 clusters to one fewer than rows, but there are ${clusters} in ${rows} rows.`,
    );
    return {};
  }
  const places = sampledRows(rows, options.silhouetteRows ?? 10_000);
  let score: number;
  if (!places) score = silhouette(codes, clusters, columns);
  else {
    warnings.push(`The silhouette was measured on ${places.length} of ${rows} rows.`);
    const some = codeValues([Int32Array.from(places, (row) => codes[row])]);
    score = silhouette(
      some.codes[0],
      some.classes.length,
      columns.map((column) => Float64Array.from(places, (row) => column[row])),
    );
  }
  return {
    silhouette: score,
    davies_bouldin: daviesBouldin(codes, clusters, columns),
    calinski_harabasz: calinskiHarabasz(codes, clusters, columns),
  };
}

function sameLength(values: ArrayLike<unknown>, rows: number, what: string): void {
  if (values.length === rows) return;
  throw new KeplerError(
    'invalid_data',
    `Clustering metrics: ${what} has ${values.length} rows, the clusters ${rows}.`,
  );
}
