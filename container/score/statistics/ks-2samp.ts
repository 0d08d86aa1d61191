import { kolmogorovSf } from '../distributions/kolmogorov.ts';
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

function twoSampleKolmogorov(x: Float64Array, y: Float64Array): TestResult {
  const [n, m] = [x.length, y.length];
  const distance = ksDistance(x, y);
  if (Math.max(n, m) <= MAX_EXACT) {
    const shared = divisor(n, m);
    const common = (n / shared) * m;
    const steps = Math.round(distance * common);
    const pValue = n === m ? equalSizes(n, steps) : paths(n / shared, m / shared, shared, steps);
    return { statistic: steps / common, pValue };
  }
  return { statistic: distance, pValue: kolmogorovSf(roundHalfEven((n * m) / (n + m)), distance) };
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

function divisor(n: number, m: number): number {
  return m === 0 ? n : divisor(m, n % m);
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
function equalSizes(n: number, steps: number): number {
  if (steps === 0) return 1;
  let chance = 0;
  for (let k = Math.floor(n / steps); k >= 1; k--) {
    let ratio = 1; // C(2n, n - k h) / C(2n, n - (k - 1) h)
    for (let j = 0; j < steps; j++) ratio *= (n - k * steps + j + 1) / (n + k * steps - j);
    chance = ratio * (1 - chance);
  }
  return Math.min(1, 2 * chance);
}

/**
 * Chance that a random lattice path to (n, m) touches the band's edge, steps / lcm from the diagonal: the last step into
 * (i, j) came from (i - 1, j) with the chance i / (i + j) (Hodges, Ark. Mat. 3, 1958). Only sums of positive terms.
 *
 * @param scaledN n / gcd
 * @param scaledM m / gcd
 */
function paths(scaledN: number, scaledM: number, shared: number, steps: number): number {
  if (steps === 0) return 1;
  const [few, many] = [Math.min(scaledN, scaledM), Math.max(scaledN, scaledM)];
  const [rows, columns] = [many * shared, few * shared];
  const touched = new Float64Array(columns + 1).fill(1);
  for (let i = 0; i <= rows; i++) {
    // Inside where |few i - many j| < steps.
    const from = Math.max(0, Math.floor((few * i - steps) / many) + 1);
    const to = Math.min(columns, Math.ceil((few * i + steps) / many) - 1);
    if (from > 0 && from - 1 <= columns) touched[from - 1] = 1;
    for (let j = from; j <= to; j++) {
      if (i === 0 && j === 0) touched[0] = 0;
      else touched[j] = ((i > 0 ? i * touched[j] : 0) + (j > 0 ? j * touched[j - 1] : 0)) / (i + j);
    }
    for (let j = to + 1; j <= columns && touched[j] !== 1; j++) touched[j] = 1;
  }
  return touched[columns];
}
