/** Where a column lies and how wide it spreads, for centring and scaling without loss. */
export interface ColumnRange {
  readonly mean: number;
  /** All values are the same number. */
  readonly constant: boolean;
  /** A power of two near the largest distance from the centre (from zero where nothing is centred); 1 where that is 0. */
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
  let min = Infinity;
  let max = -Infinity;
  let sum = 0;
  for (let i = 0; i < n; i++) {
    const x = values[i] - origin;
    if (x < min) min = x;
    if (x > max) max = x;
    sum += x;
  }
  const shift = centred && n > 0 ? sum / n : 0;
  const reach = n === 0 ? 0 : Math.max(Math.abs(max - shift), Math.abs(min - shift));
  return { mean: origin + shift, constant: n === 0 || (max === min && reach === 0), unit: powerOfTwo(reach) };
}

function powerOfTwo(x: number): number {
  return x > 0 && Number.isFinite(x) ? 2 ** Math.max(-1000, Math.min(1000, Math.floor(Math.log2(x)))) : 1;
}
