import { KeplerError } from '../../contract/errors.ts';
import { mean, variance } from '../../helpers/metrics/sums.ts';
import { VECTOR_DISTANCES } from './vector-distances.ts';
import type { Distance } from './vector-distances.ts';

/** Distances that are first fitted to all vectors at hand. */
const FITTED: Readonly<Record<string, (vectors: readonly Float64Array[]) => Distance>> = {
  seuclidean: standardised,
  mahalanobis,
};

export const METRICS: readonly string[] = Object.freeze(
  [...Object.keys(VECTOR_DISTANCES), ...Object.keys(FITTED)].sort(),
);

/** The distance of that name, fitted to the vectors where it needs to be. */
export function distanceAmong(metric: string, vectors: readonly Float64Array[]): Distance {
  return VECTOR_DISTANCES[metric] ?? FITTED[metric](vectors);
}

/** Euclidean with each place divided by its standard deviation over the vectors. */
function standardised(vectors: readonly Float64Array[]): Distance {
  const variances = Float64Array.from(vectors[0], (_, i) => variance(place(vectors, i), 1));
  return (x, y) => {
    let total = 0;
    for (let i = 0; i < x.length; i++) total += (x[i] - y[i]) ** 2 / variances[i];
    return Math.sqrt(total);
  };
}

function place(vectors: readonly Float64Array[], i: number): Float64Array {
  return Float64Array.from(vectors, (vector) => vector[i]);
}

/** Euclidean after the vectors' covariance is made the identity: with its Cholesky factor L, |L^-1 (x - y)|. */
function mahalanobis(vectors: readonly Float64Array[]): Distance {
  const size = vectors[0].length;
  if (vectors.length <= size) {
    throw new KeplerError(
      'invalid_data',
      `metric=mahalanobis needs more vectors than each has places, but there are ${vectors.length} of ${size} places. Choose another metric.`,
    );
  }
  const places = Array.from({ length: size }, (_, i) => place(vectors, i));
  const means = places.map(mean);
  const lower = Array.from({ length: size }, () => new Float64Array(size));
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let value = 0;
      for (let v = 0; v < vectors.length; v++) value += (places[i][v] - means[i]) * (places[j][v] - means[j]);
      value /= vectors.length - 1;
      const scale = value;
      for (let k = 0; k < j; k++) value -= lower[i][k] * lower[j][k];
      if (i !== j) lower[i][j] = value / lower[j][j];
      else if (value > scale * 1e-12) lower[i][i] = Math.sqrt(value);
      else throw singular();
    }
  }
  return (x, y) => {
    const solved = new Float64Array(size);
    let total = 0;
    for (let i = 0; i < size; i++) {
      let value = x[i] - y[i];
      for (let k = 0; k < i; k++) value -= lower[i][k] * solved[k];
      solved[i] = value / lower[i][i];
      total += solved[i] * solved[i];
    }
    return Math.sqrt(total);
  };
}

function singular(): KeplerError {
  return new KeplerError(
    'invalid_data',
    'metric=mahalanobis cannot be used here: a field is constant or a combination of the others. Leave it out or choose another metric.',
  );
}
