import { stopIfAborted } from '../stop.ts';

/** Rows worked on at a time: a block of all columns stays in the cache while every pair of them is multiplied. */
export const BLOCK = 256;

/** How a column enters the Gram matrix: as (x - mean) / unit. */
export interface Shift {
  readonly mean: number;
  readonly unit: number;
}

/**
 * The Gram matrix of shifted columns, row-major and symmetric: G[a][b] = sum over rows of z_a z_b with z = (x - mean) / unit.
 *
 * @param weights One weight a row, all 1 where there are none: the sums become sum of w z_a z_b.
 * @returns columns × columns.
 */
export function gram(
  columns: readonly Float64Array[],
  shifts: readonly Shift[],
  rows: number,
  signal: AbortSignal,
  weights?: Float64Array,
): Float64Array {
  const p = columns.length;
  const even = p + (p & 1);
  const result = new Float64Array(p * p);
  const block = new Float64Array(even * BLOCK);
  const weighted = weights ? new Float64Array(even * BLOCK) : block;
  for (let start = 0; start < rows; start += BLOCK) {
    if ((start & 0xffff) === 0) stopIfAborted(signal);
    const size = Math.min(BLOCK, rows - start);
    for (let c = 0; c < p; c++) {
      const { mean, unit } = shifts[c];
      const factor = 1 / unit;
      const column = columns[c];
      const offset = c * BLOCK;
      for (let i = 0; i < size; i++) block[offset + i] = (column[start + i] - mean) * factor;
      if (weights)
        for (let i = 0; i < size; i++) weighted[offset + i] = block[offset + i] * weights[start + i];
    }
    multiplyPairs(block, weighted, size, p, result);
  }
  for (let a = 0; a < p; a++) for (let b = 0; b < a; b++) result[b * p + a] = result[a * p + b];
  return result;
}

/**
 * Adds a block's products of columns to the lower triangle of `result` (p × p), two columns by two at a time: each value
 * loaded serves two products. Column c of a block starts at c * BLOCK; an odd p has room for one column more.
 */
export function multiplyPairs(
  block: Float64Array,
  weighted: Float64Array,
  size: number,
  p: number,
  result: Float64Array,
): void {
  for (let a = 0; a < p; a += 2) {
    const a0 = a * BLOCK;
    const a1 = a0 + BLOCK;
    for (let b = 0; b <= a; b += 2) {
      const b0 = b * BLOCK;
      const b1 = b0 + BLOCK;
      let s00 = 0;
      let s01 = 0;
      let s10 = 0;
      let s11 = 0;
      for (let i = 0; i < size; i++) {
        const x0 = block[a0 + i];
        const x1 = block[a1 + i];
        const y0 = weighted[b0 + i];
        const y1 = weighted[b1 + i];
        s00 += x0 * y0;
        s01 += x0 * y1;
        s10 += x1 * y0;
        s11 += x1 * y1;
      }
      result[a * p + b] += s00;
      if (a > b) result[a * p + b + 1] += s01;
      if (a + 1 < p) {
        result[(a + 1) * p + b] += s10;
        result[(a + 1) * p + b + 1] += s11;
      }
    }
  }
}
