import { numbers } from '../columns.ts';
import { decision, decisionField } from '../decision.ts';
import { studentTwoSided } from '../../numeric/distributions/student-t.ts';
import { pairsOf } from '../pairs.ts';
import { ALPHA, flag, options } from '../params.ts';
import { mean, variance } from '../../helpers/metrics/sums.ts';
import type { ScoreMethod, Warn } from '../types.ts';

interface TestResult {
  readonly statistic: number;
  readonly pValue: number;
}

function studentTest(difference: number, error: number, freedom: number): TestResult {
  const statistic = difference / error;
  return { statistic, pValue: studentTwoSided(statistic, freedom) };
}

function warnOfNoSpread({ statistic }: TestResult, fields: string, warn: Warn): void {
  if (Number.isFinite(statistic)) return;
  warn(`The values of ${fields} do not vary (or are too few): the test's result is not reliable.`);
}

/** Does the mean differ from `centre`? */
function oneSample(values: Float64Array, centre: number): TestResult {
  const n = values.length;
  return studentTest(mean(values) - centre, Math.sqrt(variance(values, 1) / n), n - 1);
}

export const ttest1samp: ScoreMethod = {
  name: 'ttest_1samp',
  description: "Student's t-test of a field's mean against a given one",
  params: options(
    {
      popmean: { type: 'number', description: 'The mean under the null hypothesis' },
      alpha: ALPHA,
    },
    ['popmean'],
  ),
  fields: { kind: 'fields', a: 'numbers' },
  run({ a }, { popmean, alpha }, warn) {
    const rows = a.map((column) => {
      const result = oneSample(numbers(column), popmean as number);
      warnOfNoSpread(result, `"${column.name}"`, warn);
      const hypothesis = `the mean of "${column.name}" is ${popmean}`;
      return [
        column.name,
        result.statistic,
        result.pValue,
        decision(result.pValue, alpha as number, hypothesis),
      ];
    });
    return { fields: ['Field', 'statistic', 'p-value', decisionField(alpha as number)], rows };
  },
};

/** @param equalVariance Pooled variance; else Welch's test. */
function independent(x: Float64Array, y: Float64Array, equalVariance: boolean): TestResult {
  const [n, m] = [x.length, y.length];
  const [varX, varY] = [variance(x, 1), variance(y, 1)];
  const difference = mean(x) - mean(y);
  if (equalVariance) {
    const freedom = n + m - 2;
    const pooled = ((n - 1) * varX + (m - 1) * varY) / freedom;
    return studentTest(difference, Math.sqrt(pooled * (1 / n + 1 / m)), freedom);
  }
  const [partX, partY] = [varX / n, varY / m];
  const freedom = (partX + partY) ** 2 / (partX ** 2 / (n - 1) + partY ** 2 / (m - 1));
  // Two constants have no freedom of their own; the statistic is infinite or undefined all the same.
  return studentTest(difference, Math.sqrt(partX + partY), Number.isNaN(freedom) ? 1 : freedom);
}

function twoSamples(
  name: string,
  description: string,
  more: ScoreMethod['params']['properties'],
  test: (x: Float64Array, y: Float64Array, equalVariance: boolean) => TestResult,
): ScoreMethod {
  return {
    name,
    description,
    params: options({ ...more, alpha: ALPHA }),
    fields: { kind: 'pairs', a: 'numbers', b: 'numbers' },
    run(input, { equal_var, alpha }, warn) {
      const rows = pairsOf(input).map(({ a, b }) => {
        const result = test(numbers(a), numbers(b), equal_var !== false);
        warnOfNoSpread(result, `"${a.name}" and "${b.name}"`, warn);
        const hypothesis = `"${a.name}" and "${b.name}" have the same mean`;
        return [
          a.name,
          b.name,
          result.statistic,
          result.pValue,
          decision(result.pValue, alpha as number, hypothesis),
        ];
      });
      return { fields: ['A_field', 'B_field', 'statistic', 'p-value', decisionField(alpha as number)], rows };
    },
  };
}

export const ttestInd = twoSamples(
  'ttest_ind',
  "Student's (or Welch's) t-test of the means of two independent samples",
  { equal_var: flag("The populations have the same variance; false for Welch's test", true) },
  independent,
);

export const ttestRel = twoSamples(
  'ttest_rel',
  "Student's t-test of the means of two related samples",
  {},
  (x, y) =>
    oneSample(
      x.map((value, i) => value - y[i]),
      0,
    ),
);
