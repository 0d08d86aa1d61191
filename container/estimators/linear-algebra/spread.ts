/** Mean and population variance of a column, exact for a constant one. */
export function meanAndVariance(values: Float64Array): { mean: number; variance: number } {
  const n = values.length;
  const origin = n > 0 ? values[0] : 0;
  let sum = 0;
  for (let i = 0; i < n; i++) sum += values[i] - origin;
  const shift = n > 0 ? sum / n : 0;
  const mean = origin + shift;
  let squares = 0;
  let rest = 0;
  for (let i = 0; i < n; i++) {
    const deviation = values[i] - origin - shift;
    squares += deviation * deviation;
    rest += deviation;
  }
  // `rest` would be zero in exact arithmetic; it corrects what rounding did to the mean (Chan, Golub and LeVeque 1983).
  return { mean, variance: n > 0 ? Math.max(0, (squares - (rest * rest) / n) / n) : 0 };
}

/** scikit-learn's rule: a variance that rounding alone can bring about counts as none (Chan, Golub and LeVeque 1983). */
export function isConstant(variance: number, mean: number, rows: number): boolean {
  const noise = rows * Number.EPSILON;
  return variance <= noise * variance + (noise * mean) ** 2;
}
