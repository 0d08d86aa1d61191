export type Codes = Uint8Array | Uint16Array;

/** A feature as ordered bins: `codes[row]` is the row's bin; `low` and `high` are the least and greatest value in each. */
export interface BinnedColumn {
  readonly codes: Codes;
  readonly bins: number;
  readonly low: Float32Array;
  readonly high: Float32Array;
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
