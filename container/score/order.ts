/**
 * Row numbers in rising order of their values, rows of equal value in their own order: a radix sort of the doubles' bits, six
 * passes of 11 bits, so that a million rows take a tenth of a second. No NaN.
 */
export function argsort(values: Float64Array): Uint32Array {
  const rows = values.length;
  const copy = new Float64Array(rows);
  for (let i = 0; i < rows; i++) copy[i] = values[i] + 0; // -0 sorts as 0
  const words = new Uint32Array(copy.buffer);
  // A negative number's bits are turned over, a positive one's sign is set: then unsigned order is numeric order.
  for (let i = 0; i < rows; i++) {
    if (words[2 * i + 1] >>> 31) {
      words[2 * i] = ~words[2 * i];
      words[2 * i + 1] = ~words[2 * i + 1];
    } else {
      words[2 * i + 1] |= 0x80000000;
    }
  }
  let order = Uint32Array.from({ length: rows }, (_, i) => i);
  let next = new Uint32Array(rows);
  const starts = new Uint32Array(2048);
  for (let shift = 0; shift < 64; shift += 11) {
    const digit = (row: number): number => {
      const low = words[2 * row];
      const high = words[2 * row + 1];
      if (shift >= 32) return (high >>> (shift - 32)) & 2047;
      return shift + 11 <= 32 ? (low >>> shift) & 2047 : ((low >>> shift) | (high << (32 - shift))) & 2047;
    };
    starts.fill(0);
    for (let i = 0; i < rows; i++) starts[digit(i)]++;
    let at = 0;
    for (let d = 0; d < 2048; d++) {
      const count = starts[d];
      starts[d] = at;
      at += count;
    }
    for (let i = 0; i < rows; i++) {
      const row = order[i];
      next[starts[digit(row)]++] = row;
    }
    [order, next] = [next, order];
  }
  return order;
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
