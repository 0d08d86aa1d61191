import { stopIfAborted } from '../stop.ts';
import { Arena } from '../trees/arena.ts';
import { plainAddProducts, productKernel } from './product-kernel.ts';

/** Rows worked on at a time: a block of all columns stays in the cache while every pair of them is multiplied. */
export const BLOCK = 256;

/** Products from which the kernel is worth the memory that is made for it. */
const KERNEL_FROM = 1e6;

/** How a column enters the Gram matrix: as (x - mean) / unit. */
export interface Shift {
  readonly mean: number;
  readonly unit: number;
}

/**
 * The Gram matrix of shifted columns, row-major and symmetric: G[a][b] = sum over rows of z_a z_b with z = (x - mean) / unit.
 *
 * @returns columns × columns.
 */
export function gram(
  columns: readonly Float64Array[],
  shifts: readonly Shift[],
  rows: number,
  signal: AbortSignal,
): Float64Array {
  return gramAndTotals(columns, shifts, rows, signal, false).products;
}

/** The Gram matrix and, where they are asked for, the sums of the shifted columns: as products with a column of ones. */
export function gramAndTotals(
  columns: readonly Float64Array[],
  shifts: readonly Shift[],
  rows: number,
  signal: AbortSignal,
  withTotals = true,
): { products: Float64Array; totals: Float64Array } {
  const p = columns.length;
  const used = p + (withTotals ? 1 : 0);
  const even = used + (used & 1);
  const arena = rows * p * p >= KERNEL_FROM ? new Arena() : undefined;
  const doubles = (length: number) => arena?.doubles(length) ?? new Float64Array(length);
  const addProducts = arena ? productKernel(arena.memory) : plainAddProducts;
  const block = doubles(even * BLOCK);
  const means = doubles(even);
  const factors = doubles(even);
  const sums = doubles(even * even);
  shifts.forEach(({ mean, unit }, c) => {
    means[c] = mean;
    factors[c] = 1 / unit;
  });
  if (withTotals) {
    block.fill(1, p * BLOCK, (p + 1) * BLOCK);
    factors[p] = 1;
  }
  for (let start = 0; start < rows; start += BLOCK) {
    if ((start & 0xffff) === 0) stopIfAborted(signal);
    const size = Math.min(BLOCK, rows - start);
    columns.forEach((column, c) => {
      block.set(column.subarray(start, start + size), c * BLOCK);
      // Pairs of rows: what an odd number lacks is a mean, which adds nothing.
      if (size & 1) block[c * BLOCK + size] = shifts[c].mean;
    });
    if (withTotals && size & 1) block[p * BLOCK + size] = 0;
    addProducts(block, size + (size & 1), even, means, factors, sums);
  }
  const products = new Float64Array(p * p);
  for (let a = 0; a < p; a++) {
    for (let b = 0; b <= a; b++) products[a * p + b] = products[b * p + a] = sums[a * even + b];
  }
  return { products, totals: sums.slice(p * even, p * even + p) };
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
