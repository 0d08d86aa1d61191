import type { Arena } from './arena.ts';
import { Random } from './random.ts';

export type Codes = Uint8Array | Uint16Array;

/** A feature as ordered bins: `codes[row]` is the row's bin; `low` and `high` are the least and greatest value in each. */
export interface BinnedColumn {
  readonly codes: Codes;
  readonly bins: number;
  readonly low: Float32Array;
  readonly high: Float32Array;
}

/** Bins of a feature beyond that, by quantiles. */
export const QUANTILE_BINS = 255;
/** Rows from which quantiles are taken. */
const SAMPLE_ROWS = 30_000;

/** Sorts a feature's values, as float32, into bins. */
export function binColumn(column: Float64Array, exactRows: number, arena: Arena): BinnedColumn {
  const values = Float32Array.from(column);
  const edges =
    values.length <= exactRows ? distinct(values) : quantileEdges(pick(values, sampleRows(values.length)));
  return codeColumn(values, edges, arena);
}

/** The same rows for every feature; null for all of them. */
function sampleRows(rows: number): Int32Array | null {
  if (rows <= SAMPLE_ROWS) return null;
  const random = new Random(rows);
  return Int32Array.from({ length: SAMPLE_ROWS }, () => random.below(rows));
}

function pick(values: Float32Array, rows: Int32Array | null): Float32Array {
  if (!rows) return values;
  const picked = new Float32Array(rows.length);
  for (let i = 0; i < rows.length; i++) picked[i] = values[rows[i]];
  return picked;
}

function distinct(values: Float32Array): Float32Array {
  const sorted = Float32Array.from(values).sort();
  let count = 0;
  for (let i = 0; i < sorted.length; i++) {
    if (count === 0 || sorted[i] !== sorted[count - 1]) sorted[count++] = sorted[i];
  }
  return sorted.slice(0, count);
}

/** Upper ends of the bins but the last: quantiles, or the distinct values where they are few enough. */
function quantileEdges(sample: Float32Array): Float32Array {
  const few = distinct(sample);
  if (few.length <= QUANTILE_BINS) return few;
  const sorted = Float32Array.from(sample).sort();
  const edges: number[] = [];
  for (let b = 1; b < QUANTILE_BINS; b++) {
    const edge = sorted[Math.floor((b * sorted.length) / QUANTILE_BINS)];
    if (edge !== edges[edges.length - 1]) edges.push(edge);
  }
  if (edges[edges.length - 1] === sorted[sorted.length - 1]) edges.pop();
  return Float32Array.from([...edges, Infinity]);
}

/** A value's bin is the first whose edge is not below it; values beyond the last edge join the last bin. */
function codeColumn(values: Float32Array, edges: Float32Array, arena: Arena): BinnedColumn {
  const bins = edges.length;
  const codes = bins <= 256 ? arena.bytes(values.length) : arena.shorts(values.length);
  const low = new Float32Array(bins).fill(Infinity);
  const high = new Float32Array(bins).fill(-Infinity);
  for (let row = 0; row < values.length; row++) {
    const value = values[row];
    let from = 0;
    let to = bins - 1;
    while (from < to) {
      const middle = (from + to) >> 1;
      if (value <= edges[middle]) to = middle;
      else from = middle + 1;
    }
    codes[row] = from;
    if (value < low[from]) low[from] = value;
    if (value > high[from]) high[from] = value;
  }
  return { codes, bins, low, high };
}

/**
 * The float32 threshold between two bins: the midpoint of the nearest values at both sides, rounded down so that the upper
 * one stays right.
 */
export function thresholdBetween(column: BinnedColumn, lastLeft: number, firstRight: number): number {
  const below = column.high[lastLeft];
  const above = column.low[firstRight];
  const middle = Math.fround(below / 2 + above / 2);
  return middle >= above || middle < below ? below : middle;
}
