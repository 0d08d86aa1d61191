import { numbers } from '../columns.ts';
import { incompleteBeta } from '../../numeric/distributions/incomplete-beta.ts';
import { studentTwoSided } from '../../numeric/distributions/student-t.ts';
import { rank } from '../../helpers/metrics/order.ts';
import { options } from '../params.ts';
import { mean, sumOf } from '../../helpers/metrics/sums.ts';
import type { ScoreMethod, Warn } from '../types.ts';
import type { Column } from '../../contract/table.ts';

function isConstant(values: Float64Array): boolean {
  return values.every((value) => value === values[0]);
}

function warnWhereConstant(columns: readonly Column[], warn: Warn): boolean {
  const constant = columns.filter((column) => isConstant(numbers(column)));
  for (const { name } of constant) warn(`"${name}" is constant: a correlation with it is not defined (NaN).`);
  return constant.length > 0;
}

export const pearsonr: ScoreMethod = {
  name: 'pearsonr',
  description: 'Linear correlation of two fields, and the chance of it where there is none',
  params: options(),
  fields: { kind: 'pair', a: 'numbers', b: 'numbers' },
  run({ a: [a], b: [b] }, _params, warn) {
    const undefinedHere = warnWhereConstant([a, b], warn);
    const r = undefinedHere ? NaN : pearson(numbers(a), numbers(b));
    return { fields: ['r', 'two-tailed p-value'], rows: [[r, pearsonChance(r, numbers(a).length)]] };
  },
};

function pearson(x: Float64Array, y: Float64Array): number {
  const n = x.length;
  if (n === 2) return Math.sign((x[1] - x[0]) * (y[1] - y[0]));
  const [meanX, meanY] = [mean(x), mean(y)];
  const lengthX = Math.sqrt(sumOf(n, (i) => (x[i] - meanX) ** 2));
  const lengthY = Math.sqrt(sumOf(n, (i) => (y[i] - meanY) ** 2));
  const r = sumOf(n, (i) => ((x[i] - meanX) / lengthX) * ((y[i] - meanY) / lengthY));
  return Math.max(-1, Math.min(1, r));
}

/** Without correlation (r + 1) / 2 has a beta distribution with both parameters n / 2 - 1. */
function pearsonChance(r: number, n: number): number {
  if (Number.isNaN(r)) return NaN;
  if (n === 2) return 1;
  const size = Math.abs(r);
  return Math.min(1, 2 * incompleteBeta(n / 2 - 1, n / 2 - 1, (1 - size) / 2, (1 + size) / 2).lower);
}

export const spearmanr: ScoreMethod = {
  name: 'spearmanr',
  description: 'Correlation of the ranks of two fields, and the chance of it where there is none',
  params: options(),
  fields: { kind: 'pair', a: 'numbers', b: 'numbers' },
  run({ a: [a], b: [b] }, _params, warn) {
    const undefinedHere = warnWhereConstant([a, b], warn);
    const correlation = undefinedHere ? NaN : rankCorrelation(numbers(a), numbers(b));
    const freedom = numbers(a).length - 2;
    const t = correlation * Math.sqrt(Math.max(0, freedom / ((correlation + 1) * (1 - correlation))));
    return {
      fields: ['correlation', 'two-tailed p-value'],
      rows: [[correlation, studentTwoSided(t, freedom)]],
    };
  },
};

function rankCorrelation(x: Float64Array, y: Float64Array): number {
  const n = x.length;
  const [p, q] = [rank(x).ranks, rank(y).ranks];
  const middle = (n + 1) / 2;
  const covariance = (u: Float64Array, v: Float64Array): number =>
    sumOf(n, (i) => (u[i] - middle) * (v[i] - middle)) / (n - 1);
  const r = covariance(p, q) / Math.sqrt(covariance(p, p)) / Math.sqrt(covariance(q, q));
  return Math.max(-1, Math.min(1, r));
}
