import { incompleteGamma } from './incomplete-gamma.ts';

export function chiSquareCdf(x: number, df: number): number {
  return incompleteGamma(df / 2, x / 2).lower;
}

export function chiSquareSf(x: number, df: number): number {
  return incompleteGamma(df / 2, x / 2).upper;
}
