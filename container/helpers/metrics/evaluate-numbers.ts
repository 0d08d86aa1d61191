import { sixDigits } from './evaluation.ts';
import type { Evaluation } from './evaluation.ts';
import { gather } from './gather.ts';
import { argsort } from './order.ts';
import { metricsOfTotals, regressionSpread, regressionTotals } from './regression.ts';
import { sampledRows } from './sampled-rows.ts';

const CELLS = 40;
const BANDS = 20;
/** Of more rows the bands are made of an even sample: their quantiles are then good to a fraction of a percent. */
const BAND_ROWS = 50_000;
const QUANTILES = [0.05, 0.25, 0.5, 0.75, 0.95];

export interface Measured {
  readonly metrics: Readonly<Record<string, number>>;
  readonly plots: Pick<Evaluation, 'sampledRows' | 'confusion' | 'curves' | 'predicted' | 'residuals'>;
}

/** How well numbers were predicted. Arrays of equal length, at least one row. */
export function evaluateNumbers(actual: Float64Array, predicted: Float64Array): Measured {
  const totals = regressionTotals(actual, predicted);
  const { r2, mse, rmse, mae, explained_variance, max_error } = metricsOfTotals(
    totals,
    regressionSpread(actual, predicted, totals),
  );
  const metrics = { r2, mse, rmse, mae, explained_variance, max_error };
  if (!Number.isFinite(mse)) return { metrics, plots: {} };
  const places = sampledRows(actual.length, BAND_ROWS);
  return {
    metrics,
    plots: {
      ...(places && { sampledRows: places.length }),
      predicted: grid(actual, predicted, [
        Math.min(totals.actual[0], totals.predicted[0]),
        Math.max(totals.actual[1], totals.predicted[1]),
      ]),
      residuals: bands(actual, predicted, places),
    },
  };
}

/** Rows by actual and predicted value on one scale, so that the diagonal is where both agree. */
function grid(
  actual: Float64Array,
  predicted: Float64Array,
  [from, to]: readonly [number, number],
): NonNullable<Evaluation['predicted']> {
  // All values alike: one cell around them.
  const low = from === to ? from - 0.5 : from;
  const step = (from === to ? 1 : to - from) / CELLS;
  const counts = new Uint32Array((CELLS + 1) * (CELLS + 1));
  const scale = 1 / step;
  for (let i = 0; i < actual.length; i++) {
    const a = ((actual[i] - low) * scale) | 0;
    const p = ((predicted[i] - low) * scale) | 0;
    counts[a * (CELLS + 1) + p]++;
  }
  const cells = new Map<number, number>();
  // The highest value lies on the edge beyond the last cell.
  const inside = (place: number): number => Math.min(place, CELLS - 1);
  counts.forEach((rows, at) => {
    if (rows === 0) return;
    const cell = inside(Math.floor(at / (CELLS + 1))) * CELLS + inside(at % (CELLS + 1));
    cells.set(cell, (cells.get(cell) ?? 0) + rows);
  });
  return {
    low,
    step,
    cells: [...cells]
      .sort(([x], [y]) => x - y)
      .map(([cell, rows]) => [Math.floor(cell / CELLS), cell % CELLS, rows]),
  };
}

/** Quantiles of the errors over the predictions, in bands of about as many rows each; equal predictions share a band. */
function bands(actual: Float64Array, predicted: Float64Array, places: Uint32Array | undefined): number[][] {
  const guess = places ? gather(predicted, places) : predicted;
  const errors = places ? gather(actual, places) : actual.slice();
  for (let i = 0; i < errors.length; i++) errors[i] -= guess[i];
  const order = argsort(guess);
  const rows = order.length;
  const found: number[][] = [];
  for (let from = 0; from < rows;) {
    let to = Math.max(from + 1, Math.round(((found.length + 1) * rows) / BANDS));
    while (to < rows && guess[order[to]] === guess[order[to - 1]]) to++;
    if (found.length === BANDS - 1) to = rows;
    const sorted = gather(errors, order.subarray(from, to)).sort();
    found.push([
      sixDigits(guess[order[from]]),
      sixDigits(guess[order[to - 1]]),
      to - from,
      ...QUANTILES.map((q) => sixDigits(quantile(sorted, q))),
    ]);
    from = to;
  }
  return found;
}

/** Linear between the two nearest values, as NumPy's. */
function quantile(sorted: Float64Array, q: number): number {
  const at = q * (sorted.length - 1);
  const below = Math.floor(at);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
}
