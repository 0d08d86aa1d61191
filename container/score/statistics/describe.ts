import { numbers } from '../columns.ts';
import { flag, options } from '../params.ts';
import { centralMoment, mean, variance } from '../../helpers/metrics/sums.ts';
import type { ScoreMethod } from '../types.ts';

/** Third standardised moment; NaN for constant values. Without `bias` the unbiased estimate, of three values or more. */
export function skewness(values: Float64Array, bias = true): number {
  const n = values.length;
  const centre = mean(values);
  const second = centralMoment(values, 2, centre);
  if (second <= (Number.EPSILON * centre) ** 2) return NaN;
  const plain = centralMoment(values, 3, centre) / second ** 1.5;
  return bias || n < 3 ? plain : (plain * Math.sqrt(n * (n - 1))) / (n - 2);
}

/** Fourth standardised moment less 3; NaN for constant values. Without `bias` the unbiased estimate, of four or more. */
export function kurtosis(values: Float64Array, bias = true): number {
  const n = values.length;
  const centre = mean(values);
  const second = centralMoment(values, 2, centre);
  if (second <= (Number.EPSILON * centre) ** 2) return NaN;
  const plain = centralMoment(values, 4, centre) / second ** 2;
  if (bias || n < 4) return plain - 3;
  return ((n * n - 1) * plain - 3 * (n - 1) ** 2) / ((n - 2) * (n - 3));
}

export const describe: ScoreMethod = {
  name: 'describe',
  description: 'Count, range, mean, variance, skewness and kurtosis of each field',
  params: options({
    ddof: {
      type: 'integer',
      description: 'Taken from the count in the variance',
      default: 1,
      minimum: 0,
    },
    bias: flag('Skewness and kurtosis without correction for bias', true),
  }),
  fields: { kind: 'fields', a: 'numbers' },
  run({ a }, { ddof, bias }, warn) {
    const rows = a.map((column) => {
      const values = numbers(column);
      const skew = skewness(values, bias as boolean);
      if (Number.isNaN(skew))
        warn(`"${column.name}" is constant: its skewness and kurtosis are not defined (NaN).`);
      let [min, max] = [Infinity, -Infinity];
      for (let i = 0; i < values.length; i++) {
        if (values[i] < min) min = values[i];
        if (values[i] > max) max = values[i];
      }
      return [
        column.name,
        values.length,
        min,
        max,
        mean(values),
        variance(values, ddof as number),
        skew,
        kurtosis(values, bias as boolean),
      ];
    });
    return {
      fields: ['Field', 'nobs', 'min', 'max', 'mean', 'variance', 'skewness', 'kurtosis'],
      rows,
    };
  },
};

export const moment: ScoreMethod = {
  name: 'moment',
  description: 'Mean of a power of the distance from the mean, of each field',
  params: options({
    moment: { type: 'integer', description: 'The power', default: 1, minimum: 0 },
  }),
  fields: { kind: 'fields', a: 'numbers' },
  run({ a }, { moment: order }) {
    const value = (values: Float64Array): number => {
      if (order === 0) return 1;
      return order === 1 ? 0 : centralMoment(values, order as number);
    };
    return { fields: ['Field', 'moment'], rows: a.map((column) => [column.name, value(numbers(column))]) };
  },
};
