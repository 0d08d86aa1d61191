import { binomialTerm } from './deviance.ts';

const TINY = 1e-300;

/**
 * Regularised incomplete beta functions I_x(a, b) (`lower`) and 1 - I_x(a, b) (`upper`), a, b > 0, by the continued fraction
 * DLMF 8.17.22 on the side where it converges fast.
 *
 * @param y 1 - x, given so that neither loses digits near its end.
 */
export function incompleteBeta(
  a: number,
  b: number,
  x: number,
  y: number,
): { readonly lower: number; readonly upper: number } {
  if (Number.isNaN(x)) return { lower: NaN, upper: NaN };
  if (x <= 0) return { lower: 0, upper: 1 };
  if (y <= 0) return { lower: 1, upper: 0 };
  // x^a y^b / B(a, b), through the binomial probability of a in a + b
  const front = (binomialTerm(a, a + b, x, y) * a * b) / (a + b);
  if (x < (a + 1) / (a + b + 2)) {
    const lower = (front * fraction(a, b, x)) / a;
    return { lower, upper: 1 - lower };
  }
  const upper = (front * fraction(b, a, y)) / b;
  return { lower: 1 - upper, upper };
}

/** The continued fraction by Lentz's method (Thompson and Barnett, J. Comput. Phys. 64, 1986). */
function fraction(a: number, b: number, x: number): number {
  let c = 1;
  let d = 1 - ((a + b) * x) / (a + 1);
  d = 1 / (Math.abs(d) < TINY ? TINY : d);
  let value = d;
  const step = (coefficient: number): number => {
    d = 1 + coefficient * d;
    d = 1 / (Math.abs(d) < TINY ? TINY : d);
    c = 1 + coefficient / c;
    if (Math.abs(c) < TINY) c = TINY;
    value *= d * c;
    return d * c;
  };
  for (let m = 1; m < 10_000_000; m++) {
    const even = a + 2 * m;
    step((m * (b - m) * x) / ((even - 1) * even));
    const change = step((-(a + m) * (a + b + m) * x) / (even * (even + 1)));
    if (Math.abs(change - 1) < 2 ** -50) break;
  }
  return value;
}
