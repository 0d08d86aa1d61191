/** How many rows of one class were taken for another (or for itself). */
export interface ConfusionCell {
  readonly actual: string;
  readonly predicted: string;
  readonly rows: number;
}

/** One pair of classes with its share of the rows of the actual class. */
export interface ConfusionPair extends ConfusionCell {
  readonly share: number;
}

export interface Confusion {
  readonly classes: readonly string[];
  readonly totals: ReadonlyMap<string, number>;
  readonly rows: number;
  /** Pair by actual and predicted; every pair of classes is there, those without rows with 0. */
  readonly pair: (actual: string, predicted: string) => ConfusionPair;
  /** Mistakes only, those with most rows first. */
  readonly worst: readonly ConfusionPair[];
}

/** More classes than this cannot be read as a matrix: the worst pairs are shown instead. */
export const mostClasses = 20;

/** Sorts cells into a matrix; classes stand in the order in which they first appear as actual ones. */
export function confusion(cells: readonly ConfusionCell[]): Confusion {
  const classes = [...new Set([...cells.map((cell) => cell.actual), ...cells.map((cell) => cell.predicted)])];
  const totals = new Map<string, number>(classes.map((name) => [name, 0]));
  const byActual = new Map<string, Map<string, number>>();
  let rows = 0;
  for (const cell of cells) {
    totals.set(cell.actual, (totals.get(cell.actual) ?? 0) + cell.rows);
    rows += cell.rows;
    const row = byActual.get(cell.actual) ?? new Map<string, number>();
    row.set(cell.predicted, (row.get(cell.predicted) ?? 0) + cell.rows);
    byActual.set(cell.actual, row);
  }
  const pair = (actual: string, predicted: string): ConfusionPair => {
    const count = byActual.get(actual)?.get(predicted) ?? 0;
    const total = totals.get(actual) ?? 0;
    return { actual, predicted, rows: count, share: total > 0 ? count / total : 0 };
  };
  const worst = cells
    .filter((cell) => cell.actual !== cell.predicted && cell.rows > 0)
    .map((cell) => pair(cell.actual, cell.predicted))
    .sort((a, b) => b.rows - a.rows || b.share - a.share);
  return { classes, totals, rows, pair, worst };
}
