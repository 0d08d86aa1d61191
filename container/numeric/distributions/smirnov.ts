import { binomialTerm } from './deviance.ts';

/**
 * P(D+ >= d) of the one-sided Kolmogorov-Smirnov statistic of n values, exact: the sum of Birnbaum and Tingey, Ann. Math.
 * Statist. 22 (1951), whose terms are all positive.
 */
export function smirnovSf(n: number, d: number): number {
  if (Number.isNaN(d)) return NaN;
  if (d <= 0) return 1;
  if (d >= 1) return 0;
  const whole = n * d;
  const last = Math.floor(n - whole);
  let total = 0;
  for (let j = 0; j <= last; j++) {
    const p = (whole + j) / n;
    const rest = n - whole - j;
    if (rest < 0) break;
    total += binomialTerm(j, n, p, rest / n) * (whole / (whole + j));
  }
  return Math.min(1, total);
}
