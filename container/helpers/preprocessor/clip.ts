import { KeplerError } from '../../contract/errors.ts';
import { standardOf } from './scale/centred.ts';
import { mapNumbers } from './scale/map-numbers.ts';
import { checkOptions, numberIn, oneOf, rangeIn } from './options.ts';
import { present, quantiles } from '../../numeric/order-statistics.ts';
import type { ChoiceOptions, Step, StepKind } from './step.ts';
import { numbersOf } from './table.ts';

export interface ClipOptions extends ChoiceOptions {
  /**
   * `quantile`: beyond the shares of `range`. `iqr`: farther than `factor` quartile distances from the quartiles. `zscore`: more
   * than `threshold` standard deviations from the mean. Default: iqr.
   */
  readonly method?: 'quantile' | 'iqr' | 'zscore';
  /** Default: [0.01, 0.99]. */
  readonly range?: readonly [number, number];
  /** Default: 1.5. */
  readonly factor?: number;
  /** Default: 3. */
  readonly threshold?: number;
}

type ClipState = { readonly low: Float64Array; readonly high: Float64Array };

const OPTIONS = { quantile: ['range'], iqr: ['factor'], zscore: ['threshold'] } as const;

/** A step that brings values beyond limits, learned at fit, to the limit. Nulls stay null. */
export function clipOutliers(options: ClipOptions = {}): Step {
  const methods = Object.keys(OPTIONS) as (keyof typeof OPTIONS)[];
  const method = oneOf('clipOutliers', 'method', options.method ?? 'iqr', methods);
  const title = `clipOutliers (${method})`;
  checkOptions(title, options, ['method', ...OPTIONS[method]]);
  if (options.range !== undefined) rangeIn(title, 'range', options.range, 0, 1);
  if (options.factor !== undefined) numberIn(title, 'factor', options.factor, 0);
  if (options.threshold !== undefined) numberIn(title, 'threshold', options.threshold, 0);
  return { kind: `clip/${method}`, options: { ...options } };
}

type Limits = (values: Float64Array, options: ClipOptions) => readonly [number, number];

function clipBy(method: string, limits: Limits): StepKind<ClipOptions, ClipState> {
  const title = `clipOutliers (${method})`;
  return {
    title,
    takes: 'number',
    fit(table, names, options) {
      const found = numbersOf(table, names, title).map(({ name, values: all }) => {
        const values = present(all);
        if (values.length > 0) return limits(values, options);
        throw new KeplerError(
          'invalid_data',
          `${title}: "${name}" has no value in any row. Leave it out first.`,
        );
      });
      return {
        low: Float64Array.from(found, ([low]) => low),
        high: Float64Array.from(found, ([, high]) => high),
      };
    },
    transform(fitted, table, names) {
      return mapNumbers(table, names, title, (values, to, f) => {
        const [low, high] = [fitted.low[f], fitted.high[f]];
        for (let i = 0; i < to.length; i++) {
          const x = values[i];
          to[i] = x < low ? low : x > high ? high : x;
        }
      });
    },
    // What was brought to a limit stays there.
    inverse: (_, table) => table,
    onnx({ low, high }, graph, columns, names) {
      const matrix = columns.take(names);
      const bound = (op: string, limit: Float64Array, value: string) => {
        const tensor = graph.tensor(limit, [1, names.length]);
        const [beyond] = graph.node(op, [value, tensor], 1);
        return graph.node('Where', [beyond, tensor, value], 1)[0];
      };
      columns.add(names, bound('Greater', high, bound('Less', low, matrix)));
    },
  };
}

export const CLIP_KINDS = {
  'clip/quantile': clipBy('quantile', (values, { range = [0.01, 0.99] }) => {
    const [low, high] = quantiles(values, range);
    return [low, high];
  }),
  'clip/iqr': clipBy('iqr', (values, { factor = 1.5 }) => {
    const [first, third] = quantiles(values, [0.25, 0.75]);
    const reach = factor * (third - first);
    return [first - reach, third + reach];
  }),
  'clip/zscore': clipBy('zscore', (values, { threshold = 3 }) => {
    const { centre, scale } = standardOf(values);
    return [centre - threshold * scale, centre + threshold * scale];
  }),
};
