import { gram, gramAndTotals } from './gram.ts';
import { columnRange } from './moments.ts';
import type { ColumnRange } from './moments.ts';

/** Rows by which columns are centred before all are looked at. */
const SAMPLE_ROWS = 1000;
/** Squares about the sample's mean may be so many times those about the true one: more costs digits. */
const MOST_LOSS = 4;

/** Products of centred and scaled columns. */
export interface CentredProducts {
  readonly ranges: readonly ColumnRange[];
  /** columns × columns, of (x - mean) / unit. */
  readonly products: Float64Array;
}

/**
 * Ranges of columns and their Gram matrix, by one look at the rows: they are shifted by the mean of an even sample, which lies
 * near the true one, and what that is off is taken out of the sums. Where it was far off, by two looks.
 *
 * @param centred False takes the centre as 0.
 */
export function centredProducts(
  columns: readonly Float64Array[],
  centred: boolean,
  rows: number,
  signal: AbortSignal,
): CentredProducts {
  const guesses = columns.map((column) => rangeOfSample(column, rows, centred));
  const p = columns.length;
  const { products, totals } = gramAndTotals(columns, guesses, rows, signal);
  const off = centred ? totals.map((total) => total / rows) : new Float64Array(p);
  for (let c = 0; c < p; c++) {
    const squares = products[c * (p + 1)];
    const own = squares - rows * off[c] ** 2;
    if (!(own * MOST_LOSS > squares && inRange(squares))) return byTwoLooks(columns, centred, rows, signal);
  }
  for (let a = 0; a < p; a++) {
    for (let b = 0; b < p; b++) products[a * p + b] -= rows * off[a] * off[b];
  }
  const ranges = guesses.map(({ mean, unit }, c) => ({ mean: mean + off[c] * unit, unit, constant: false }));
  return { ranges, products };
}

function rangeOfSample(column: Float64Array, rows: number, centred: boolean): ColumnRange {
  const count = Math.min(rows, SAMPLE_ROWS);
  return columnRange(
    Float64Array.from({ length: count }, (_, k) => column[Math.floor((k * rows) / count)]),
    centred,
  );
}

/** Neither nothing, which may be a constant column's, nor near the ends of the range of doubles. */
function inRange(squares: number): boolean {
  return squares > 1e-200 && squares < 1e200;
}

function byTwoLooks(
  columns: readonly Float64Array[],
  centred: boolean,
  rows: number,
  signal: AbortSignal,
): CentredProducts {
  const ranges = columns.map((column) => columnRange(column, centred));
  return { ranges, products: gram(columns, ranges, rows, signal) };
}
