import { incompleteGamma } from './incomplete-gamma.ts';

/** P(Z <= z) of the standard normal distribution, exact in both tails (DLMF 7.11.1: erf through the incomplete gamma). */
export function normalCdf(z: number): number {
  if (Number.isNaN(z)) return NaN;
  const { lower, upper } = incompleteGamma(0.5, (z * z) / 2);
  return z < 0 ? upper / 2 : 0.5 + lower / 2;
}

/** P(Z > z). */
export function normalSf(z: number): number {
  return normalCdf(-z);
}

/** P(|Z| >= |z|). */
export function normalTwoSided(z: number): number {
  return Number.isNaN(z) ? NaN : incompleteGamma(0.5, (z * z) / 2).upper;
}
