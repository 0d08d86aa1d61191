import { sixDigits } from './evaluation.ts';
import type { Evaluation } from './evaluation.ts';
import { metricsOfTotals, regressionSpread, regressionTotals } from './regression.ts';
import { sampledRows } from './sampled-rows.ts';

const CELLS = 40;
const BANDS = 20;
/** Of more rows the bands are made of an even sample: their quantiles are then those of a percent more or less of the rows. */
const BAND_ROWS = 20_000;
const QUANTILES = [0.05, 0.25, 0.5, 0.75, 0.95];

export interface Measured {
  readonly metrics: Readonly<Record<string, number>>;
  readonly plots: Pick<Evaluation, 'sampledRows' | 'confusion' | 'curves' | 'predicted' | 'residuals'>;
}

/** How well numbers were predicted. Arrays of equal length, at least one row. */
export function evaluateNumbers(actual: Float64Array, predicted: Float64Array): Measured {
  const totals = regressionTotals(actual, predicted);
  const metrics = { ...metricsOfTotals(totals, regressionSpread(actual, predicted, totals)) };
  if (!Number.isFinite(metrics.mse)) return { metrics, plots: {} };
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

/**
 * Quantiles of the errors over the predictions, in bands of about as many rows each; equal predictions share a band. Sorting is
 * left to the engine's own sort of numbers, which needs no warming up: most fits are a worker's first of their kind.
 */
function bands(actual: Float64Array, predicted: Float64Array, places: Uint32Array | undefined): number[][] {
  const rows = places?.length ?? predicted.length;
  const guess = new Float64Array(rows);
  const errors = new Float64Array(rows);
  for (let n = 0; n < rows; n++) {
    const i = places ? places[n] : n;
    guess[n] = predicted[i];
    errors[n] = actual[i] - predicted[i];
  }
  const sorted = guess.slice().sort();
  /** The highest prediction of each band, each once. */
  const ends = [
    ...new Set(Array.from({ length: BANDS }, (_, b) => sorted[Math.ceil(((b + 1) * rows) / BANDS) - 1])),
  ];
  const of = new Uint8Array(rows);
  const starts = new Uint32Array(ends.length + 1);
  for (let n = 0; n < rows; n++) {
    let b = 0;
    while (guess[n] > ends[b]) b++;
    of[n] = b;
    starts[b + 1]++;
  }
  for (let b = 0; b < ends.length; b++) starts[b + 1] += starts[b];
  const next = starts.slice();
  const grouped = new Float64Array(rows);
  for (let n = 0; n < rows; n++) grouped[next[of[n]]++] = errors[n];
  return ends.map((high, b) => {
    const own = grouped.subarray(starts[b], starts[b + 1]).sort();
    return [
      sixDigits(sorted[starts[b]]),
      sixDigits(high),
      own.length,
      ...QUANTILES.map((q) => sixDigits(quantile(own, q))),
    ];
  });
}

/** Linear between the two nearest values, as NumPy's. */
function quantile(sorted: Float64Array, q: number): number {
  const at = q * (sorted.length - 1);
  const below = Math.floor(at);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
}
