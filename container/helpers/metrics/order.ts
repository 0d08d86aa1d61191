const BITS = 11;
const BUCKETS = 1 << BITS;
const PASSES = 6;

/**
 * Row numbers in rising order of their values, rows of equal value in their own order: a radix sort of the doubles' bits, six
 * passes of 11 bits that carry the keys along, so that memory is read in its order. No NaN.
 */
export function argsort(values: Float64Array): Uint32Array {
  const rows = values.length;
  let [low, high] = keys(values);
  let order = new Uint32Array(rows);
  for (let i = 0; i < rows; i++) order[i] = i;
  let [nextLow, nextHigh, next] = [new Uint32Array(rows), new Uint32Array(rows), new Uint32Array(rows)];
  const starts = new Uint32Array(BUCKETS);
  for (let pass = 0; pass < PASSES; pass++) {
    const digits = digitsOf(low, high, pass);
    starts.fill(0);
    for (let i = 0; i < rows; i++) starts[digits[i]]++;
    if (starts[digits[0]] === rows) continue; // all the same here, as with whole numbers in the low bits
    let at = 0;
    for (let bucket = 0; bucket < BUCKETS; bucket++) {
      const count = starts[bucket];
      starts[bucket] = at;
      at += count;
    }
    for (let i = 0; i < rows; i++) {
      const to = starts[digits[i]]++;
      nextLow[to] = low[i];
      nextHigh[to] = high[i];
      next[to] = order[i];
    }
    [low, nextLow] = [nextLow, low];
    [high, nextHigh] = [nextHigh, high];
    [order, next] = [next, order];
  }
  return order;
}

/** The doubles' bits in two words, so that unsigned order is numeric order: negative ones turned over, else the sign set. */
function keys(values: Float64Array): [Uint32Array<ArrayBuffer>, Uint32Array<ArrayBuffer>] {
  const rows = values.length;
  const copy = new Float64Array(rows);
  for (let i = 0; i < rows; i++) copy[i] = values[i] + 0; // -0 sorts as 0
  const words = new Uint32Array(copy.buffer);
  const [low, high] = [new Uint32Array(rows), new Uint32Array(rows)];
  for (let i = 0; i < rows; i++) {
    const negative = words[2 * i + 1] >>> 31;
    low[i] = negative ? ~words[2 * i] : words[2 * i];
    high[i] = negative ? ~words[2 * i + 1] : words[2 * i + 1] | 0x80000000;
  }
  return [low, high];
}

function digitsOf(low: Uint32Array, high: Uint32Array, pass: number): Uint16Array {
  const digits = new Uint16Array(low.length);
  const shift = pass * BITS;
  const mask = BUCKETS - 1;
  if (shift + BITS <= 32) for (let i = 0; i < low.length; i++) digits[i] = (low[i] >>> shift) & mask;
  else if (shift >= 32) for (let i = 0; i < low.length; i++) digits[i] = (high[i] >>> (shift - 32)) & mask;
  else {
    for (let i = 0; i < low.length; i++) digits[i] = ((low[i] >>> shift) | (high[i] << (32 - shift))) & mask;
  }
  return digits;
}

export interface Ranks {
  /** From 1; equal values share the mean of their ranks. */
  readonly ranks: Float64Array;
  /** Sizes of the groups of equal values that have more than one, in rising order of value. */
  readonly ties: readonly number[];
}

export function rank(values: Float64Array): Ranks {
  const order = argsort(values);
  const ranks = new Float64Array(values.length);
  const ties: number[] = [];
  for (let from = 0; from < order.length;) {
    const value = values[order[from]];
    let to = from + 1;
    while (to < order.length && values[order[to]] === value) to++;
    if (to - from > 1) ties.push(to - from);
    const shared = (from + 1 + to) / 2;
    for (let i = from; i < to; i++) ranks[order[i]] = shared;
    from = to;
  }
  return { ranks, ties };
}

/** Sum of t³ - t over groups of t equal values: what ties take from a rank sum's variance. */
export function tieSum(ties: readonly number[]): number {
  return ties.reduce((total, t) => total + (t ** 3 - t), 0);
}
