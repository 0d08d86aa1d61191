import { kolmogorovSf } from '../../numeric/distributions/kolmogorov.ts';
import { twoSampleTest } from './two-sample-test.ts';
import type { TestResult } from './two-sample-test.ts';

/** Up to so many values a sample the chance is counted exactly. */
const MAX_EXACT = 10_000;

export const ks2samp = twoSampleTest({
  name: 'ks_2samp',
  description: 'Kolmogorov-Smirnov test: do two samples come from the same distribution?',
  params: {},
  hypothesis: (a, b) => `${a} and ${b} come from the same distribution`,
  test: twoSampleKolmogorov,
});

/** Both samples have a value in every row used, so they are of one size. */
function twoSampleKolmogorov(x: Float64Array, y: Float64Array): TestResult {
  const n = x.length;
  const distance = ksDistance(x, y);
  if (n > MAX_EXACT) return { statistic: distance, pValue: kolmogorovSf(roundHalfEven(n / 2), distance) };
  const steps = Math.round(distance * n);
  return { statistic: steps / n, pValue: exactChance(n, steps) };
}

/** Largest distance between the two empirical distribution functions. */
export function ksDistance(x: Float64Array, y: Float64Array): number {
  const [p, q] = [x.slice().sort(), y.slice().sort()];
  const [n, m] = [p.length, q.length];
  let [i, j] = [0, 0];
  let [above, below] = [0, 0];
  while (i < n && j < m) {
    const value = Math.min(p[i], q[j]);
    while (i < n && p[i] === value) i++;
    while (j < m && q[j] === value) j++;
    const difference = i / n - j / m;
    if (difference > above) above = difference;
    if (-difference > below) below = -difference;
  }
  return Math.max(above, below);
}

function roundHalfEven(value: number): number {
  const down = Math.floor(value);
  if (value - down !== 0.5) return Math.round(value);
  return down % 2 === 0 ? down : down + 1;
}

/**
 * Chance that two samples of n values are `steps` / n or more apart: lattice paths by reflection (Gnedenko and Korolyuk,
 * Doklady 80, 1951), 2 (C(2n, n-h) - C(2n, n-2h) + …) / C(2n, n), as nested products so that nothing overflows.
 */
function exactChance(n: number, steps: number): number {
  if (steps === 0) return 1;
  let chance = 0;
  for (let k = Math.floor(n / steps); k >= 1; k--) {
    let ratio = 1; // C(2n, n - k h) / C(2n, n - (k - 1) h)
    for (let j = 0; j < steps; j++) ratio *= (n - k * steps + j + 1) / (n + k * steps - j);
    chance = ratio * (1 - chance);
  }
  return Math.min(1, 2 * chance);
}
