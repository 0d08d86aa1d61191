import type { StepKind } from '../step.ts';
import { numbersOf } from '../table.ts';
import { mapNumbers } from './map-numbers.ts';
import type { ScaleOptions } from './scale-options.ts';

type MinMaxState = {
  /** x * factor + shift, as scikit-learn computes it. */
  readonly factor: Float64Array;
  readonly shift: Float64Array;
  readonly low: number;
  readonly high: number;
  readonly clip: boolean;
};

const TITLE = 'scale (minmax)';

/** scikit-learn's MinMaxScaler. */
export const minMax: StepKind<ScaleOptions, MinMaxState> = {
  title: TITLE,
  takes: 'number',
  fit(table, names, { featureRange: [low, high] = [0, 1], clip = false }) {
    const ranges = numbersOf(table, names, TITLE).map(({ values }) => rangeOf(values));
    const factor = Float64Array.from(ranges, ([least, most]) => {
      const spread = most - least;
      return (high - low) / (spread < 10 * Number.EPSILON ? 1 : spread);
    });
    const shift = factor.map((by, f) => low - ranges[f][0] * by);
    return { factor, shift, low, high, clip };
  },
  transform({ factor, shift, low, high, clip }, table, names) {
    return mapNumbers(table, names, TITLE, (values, to, f) => {
      const [by, add] = [factor[f], shift[f]];
      for (let i = 0; i < to.length; i++) to[i] = values[i] * by + add;
      if (!clip) return;
      for (let i = 0; i < to.length; i++) {
        if (to[i] < low) to[i] = low;
        else if (to[i] > high) to[i] = high;
      }
    });
  },
  inverse({ factor, shift }, table, names) {
    return mapNumbers(table, names, TITLE, (values, to, f) => {
      for (let i = 0; i < to.length; i++) to[i] = (values[i] - shift[f]) / factor[f];
    });
  },
  onnx({ factor, shift, low, high, clip }, graph, columns, names) {
    const width = names.length;
    const [scaled] = graph.node('Mul', [columns.take(names), graph.tensor(factor, [1, width])], 1);
    const [moved] = graph.node('Add', [scaled, graph.tensor(shift, [1, width])], 1);
    const bound = (value: number) => graph.tensor(Float64Array.of(value), []);
    columns.add(names, clip ? graph.node('Clip', [moved, bound(low), bound(high)], 1)[0] : moved);
  },
};

/** Least and greatest; 0 and 0 for no values. */
function rangeOf(values: Float64Array): [number, number] {
  let [least, most] = [Infinity, -Infinity];
  for (let i = 0; i < values.length; i++) {
    if (values[i] < least) least = values[i];
    if (values[i] > most) most = values[i];
  }
  return least > most ? [0, 0] : [least, most];
}
