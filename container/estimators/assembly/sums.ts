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

/** The greatest absolute value among the rows at [0, count). */
export function greatestSize(values: usize, rows: usize, count: i32): f64 {
  let greatest: f64 = 0;
  for (let i: usize = 0; i < <usize>count; i++) {
    greatest = max<f64>(greatest, abs<f64>(load<f64>(values + ((<usize>load<u32>(rows + (i << 2))) << 3))));
  }
  return greatest;
}

/** Adds a step to the scores of the rows at [start, end). */
export function addStep(scores: usize, rows: usize, start: i32, end: i32, step: f64): void {
  for (let i = start; i < end; i++) {
    const at = scores + ((<usize>load<u32>(rows + ((<usize>i) << 2))) << 3);
    store<f64>(at, load<f64>(at) + step);
  }
}

/** Sum and weight of the positions at [start, end), and whether not all have the same sum for their weight. */
export function sumTotals(payload: usize, start: i32, end: i32, weightBits: i32, result: usize): void {
  const first = load<i64>(payload + ((<usize>start) << 3));
  // Words add up as they are: weights cannot overflow into sums.
  let pairs = i64x2.splat(0);
  let differ = i64x2.splat(0);
  const firsts = i64x2.splat(first);
  let i = start;
  for (; i + 1 < end; i += 2) {
    const words = v128.load(payload + ((<usize>i) << 3));
    pairs = i64x2.add(pairs, words);
    differ = v128.or(differ, v128.xor(words, firsts));
  }
  let total = i64x2.extract_lane(pairs, 0) + i64x2.extract_lane(pairs, 1);
  let differs = v128.any_true(differ);
  if (i < end) {
    const word = load<i64>(payload + ((<usize>i) << 3));
    total += word;
    differs = differs || word != first;
  }
  const mask: i64 = ((<i64>1) << (<i64>weightBits)) - 1;
  store<f64>(result, <f64>(first >> (<i64>weightBits)) / <f64>(first & mask), 24);
  store<f64>(result, <f64>(total >> (<i64>weightBits)));
  store<f64>(result, <f64>(total & mask), 8);
  store<f64>(result, differs && valuesDiffer(payload, start, end, weightBits, mask) ? 1 : 0, 16);
}

/** Words may differ by weight alone: then sum / weight is the same in all. Ends at the first that differs. */
function valuesDiffer(payload: usize, start: i32, end: i32, weightBits: i32, mask: i64): bool {
  const first = load<i64>(payload + ((<usize>start) << 3));
  const value = <f64>(first >> (<i64>weightBits)) / <f64>(first & mask);
  for (let i = start; i < end; i++) {
    const word = load<i64>(payload + ((<usize>i) << 3));
    if (<f64>(word >> (<i64>weightBits)) / <f64>(word & mask) != value) return true;
  }
  return false;
}
