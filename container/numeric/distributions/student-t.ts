import { incompleteBeta } from './incomplete-beta.ts';
import { normalTwoSided } from './normal.ts';

/** P(|T| >= |t|) of Student's t with `df` degrees of freedom (DLMF 8.17: I_x(df/2, 1/2), x = df / (df + t²)). */
export function studentTwoSided(t: number, df: number): number {
  if (Number.isNaN(t) || !(df > 0)) return NaN;
  if (df === Infinity) return normalTwoSided(t);
  if (!Number.isFinite(t)) return 0;
  const ratio = (t * t) / df;
  if (ratio === Infinity) return 0;
  return incompleteBeta(df / 2, 0.5, 1 / (1 + ratio), ratio / (1 + ratio)).lower;
}
