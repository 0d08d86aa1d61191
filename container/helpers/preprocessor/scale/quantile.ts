import { normalCdf } from '../../../numeric/distributions/normal.ts';
import { normalQuantile } from '../../../numeric/normal-quantile.ts';
import { present, sortedQuantile } from '../../../numeric/order-statistics.ts';
import type { StepKind } from '../step.ts';
import { numbersOf } from '../table.ts';
import { mapNumbers } from './map-numbers.ts';
import { quantileInOnnx } from './quantile-onnx.ts';
import type { QuantileState } from './quantile-onnx.ts';
import type { ScaleOptions } from './scale-options.ts';

const TITLE = 'scale (quantile)';

/** As scikit-learn: nearer than this to the lowest or highest quantile counts as being there, for normal output. */
export const EDGE = 1e-7;
/** The farthest that normal output goes. */
export const LEAST = normalQuantile(EDGE - Number.EPSILON);
export const MOST = normalQuantile(1 - (EDGE - Number.EPSILON));

/** scikit-learn's QuantileTransformer over all rows (`subsample=None`). */
export const quantile: StepKind<ScaleOptions, QuantileState> = {
  title: TITLE,
  takes: 'number',
  fit(table, names, { nQuantiles = 1000, outputDistribution = 'uniform' }, context) {
    const count = Math.max(1, Math.min(nQuantiles, table.rows));
    if (count < nQuantiles && nQuantiles !== 1000) {
      context.warn(`${TITLE}: nQuantiles is ${nQuantiles}, but there are ${count} rows; ${count} are taken.`);
    }
    // NumPy's linspace, to the last bit: among equal values it decides on which side of them a quantile lies.
    const step = 1 / (count - 1);
    const shares = Float64Array.from({ length: count }, (_, i) => (i > 0 && i === count - 1 ? 1 : i * step));
    if (count === 1) shares[0] = 0;
    const quantiles = numbersOf(table, names, TITLE).map(({ values }) => {
      const sorted = present(values).slice().sort();
      return shares.map((share) => sortedQuantile(sorted, (share * 100) / 100));
    });
    return { shares, quantiles, normal: outputDistribution === 'normal' };
  },
  transform(fitted, table, names) {
    return mapNumbers(table, names, TITLE, (values, to, f) => {
      for (let i = 0; i < to.length; i++) to[i] = forward(values[i], fitted.quantiles[f], fitted);
    });
  },
  inverse({ shares, quantiles, normal }, table, names) {
    return mapNumbers(table, names, TITLE, (values, to, f) => {
      const reached = quantiles[f];
      const last = reached.length - 1;
      for (let i = 0; i < to.length; i++) {
        const share = normal ? normalCdf(values[i]) : values[i];
        const edge = normal ? EDGE : 0;
        if (share !== share) to[i] = NaN;
        else if (share - edge < 0 || share === 0) to[i] = reached[0];
        else if (share + edge > 1 || share === 1) to[i] = reached[last];
        else to[i] = interpolate(share, shares, reached);
      }
    });
  },
  onnx: quantileInOnnx,
};

/** Equal values at fit share the middle of the shares that they reach over. */
function forward(x: number, reached: Float64Array, { shares, normal }: QuantileState): number {
  if (x !== x || reached[0] !== reached[0]) return NaN;
  const last = reached.length - 1;
  let share: number;
  if (normal ? x - EDGE < reached[0] : x === reached[0]) share = 0;
  else if (normal ? x + EDGE > reached[last] : x === reached[last]) share = 1;
  else share = middleShare(x, reached, shares);
  return normal ? Math.min(MOST, Math.max(LEAST, normalQuantile(share))) : share;
}

/** NumPy's interp: of points at the same place the last one counts for what lies above. */
function interpolate(x: number, from: Float64Array, to: Float64Array): number {
  const last = from.length - 1;
  if (x <= from[0] && !(x === from[0] && last > 0)) return to[0];
  if (x >= from[last]) return to[last];
  // The last place that is not above x.
  const at = upperBound(from, x) - 1;
  if (from[at] === x) return to[at];
  const slope = (to[at + 1] - to[at]) / (from[at + 1] - from[at]);
  return slope * (x - from[at]) + to[at];
}

/** The middle of what NumPy's interp gives from below and, with points and signs turned round, from above: equal points differ. */
function middleShare(x: number, from: Float64Array, to: Float64Array): number {
  const last = from.length - 1;
  if (x < from[0]) return to[0];
  if (x > from[last]) return to[last];
  const at = upperBound(from, x) - 1;
  if (from[at] === x) return 0.5 * (to[at] + to[lowerBound(from, x)]);
  const slope = (to[at + 1] - to[at]) / (from[at + 1] - from[at]);
  return 0.5 * (slope * (x - from[at]) + to[at] + (slope * (x - from[at + 1]) + to[at + 1]));
}

/** How many are at most x. */
function upperBound(sorted: Float64Array, x: number): number {
  let [from, to] = [0, sorted.length];
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (sorted[middle] <= x) from = middle + 1;
    else to = middle;
  }
  return from;
}

/** How many are below x. */
function lowerBound(sorted: Float64Array, x: number): number {
  let [from, to] = [0, sorted.length];
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (sorted[middle] < x) from = middle + 1;
    else to = middle;
  }
  return from;
}
