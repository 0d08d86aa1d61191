/** Fixed-point words of weight 1 for the rows at [0, count). */
export function packSums(values: usize, rows: usize, payload: usize, count: i32, weightBits: i32, unit: f64): void {
  const perUnit = 1 / unit;
  for (let i: usize = 0; i < <usize>count; i++) {
    const value = load<f64>(values + ((<usize>load<u32>(rows + (i << 2))) << 3));
    // As Math.round: halves go up. Units are powers of two, so that multiplying is exact.
    const whole = <i64>floor<f64>(value * perUnit + 0.5);
    store<i64>(payload + (i << 3), (whole << (<i64>weightBits)) + 1);
  }
}

/** Sum and weight of the positions at [start, end), and whether all have the same sum for their weight. */
export function sumTotals(payload: usize, start: i32, end: i32, weightBits: i32, result: usize): void {
  const mask: i64 = ((<i64>1) << (<i64>weightBits)) - 1;
  let sum: i64 = 0;
  let weight: i64 = 0;
  const first = load<i64>(payload + ((<usize>start) << 3));
  const firstSum = first >> (<i64>weightBits);
  const firstWeight = first & mask;
  let differs: i32 = 0;
  for (let i = start; i < end; i++) {
    const word = load<i64>(payload + ((<usize>i) << 3));
    const rowSum = word >> (<i64>weightBits);
    const rowWeight = word & mask;
    sum += rowSum;
    weight += rowWeight;
    if (!differs && word != first) differs = <i32>(<f64>rowSum / <f64>rowWeight != <f64>firstSum / <f64>firstWeight);
  }
  store<f64>(result, <f64>sum);
  store<f64>(result, <f64>weight, 8);
  store<f64>(result, <f64>differs, 16);
}
