import { argsort } from './order.ts';

/**
 * The median, with weights the value at half of their sum; where half falls between two values, the middle of both
 * (scikit-learn's averaged inverted CDF). NaN where there is no weight.
 */
export function median(values: Float64Array, weights?: Float64Array): number {
  if (!weights) {
    const sorted = values.slice().sort();
    const middle = sorted.length >> 1;
    if (sorted.length === 0) return NaN;
    return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
  const order = argsort(values).filter((row) => weights[row] > 0);
  if (order.length === 0) return NaN;
  const reached = new Float64Array(order.length);
  let total = 0;
  order.forEach((row, i) => (reached[i] = total += weights[row]));
  const half = total / 2;
  const at = reached.findIndex((sum) => sum >= half);
  const next = Math.min(at + 1, order.length - 1);
  const exactly = reached[at] - half <= Number.EPSILON;
  return exactly ? (values[order[at]] + values[order[next]]) / 2 : values[order[at]];
}
