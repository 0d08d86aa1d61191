import { readFileSync } from 'node:fs';
import { apply, classesOf, fit, numberOf, numbersOf, tableOf } from './fitting.ts';
import { wideData } from './wide-data.ts';

interface Case {
  estimator: string;
  params: Record<string, unknown>;
  classes?: number;
  predictions: number[];
  importances: number[];
}
const golden = JSON.parse(readFileSync('test/goldens/trees/predictions.json', 'utf8')) as {
  rows: number;
  features: number;
  cases: Case[];
};
const { columns, score } = wideData(golden.features, golden.rows);
const features = tableOf(columns);

function codes(classes: number): Int32Array {
  const sorted = score.slice().sort();
  const cuts = Array.from({ length: classes - 1 }, (_, k) => {
    const share = (k + 1) ** 2;
    return sorted[Math.floor((golden.rows * share) / classes ** 2)];
  });
  return Int32Array.from(score, (value) => cuts.filter((cut) => value > cut).length);
}

function greatestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  return Math.max(...Array.from(a, (value, i) => Math.abs(value - b[i])));
}

describe('equal scikit-learn where nothing is left to chance', () => {
  test.each(golden.cases.map((one) => [`${one.estimator} ${JSON.stringify(one.params)}`, one] as const))(
    '%s',
    async (_, one) => {
      const input = one.classes ? classesOf(features, codes(one.classes)) : numberOf(features, score);
      const state = await fit(one.estimator, one.params, input);
      const output = apply(one.estimator, state, features, one.classes ? { probabilities: true } : {});
      expect(greatestDifference(numbersOf(output.at(-1)), one.predictions)).toBeLessThan(1e-6);
      expect(greatestDifference(state.importances as Float64Array, one.importances)).toBeLessThan(1e-6);
    },
  );
});
