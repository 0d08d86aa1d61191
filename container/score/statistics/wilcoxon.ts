import { normalTwoSided } from '../../numeric/distributions/normal.ts';
import { rank, tieSum } from '../../helpers/metrics/order.ts';
import { choice, flag } from '../params.ts';
import { twoSampleTest } from './two-sample-test.ts';
import type { TestResult } from './two-sample-test.ts';

type ZeroMethod = 'wilcox' | 'pratt' | 'zsplit';

export const wilcoxon = twoSampleTest({
  name: 'wilcoxon',
  description: 'Wilcoxon signed-rank test of two related samples',
  params: {
    zero_method: choice('What becomes of rows without a difference', ['wilcox', 'pratt', 'zsplit'], 'wilcox'),
    correction: flag('Correct the normal approximation by half a rank', false),
  },
  hypothesis: (a, b) => `the differences of ${a} and ${b} are symmetric about zero`,
  fewRows: 20,
  test: (x, y, { zero_method, correction }, warn) => {
    const differences = x.map((value, i) => value - y[i]);
    const result = signedRank(differences, zero_method as ZeroMethod, correction as boolean);
    if (Number.isNaN(result.pValue)) warn('The two fields do not differ: the test is not defined (NaN).');
    return result;
  },
});

/** Exact for up to 50 rows without zeros or equal sizes, and for up to 13 with them; else by the normal approximation. */
function signedRank(differences: Float64Array, zeroMethod: ZeroMethod, correction: boolean): TestResult {
  const used = zeroMethod === 'wilcox' ? differences.filter((d) => d !== 0) : differences;
  const zeros = differences.length - differences.filter((d) => d !== 0).length;
  const { ranks, ties } = rank(used.map(Math.abs));
  let plus = 0;
  let minus = 0;
  for (let i = 0; i < used.length; i++) {
    if (used[i] > 0) plus += ranks[i];
    else if (used[i] < 0) minus += ranks[i];
    else if (zeroMethod === 'zsplit') {
      plus += ranks[i] / 2;
      minus += ranks[i] / 2;
    }
  }
  const statistic = Math.min(plus, minus);
  const plain = ties.length === 0 && zeros === 0;
  if (differences.length <= (plain ? 50 : 13)) {
    const signed = ranks.filter((_, i) => used[i] !== 0);
    const offset =
      zeroMethod === 'zsplit' ? ranks.reduce((s, r, i) => s + (used[i] === 0 ? r / 2 : 0), 0) : 0;
    return { statistic, pValue: exactChance(signed, plus - offset) };
  }
  return { statistic, pValue: normalChance(used.length, plus, zeros, ties, zeroMethod, correction) };
}

function normalChance(
  count: number,
  plus: number,
  zeros: number,
  ties: readonly number[],
  zeroMethod: ZeroMethod,
  correction: boolean,
): number {
  let centre = (count * (count + 1)) / 4;
  let square = count * (count + 1) * (2 * count + 1);
  let tied = tieSum(ties);
  if (zeroMethod === 'pratt') {
    // Cureton, J. Am. Stat. Assoc. 62 (1967): zeros have ranks but no sign.
    centre -= (zeros * (zeros + 1)) / 4;
    square -= zeros * (zeros + 1) * (2 * zeros + 1);
    tied -= zeros ** 3 - zeros;
  }
  const spread = Math.sqrt((square - tied / 2) / 24);
  const distance = plus - centre;
  return normalTwoSided((distance - (correction ? 0.5 * Math.sign(distance) : 0)) / spread);
}

/**
 * Twice the smaller tail of the sum of ranks whose signs are as likely plus as minus: the distribution is built up rank by
 * rank, in halves because shared ranks are.
 */
function exactChance(ranks: Float64Array, plus: number): number {
  const steps = Array.from(ranks, (value) => Math.round(2 * value));
  const most = steps.reduce((total, step) => total + step, 0);
  const chance = new Float64Array(most + 1);
  chance[0] = 1;
  let reached = 0;
  for (const step of steps) {
    reached += step;
    for (let k = reached; k >= 0; k--) {
      chance[k] = (chance[k] + (k >= step ? chance[k - step] : 0)) / 2;
    }
  }
  const at = Math.round(2 * plus);
  let below = 0;
  let above = 0;
  for (let k = 0; k <= most; k++) {
    if (k <= at) below += chance[k];
    if (k >= at) above += chance[k];
  }
  return Math.min(1, 2 * Math.min(below, above));
}
