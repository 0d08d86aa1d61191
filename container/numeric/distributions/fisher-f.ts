import { incompleteBeta } from './incomplete-beta.ts';

/** P(F > f) of Fisher's F with `numerator` and `denominator` degrees of freedom. */
export function fisherSf(f: number, numerator: number, denominator: number): number {
  if (Number.isNaN(f)) return NaN;
  if (f <= 0) return 1;
  if (f === Infinity) return 0;
  const ratio = (numerator * f) / denominator;
  return incompleteBeta(denominator / 2, numerator / 2, 1 / (1 + ratio), ratio / (1 + ratio)).lower;
}
