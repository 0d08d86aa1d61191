/** Distances of two vectors of equal length. Boolean ones take every value but 0 as true. */
export type Distance = (x: Float64Array, y: Float64Array) => number;

function total(x: Float64Array, y: Float64Array, term: (p: number, q: number) => number): number {
  let result = 0;
  for (let i = 0; i < x.length; i++) result += term(x[i], y[i]);
  return result;
}

function squared(x: Float64Array, y: Float64Array): number {
  let result = 0;
  for (let i = 0; i < x.length; i++) {
    const difference = x[i] - y[i];
    result += difference * difference;
  }
  return result;
}

function cosine(x: Float64Array, y: Float64Array): number {
  let [product, lengthX, lengthY] = [0, 0, 0];
  for (let i = 0; i < x.length; i++) {
    product += x[i] * y[i];
    lengthX += x[i] * x[i];
    lengthY += y[i] * y[i];
  }
  // As in scikit-learn a vector of zeros is at distance 1 of all.
  if (lengthX === 0 || lengthY === 0) return 1;
  return Math.min(2, Math.max(0, 1 - product / Math.sqrt(lengthX) / Math.sqrt(lengthY)));
}

function correlation(x: Float64Array, y: Float64Array): number {
  const [meanX, meanY] = [x, y].map(
    (values) => values.reduce((sum, value) => sum + value, 0) / values.length,
  );
  const [centredX, centredY] = [x.map((value) => value - meanX), y.map((value) => value - meanY)];
  const spread = total(centredX, centredX, (p, q) => p * q) * total(centredY, centredY, (p, q) => p * q);
  return 1 - total(centredX, centredY, (p, q) => p * q) / Math.sqrt(spread);
}

/** Places where both are true, only x, only y, neither. */
function agreement(x: Float64Array, y: Float64Array): { tt: number; tf: number; ft: number; ff: number } {
  let [tt, tf, ft] = [0, 0, 0];
  for (let i = 0; i < x.length; i++) {
    if (x[i] !== 0 && y[i] !== 0) tt++;
    else if (x[i] !== 0) tf++;
    else if (y[i] !== 0) ft++;
  }
  return { tt, tf, ft, ff: x.length - tt - tf - ft };
}

const manhattan: Distance = (x, y) => total(x, y, (p, q) => Math.abs(p - q));
const euclidean: Distance = (x, y) => Math.sqrt(squared(x, y));

/** Distances that need nothing but the two vectors, under scikit-learn's names. */
export const VECTOR_DISTANCES: Readonly<Record<string, Distance>> = Object.freeze({
  braycurtis: (x, y) => manhattan(x, y) / total(x, y, (p, q) => Math.abs(p + q)),
  canberra: (x, y) =>
    total(x, y, (p, q) => (p === 0 && q === 0 ? 0 : Math.abs(p - q) / (Math.abs(p) + Math.abs(q)))),
  chebyshev: (x, y) => {
    let largest = 0;
    for (let i = 0; i < x.length; i++) largest = Math.max(largest, Math.abs(x[i] - y[i]));
    return largest;
  },
  cityblock: manhattan,
  correlation,
  cosine,
  dice: (x, y) => {
    const { tt, tf, ft } = agreement(x, y);
    return (tf + ft) / (2 * tt + tf + ft);
  },
  euclidean,
  hamming: (x, y) => total(x, y, (p, q) => (p === q ? 0 : 1)) / x.length,
  jaccard: (x, y) => {
    const { tt, tf, ft } = agreement(x, y);
    return tt + tf + ft === 0 ? 0 : (tf + ft) / (tt + tf + ft);
  },
  l1: manhattan,
  l2: euclidean,
  manhattan,
  minkowski: euclidean,
  rogerstanimoto: (x, y) => {
    const { tt, tf, ft, ff } = agreement(x, y);
    return (2 * (tf + ft)) / (tt + ff + 2 * (tf + ft));
  },
  russellrao: (x, y) => (x.length - agreement(x, y).tt) / x.length,
  sokalsneath: (x, y) => {
    const { tt, tf, ft } = agreement(x, y);
    return (2 * (tf + ft)) / (tt + 2 * (tf + ft));
  },
  sqeuclidean: squared,
  yule: (x, y) => {
    const { tt, tf, ft, ff } = agreement(x, y);
    return tf === 0 || ft === 0 ? 0 : (2 * tf * ft) / (tt * ff + tf * ft);
  },
});
