import { readFileSync } from 'node:fs';
import path from 'node:path';
import { chiSquareCdf, chiSquareSf } from '../../container/numeric/distributions/chi-square.ts';
import { fisherSf } from '../../container/numeric/distributions/fisher-f.ts';
import { kolmogorovLimitSf, kolmogorovSf } from '../../container/numeric/distributions/kolmogorov.ts';
import { normalCdf } from '../../container/numeric/distributions/normal.ts';
import { smirnovSf } from '../../container/numeric/distributions/smirnov.ts';
import { studentTwoSided } from '../../container/numeric/distributions/student-t.ts';

const FUNCTIONS: Readonly<Record<string, (...values: number[]) => number>> = {
  normalCdf,
  studentTwoSided,
  fisherSf,
  chiSquareSf,
  chiSquareCdf,
  kolmogorovLimitSf,
  kolmogorovSf,
  smirnovSf,
};
const points = JSON.parse(
  readFileSync(path.join(__dirname, '../goldens/score/distributions.json'), 'utf8'),
) as [string, number[], number][];

test.each(Object.keys(FUNCTIONS))('%s equals scipy, far into its tails', (name) => {
  const wrong = points
    .filter(([of]) => of === name)
    .map(([, values, want]) => ({ values, want, got: FUNCTIONS[name](...values) }))
    .filter(({ want, got }) => !(Math.abs(got - want) <= 5e-11 * Math.abs(want) + 1e-300));
  expect(wrong).toEqual([]);
  expect(points.some(([of]) => of === name)).toBe(true);
});

test('what is not a number stays so', () => {
  expect([normalCdf(NaN), studentTwoSided(NaN, 3), fisherSf(NaN, 1, 2), chiSquareSf(NaN, 2)]).toEqual([
    NaN,
    NaN,
    NaN,
    NaN,
  ]);
  expect([studentTwoSided(Infinity, 3), fisherSf(Infinity, 1, 2), chiSquareSf(Infinity, 2)]).toEqual([
    0, 0, 0,
  ]);
});
