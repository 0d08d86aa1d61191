import { poissonTerm } from './deviance.ts';

const EPSILON = 2 ** -54;
const TINY = 1e-300;

/**
 * Regularised incomplete gamma functions P(a, x) (`lower`) and Q(a, x) = 1 - P (`upper`), a > 0, x >= 0: the power series
 * below a + 1 (DLMF 8.7.1), Legendre's continued fraction above it (DLMF 8.9.2), so that the smaller one is exact.
 */
export function incompleteGamma(a: number, x: number): { readonly lower: number; readonly upper: number } {
  if (Number.isNaN(x)) return { lower: NaN, upper: NaN };
  if (x <= 0) return { lower: 0, upper: 1 };
  if (x === Infinity) return { lower: 1, upper: 0 };
  // x^a e^-x / Γ(a + 1)
  const front = poissonTerm(a, x);
  if (x < a + 1) {
    const lower = front * series(a, x);
    return { lower, upper: 1 - lower };
  }
  const upper = front * a * fraction(a, x);
  return { lower: 1 - upper, upper };
}

function series(a: number, x: number): number {
  let term = 1;
  let total = 1;
  for (let n = 1; term > total * EPSILON; n++) {
    term *= x / (a + n);
    total += term;
  }
  return total;
}

/** Γ(a, x) e^x x^-a by Lentz's method (Thompson and Barnett, J. Comput. Phys. 64, 1986). */
function fraction(a: number, x: number): number {
  let b = x + 1 - a;
  let c = 1 / TINY;
  let d = 1 / b;
  let value = d;
  for (let n = 1; n < 10_000_000; n++) {
    const step = -n * (n - a);
    b += 2;
    d = step * d + b;
    if (Math.abs(d) < TINY) d = TINY;
    c = b + step / c;
    if (Math.abs(c) < TINY) c = TINY;
    d = 1 / d;
    const change = d * c;
    value *= change;
    if (Math.abs(change - 1) < 2 ** -50) break;
  }
  return value;
}
