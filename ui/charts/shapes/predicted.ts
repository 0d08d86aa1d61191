import { extentOf } from './axis.ts';

/** How many rows fell into one cell of actual × predicted values. */
export interface PredictedCell {
  readonly actualLow: number;
  readonly actualHigh: number;
  readonly predictedLow: number;
  readonly predictedHigh: number;
  readonly rows: number;
}

/** Both axes share one domain, so that the diagonal is the place of right predictions. */
export function sharedDomain(cells: readonly PredictedCell[]): [number, number] | undefined {
  return extentOf(
    cells.flatMap((cell) => [cell.actualLow, cell.actualHigh, cell.predictedLow, cell.predictedHigh]),
  );
}

/** Strength of a cell's colour from 0 to 1 by the logarithm of its rows, so that single rows stay visible. */
export function strength(rows: number, most: number): number {
  if (rows <= 0) return 0;
  if (most <= 1) return 1;
  return 0.15 + (0.85 * Math.log(rows)) / Math.log(most);
}

/** Means of a tenth of the rows, in the order of what was predicted. */
export interface Decile {
  readonly decile: number;
  readonly predicted: number;
  readonly actual: number;
  readonly rows: number;
}

/**
 * Means by decile of the prediction, reckoned from the middles of the cells: exact to half a cell.
 * A cell that crosses the border of two deciles is shared between them.
 */
export function deciles(cells: readonly PredictedCell[]): Decile[] {
  const total = cells.reduce((sum, cell) => sum + cell.rows, 0);
  if (total === 0) return [];
  const sorted = [...cells].sort((a, b) => a.predictedLow - b.predictedLow);
  const sums = Array.from({ length: 10 }, () => ({ predicted: 0, actual: 0, rows: 0 }));
  let seen = 0;
  for (const cell of sorted) {
    let left = cell.rows;
    while (left > 1e-9) {
      const decile = Math.min(9, Math.floor((10 * seen) / total + 1e-9));
      const room = decile === 9 ? left : ((decile + 1) * total) / 10 - seen;
      const taken = Math.min(left, room);
      const sum = sums[decile];
      sum.predicted += (taken * (cell.predictedLow + cell.predictedHigh)) / 2;
      sum.actual += (taken * (cell.actualLow + cell.actualHigh)) / 2;
      sum.rows += taken;
      seen += taken;
      left -= taken;
    }
  }
  return sums.flatMap((sum, index) =>
    sum.rows > 0
      ? [
          {
            decile: index + 1,
            predicted: sum.predicted / sum.rows,
            actual: sum.actual / sum.rows,
            rows: Math.round(sum.rows),
          },
        ]
      : [],
  );
}
