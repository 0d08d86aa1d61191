import { stirlingError } from './deviance.ts';
import { durbin } from './kolmogorov-durbin.ts';
import { pelzGood } from './kolmogorov-pelz-good.ts';
import { pomeranz } from './kolmogorov-pomeranz.ts';
import { smirnovSf } from './smirnov.ts';

const clip = (p: number): number => Math.min(1, Math.max(0, p));

/**
 * P(D >= d) of the two-sided Kolmogorov-Smirnov statistic of n values, by the method that Simard and L'Ecuyer (J. Stat.
 * Softw. 39, 2011) find best for n and d: exact ones, and Pelz and Good's series for large n.
 */
export function kolmogorovSf(n: number, d: number): number {
  if (Number.isNaN(d)) return NaN;
  if (d >= 1) return 0;
  const scaled = n * d;
  if (scaled <= 0.5) return 1;
  if (scaled <= 1) return clip(1 - rubenGambino(n, scaled));
  if (scaled >= n - 1) return clip(2 * (1 - d) ** n);
  if (d >= 0.5) return clip(2 * smirnovSf(n, d));
  const square = scaled * d;
  if (n <= 140) {
    if (square <= 0.754693) return clip(1 - durbin(n, d));
    if (square <= 4) return clip(1 - pomeranz(n, d));
    return clip(2 * smirnovSf(n, d));
  }
  if (square >= 370) return 0;
  if (square >= 2.2) return clip(2 * smirnovSf(n, d));
  return clip(1 - (n <= 100_000 && n * d ** 1.5 <= 1.4 ? durbin(n, d) : pelzGood(n, d)));
}

/** P(D <= d) for 1/2 <= n d <= 1: n! / n^n (2 n d - 1)^n. */
function rubenGambino(n: number, scaled: number): number {
  if (n <= 140) {
    let product = 1;
    for (let i = 1; i <= n; i++) product *= (i / n) * (2 * scaled - 1);
    return product;
  }
  const logFactorial = stirlingError(n) - n + 0.5 * Math.log(2 * Math.PI * n);
  return Math.exp(logFactorial + n * Math.log(2 * scaled - 1));
}

/** P(K >= x) of Kolmogorov's limiting distribution: its alternating series, or below 1 the theta function's other form. */
export function kolmogorovLimitSf(x: number): number {
  if (Number.isNaN(x)) return NaN;
  if (x <= 0) return 1;
  if (x < 0.82) {
    let total = 0;
    for (let k = 1; k < 40; k++) total += Math.exp((-((2 * k - 1) ** 2) * Math.PI ** 2) / (8 * x * x));
    return clip(1 - (Math.sqrt(2 * Math.PI) / x) * total);
  }
  let total = 0;
  for (let k = 1; k < 40; k++) {
    const term = Math.exp(-2 * (k * x) ** 2);
    total += k % 2 ? term : -term;
    if (term === 0) break;
  }
  return clip(2 * total);
}
