import { KeplerError } from '../../contract/errors.ts';
import { numbers } from '../columns.ts';
import { decision, decisionField } from '../decision.ts';
import { fisherSf } from '../../numeric/distributions/fisher-f.ts';
import { ALPHA, options } from '../params.ts';
import { mean, sumOf } from '../../helpers/metrics/sums.ts';
import type { ScoreMethod } from '../types.ts';

export const fOneway: ScoreMethod = {
  name: 'f_oneway',
  description: 'One-way analysis of variance: do fields have the same mean?',
  params: options({ alpha: ALPHA }),
  fields: { kind: 'fields', a: 'numbers' },
  run({ a }, { alpha }, warn) {
    if (a.length < 2)
      throw new KeplerError(
        'invalid_arguments',
        'f_oneway compares two or more fields. Example: score f_oneway x y z.',
      );
    const samples = a.map(numbers);
    const statistic = fStatistic(samples);
    if (!Number.isFinite(statistic))
      warn('The values of each field do not vary (or are too few): the F statistic is not reliable.');
    const freedom = sumOf(samples.length, (i) => samples[i].length) - samples.length;
    const pValue = freedom > 0 ? fisherSf(statistic, samples.length - 1, freedom) : NaN;
    const names = a.map(({ name }) => `"${name}"`).join(', ');
    return {
      fields: ['statistic', 'p-value', decisionField(alpha as number)],
      rows: [[statistic, pValue, decision(pValue, alpha as number, `${names} have the same mean`)]],
    };
  },
};

function fStatistic(samples: readonly Float64Array[]): number {
  const means = samples.map(mean);
  const count = sumOf(samples.length, (k) => samples[k].length);
  const centre = sumOf(samples.length, (k) => means[k] * samples[k].length) / count;
  const constant = samples.every((values) => values.every((value) => value === values[0]));
  if (constant) return samples.every((values) => values[0] === samples[0][0]) ? NaN : Infinity;
  const between = sumOf(samples.length, (k) => samples[k].length * (means[k] - centre) ** 2);
  const within = sumOf(samples.length, (k) =>
    sumOf(samples[k].length, (i) => (samples[k][i] - means[k]) ** 2),
  );
  return between / (samples.length - 1) / (within / (count - samples.length));
}
