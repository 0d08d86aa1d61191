import { numbers } from '../columns.ts';
import { decision, decisionField } from '../decision.ts';
import { chiSquareSf } from '../../numeric/distributions/chi-square.ts';
import { ALPHA, options } from '../params.ts';
import type { ScoreMethod } from '../types.ts';
import { kurtosis, skewness } from './describe.ts';

/** Skewness as a normal deviate: D'Agostino, Biometrika 57 (1970). Eight values or more. */
function skewDeviate(values: Float64Array): number {
  const n = values.length;
  const y = skewness(values) * Math.sqrt(((n + 1) * (n + 3)) / (6 * (n - 2)));
  const beta = (3 * (n * n + 27 * n - 70) * (n + 1) * (n + 3)) / ((n - 2) * (n + 5) * (n + 7) * (n + 9));
  const w = Math.sqrt(2 * (beta - 1)) - 1;
  // As scipy has it, no skew at all counts as y = 1.
  const ratio = (y === 0 ? 1 : y) / Math.sqrt(2 / (w - 1));
  return Math.asinh(ratio) / Math.sqrt(0.5 * Math.log(w));
}

/** Kurtosis as a normal deviate: Anscombe and Glynn, Biometrika 70 (1983). */
function kurtosisDeviate(values: Float64Array): number {
  const n = values.length;
  const expected = (3 * (n - 1)) / (n + 1);
  const spread = (24 * n * (n - 2) * (n - 3)) / ((n + 1) ** 2 * (n + 3) * (n + 5));
  const x = (kurtosis(values) + 3 - expected) / Math.sqrt(spread);
  const skew =
    ((6 * (n * n - 5 * n + 2)) / ((n + 7) * (n + 9))) *
    Math.sqrt((6 * (n + 3) * (n + 5)) / (n * (n - 2) * (n - 3)));
  const a = 6 + (8 / skew) * (2 / skew + Math.sqrt(1 + 4 / skew ** 2));
  const base = 1 + x * Math.sqrt(2 / (a - 4));
  const root = base === 0 ? NaN : Math.sign(base) * Math.cbrt((1 - 2 / a) / Math.abs(base));
  return (1 - 2 / (9 * a) - root) / Math.sqrt(2 / (9 * a));
}

export const normaltest: ScoreMethod = {
  name: 'normaltest',
  description: "D'Agostino and Pearson's test whether a field is normally distributed",
  params: options({ alpha: ALPHA }),
  fields: { kind: 'fields', a: 'numbers' },
  run({ a }, { alpha }, warn) {
    const rows = a.map((column) => {
      const values = numbers(column);
      if (values.length < 8) warn(`"${column.name}" has fewer than 8 values: the test is not defined (NaN).`);
      else if (values.length < 20)
        warn(`"${column.name}" has fewer than 20 values: the p-value is only approximate.`);
      const statistic = values.length < 8 ? NaN : skewDeviate(values) ** 2 + kurtosisDeviate(values) ** 2;
      const pValue = chiSquareSf(statistic, 2);
      const hypothesis = `"${column.name}" comes from a normal distribution`;
      return [column.name, statistic, pValue, decision(pValue, alpha as number, hypothesis)];
    });
    return { fields: ['Field', 'statistic', 'p-value', decisionField(alpha as number)], rows };
  },
};
