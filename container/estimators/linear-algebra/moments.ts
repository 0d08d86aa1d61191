/** Where a column lies and how wide it spreads, for centring and scaling without loss. */
export interface ColumnRange {
  readonly mean: number;
  /** All values are the same number. */
  readonly constant: boolean;
  /** A power of two near the values' usual distance from the first (from zero where nothing is centred); 1 where that is 0. */
  readonly unit: number;
}

/**
 * Mean and spread of a column. Deviations from the first value are summed, so that a constant column has exactly its value
 * as mean and a large offset costs no digits.
 *
 * @param centred False takes the centre as 0: the mean is then 0, and only all zeros count as constant.
 */
export function columnRange(values: Float64Array, centred: boolean): ColumnRange {
  const n = values.length;
  const origin = centred && n > 0 ? values[0] : 0;
  // Two sums side by side: one would wait for each addition before the next.
  let sum0 = 0;
  let sum1 = 0;
  let squares0 = 0;
  let squares1 = 0;
  for (let i = 0; i + 1 < n; i += 2) {
    const x0 = values[i] - origin;
    const x1 = values[i + 1] - origin;
    sum0 += x0;
    sum1 += x1;
    squares0 += x0 * x0;
    squares1 += x1 * x1;
  }
  const last = n & 1 ? values[n - 1] - origin : 0;
  const squares = squares0 + squares1 + last * last;
  const mean = origin + (centred && n > 0 ? (sum0 + sum1 + last) / n : 0);
  // Squares of very large or small numbers leave the range of doubles; then the values themselves say how far they reach.
  const inRange = squares > 1e-280 && squares < 1e280;
  const reach = inRange ? Math.sqrt(squares / n) : farthest(values, origin);
  return { mean, constant: reach === 0, unit: powerOfTwo(reach) };
}

function farthest(values: Float64Array, origin: number): number {
  let reach = 0;
  for (const value of values) reach = Math.max(reach, Math.abs(value - origin));
  return reach;
}

function powerOfTwo(x: number): number {
  return x > 0 && Number.isFinite(x) ? 2 ** Math.max(-1000, Math.min(1000, Math.floor(Math.log2(x)))) : 1;
}
