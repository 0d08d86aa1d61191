import { normalSf } from '../../numeric/distributions/normal.ts';
import { rank, tieSum } from '../../helpers/metrics/order.ts';
import { choice, flag } from '../params.ts';
import { sumOf } from '../../helpers/metrics/sums.ts';
import { twoSampleTest } from './two-sample-test.ts';
import type { TestResult } from './two-sample-test.ts';

type Alternative = 'two-sided' | 'less' | 'greater';

/** What the values of the first field tend to be under the alternative that is tested. */
const OPPOSITES: Readonly<Record<Alternative, string>> = {
  'two-sided': 'have the same distribution',
  less: 'have the same distribution (alternative: the first tends to be less)',
  greater: 'have the same distribution (alternative: the first tends to be greater)',
};

export const mannwhitneyu = twoSampleTest({
  name: 'mannwhitneyu',
  description: 'Mann-Whitney U test: does one of two independent samples tend to be larger?',
  params: {
    alternative: choice('What is tested against', ['two-sided', 'less', 'greater'], 'two-sided'),
    use_continuity: flag('Correct the normal approximation by half a rank', true),
  },
  hypothesis: (a, b, { alternative }) => `${a} and ${b} ${OPPOSITES[alternative as Alternative]}`,
  fewRows: 20,
  test: (x, y, { alternative, use_continuity }) =>
    mannWhitney(x, y, alternative as Alternative, use_continuity as boolean),
});

/** Exact where a sample has eight values or fewer and none are equal, else by the normal approximation. */
function mannWhitney(
  x: Float64Array,
  y: Float64Array,
  alternative: Alternative,
  continuity: boolean,
): TestResult {
  const [n, m] = [x.length, y.length];
  const all = new Float64Array(n + m);
  all.set(x);
  all.set(y, n);
  const { ranks, ties } = rank(all);
  const first = sumOf(n, (i) => ranks[i]) - (n * (n + 1)) / 2;
  const second = n * m - first;
  const larger =
    alternative === 'greater' ? first : alternative === 'less' ? second : Math.max(first, second);
  const sides = alternative === 'two-sided' ? 2 : 1;
  const exact = (n <= 8 || m <= 8) && ties.length === 0;
  const tail = exact ? exactTail(n, m, larger) : normalTail(n, m, larger, tieSum(ties), continuity);
  return { statistic: first, pValue: Math.min(1, sides * tail) };
}

function normalTail(n: number, m: number, u: number, ties: number, continuity: boolean): number {
  const all = n + m;
  const spread = Math.sqrt(((n * m) / 12) * (all + 1 - ties / (all * (all - 1))));
  return normalSf((u - (n * m) / 2 - (continuity ? 0.5 : 0)) / spread);
}

/**
 * P(U >= u): U's counts are the coefficients of the Gaussian binomial of n + m over n, made factor by factor,
 * (1 - q^(m + i)) / (1 - q^i) (Andrews, The Theory of Partitions, chapter 3).
 */
function exactTail(n: number, m: number, u: number): number {
  const [few, many] = [Math.min(n, m), Math.max(n, m)];
  const most = few * many;
  const counts = new Float64Array(most + 1);
  counts[0] = 1;
  for (let i = 1; i <= few; i++) {
    for (let k = most; k >= many + i; k--) counts[k] -= counts[k - many - i];
    for (let k = i; k <= most; k++) counts[k] += counts[k - i];
  }
  // The distribution is symmetric, so the upper tail is the lower one of most - u.
  let tail = 0;
  for (let k = 0; k <= most - u; k++) tail += counts[k];
  let total = 0;
  for (let k = 0; k <= most; k++) total += counts[k];
  return tail / total;
}
