import type { OnnxGraph } from '../../../contract/template.ts';
import { KeplerError } from '../../../contract/errors.ts';
import { ONNX_INT64 } from '../onnx-columns.ts';
import type { OnnxColumns } from '../onnx-columns.ts';

export type QuantileState = {
  /** The shares, from 0 to 1, and for each column the values that they are reached at. */
  readonly shares: Float64Array;
  readonly quantiles: readonly Float64Array[];
  readonly normal: boolean;
};

/**
 * A column's place among its quantiles is how many of them are at most its value (and how many are below it); then two look-ups
 * and a line between them, from below and from above, as `forward` does.
 */
export function quantileInOnnx(
  fitted: QuantileState,
  graph: OnnxGraph,
  columns: OnnxColumns,
  names: readonly string[],
): void {
  if (fitted.normal) {
    throw new KeplerError(
      'invalid_arguments',
      'scale (quantile) with outputDistribution "normal" has no exact ONNX form: ONNX has no inverse of the normal distribution. Use "uniform", or scale (power); the model works in Kepler as it is.',
    );
  }
  const matrix = columns.take(names);
  names.forEach((name, f) => {
    const place = graph.tensor(BigInt64Array.of(BigInt(f)), [1]);
    const [x] = graph.node('Gather', [matrix, place], 1, { axis: 1 });
    columns.add([name], writeShare(graph, x, fitted.quantiles[f], fitted.shares));
  });
}

function writeShare(graph: OnnxGraph, x: string, reached: Float64Array, shares: Float64Array): string {
  const last = reached.length - 1;
  const points = graph.tensor(reached, [1, last + 1]);
  const from = graph.tensor(reached, [last + 1]);
  const to = graph.tensor(shares, [last + 1]);
  const int = (value: number) => graph.tensor(BigInt64Array.of(BigInt(value)), []);
  const one = (op: string, ...inputs: string[]) => graph.node(op, inputs, 1)[0];
  const number = (value: number) => graph.tensor(Float64Array.of(value), []);
  const count = (op: string) => {
    const [cast] = graph.node('Cast', [one(op, x, points)], 1, { to: ONNX_INT64 });
    return graph.node('ReduceSum', [cast, graph.tensor(BigInt64Array.of(1n), [1])], 1, { keepdims: 1 })[0];
  };
  const bounded = (place: string, low: number, high: number) =>
    one('Min', one('Max', place, int(low)), int(high));
  /** On the line through the points at two places. */
  const line = (anchor: string, other: string) => {
    const [x0, x1] = [one('Gather', from, anchor), one('Gather', from, other)];
    const [y0, y1] = [one('Gather', to, anchor), one('Gather', to, other)];
    const apart = one('Sub', x1, x0);
    const flat = one('Equal', apart, number(0));
    const slope = one('Div', one('Sub', y1, y0), one('Where', flat, number(1), apart));
    const on = one('Add', one('Mul', slope, one('Sub', x, x0)), y0);
    return one('Where', one('Equal', x, x0), y0, on);
  };
  const atMost = count('GreaterOrEqual');
  const below = count('Greater');
  const under = bounded(one('Sub', atMost, int(1)), 0, last);
  const first = bounded(below, 0, last);
  const lower = line(under, bounded(one('Add', under, int(1)), 0, last));
  const upper = line(first, bounded(one('Sub', first, int(1)), 0, last));
  const middle = one('Mul', number(0.5), one('Add', lower, upper));
  const low = one('Where', one('LessOrEqual', x, number(reached[0])), number(0), middle);
  const high = one('Where', one('GreaterOrEqual', x, number(reached[last])), number(1), low);
  // At a quantile that is both lowest and highest, lowest wins, as in transform.
  const both = one('Where', one('LessOrEqual', x, number(reached[0])), number(0), high);
  return one('Where', one('IsNaN', x), x, both);
}
