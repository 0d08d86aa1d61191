import { KeplerError } from '../../contract/errors.ts';
import type { OptionSchema, Params } from '../../contract/template.ts';
import { numbers } from '../columns.ts';
import { choice, options } from '../params.ts';
import { mean, variance } from '../../helpers/metrics/sums.ts';
import type { ScoreMethod } from '../types.ts';

const limit = (which: string): OptionSchema => ({
  type: ['number', 'null'],
  description: `Values ${which} it are left out; none for no limit`,
  default: null,
});
const LIMITS = { lower_limit: limit('below'), upper_limit: limit('above') };

function within(values: Float64Array, name: string, { lower_limit, upper_limit }: Params): Float64Array {
  const [low, high] = [
    (lower_limit as number | null) ?? -Infinity,
    (upper_limit as number | null) ?? Infinity,
  ];
  const inside = values.filter((value) => value >= low && value <= high);
  if (inside.length > 0) return inside;
  throw new KeplerError(
    'invalid_data',
    `No value of "${name}" lies within the limits. Check lower_limit and upper_limit.`,
  );
}

/** One field gives the number alone, several a row each with the field's name in front. */
function trimmedStatistic(
  name: string,
  column: string,
  description: string,
  more: Readonly<Record<string, OptionSchema>>,
  statistic: (values: Float64Array, params: Params) => number,
): ScoreMethod {
  return {
    name,
    description,
    params: options({ ...LIMITS, ...more }),
    fields: { kind: 'fields', a: 'numbers' },
    run({ a }, params) {
      const values = a.map((field) => statistic(within(numbers(field), field.name, params), params));
      if (a.length === 1) return { fields: [column], rows: [[values[0]]] };
      return { fields: ['Field', column], rows: a.map((field, i) => [field.name, values[i]]) };
    },
  };
}

export const tmean = trimmedStatistic(
  'tmean',
  'trimmed-mean',
  'Mean of the values within limits',
  {},
  (values) => mean(values),
);

export const tvar = trimmedStatistic(
  'tvar',
  'trimmed-variance',
  'Variance of the values within limits',
  {
    ddof: {
      type: 'integer',
      description: 'Taken from the count in the divisor',
      default: 1,
      minimum: 0,
    },
  },
  (values, { ddof }) => variance(values, ddof as number),
);

export const trim: ScoreMethod = {
  name: 'trim',
  description: 'The values without a share of the smallest, the largest, or both; their order is not kept',
  params: options({
    tail: choice('Which end is cut off', ['left', 'right', 'both'], 'both'),
    proportiontocut: {
      type: 'number',
      description: 'Share of the values that is cut off (at each end)',
      default: 0,
      minimum: 0,
      exclusiveMaximum: 1,
    },
  }),
  fields: { kind: 'fields', a: 'numbers' },
  run({ a }, { tail, proportiontocut }) {
    const kept = a.map((column) => {
      const sorted = numbers(column).slice().sort();
      const cut = Math.floor((proportiontocut as number) * sorted.length);
      const [from, to] = [tail === 'right' ? 0 : cut, sorted.length - (tail === 'left' ? 0 : cut)];
      if (from >= to) {
        throw new KeplerError(
          'invalid_arguments',
          `trim: proportiontocut=${proportiontocut} cuts off every value. With tail=both it must be below 0.5.`,
        );
      }
      return sorted.subarray(from, to);
    });
    return {
      fields: a.map(({ name }) => `trimmed(${name})`),
      rows: Array.from(kept[0], (_, i) => kept.map((values) => values[i])),
    };
  },
};
