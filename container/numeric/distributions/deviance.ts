/**
 * Binomial and Poisson probabilities that keep their relative precision for counts of any size, by Loader's saddle-point
 * expansion: C. Loader, "Fast and Accurate Computation of Binomial Probabilities" (2000).
 */
const LOG_2PI = Math.log(2 * Math.PI);

/** Bernoulli numbers B(2j) / (2j (2j - 1)), j = 1 … 8: Stirling's series (DLMF 5.11.1). */
const STIRLING = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156, -3617 / 122400];

/** log Γ(x + 1) less Stirling's approximation of it, x > 0. */
export function stirlingError(x: number): number {
  // Below 16 the series is shifted up: error(x) = error(x + 1) + what the approximation itself lacks in that step.
  let shifted = 0;
  let at = x;
  while (at < 16) {
    shifted += (at + 0.5) * Math.log1p(1 / at) - 1;
    at += 1;
  }
  const inverse = 1 / (at * at);
  let series = 0;
  for (let j = STIRLING.length - 1; j >= 0; j--) series = series * inverse + STIRLING[j];
  return series / at + shifted;
}

/** x log(x / m) + m - x without cancellation where x is near m. */
export function devianceTerm(x: number, m: number): number {
  const difference = x - m;
  if (Math.abs(difference) < 0.1 * (x + m)) {
    const v = difference / (x + m);
    let total = difference * v;
    if (Math.abs(total) < Number.MIN_VALUE) return total;
    let power = 2 * x * v;
    const square = v * v;
    for (let j = 1; j < 1000; j++) {
      power *= square;
      const next = total + power / (2 * j + 1);
      if (next === total) return next;
      total = next;
    }
  }
  return x * Math.log(x / m) + m - x;
}

/** e^-m m^x / Γ(x + 1) for real x >= 0, m > 0. */
export function poissonTerm(x: number, m: number): number {
  if (x === 0) return Math.exp(-m);
  return Math.exp(-stirlingError(x) - devianceTerm(x, m) - 0.5 * (LOG_2PI + Math.log(x)));
}

/** Γ(n + 1) / (Γ(x + 1) Γ(n - x + 1)) p^x q^(n - x) for real 0 <= x <= n; p + q = 1, both given to keep small ones exact. */
export function binomialTerm(x: number, n: number, p: number, q: number): number {
  if (p === 0) return x === 0 ? 1 : 0;
  if (q === 0) return x === n ? 1 : 0;
  const rest = n - x;
  if (x === 0) return Math.exp(p < 0.5 ? n * Math.log1p(-p) : n * Math.log(q));
  if (rest === 0) return Math.exp(q < 0.5 ? n * Math.log1p(-q) : n * Math.log(p));
  const exponent =
    stirlingError(n) -
    stirlingError(x) -
    stirlingError(rest) -
    devianceTerm(x, n * p) -
    devianceTerm(rest, n * q);
  return Math.exp(exponent + 0.5 * (Math.log(n) - LOG_2PI - Math.log(x) - Math.log(rest)));
}
