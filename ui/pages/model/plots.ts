import type { BarValue } from '../../charts/shapes/bars.ts';
import type { CalibrationBin } from '../../charts/shapes/calibration.ts';
import type { ConfusionCell } from '../../charts/shapes/confusion.ts';
import type { CurvePoint } from '../../charts/shapes/curve.ts';
import type { PredictedCell } from '../../charts/shapes/predicted.ts';
import type { ResidualBin } from '../../charts/shapes/residuals.ts';
import * as cells from '../../splunkd/cells.ts';
import type { Row } from '../../splunkd/cells.ts';

const n = (row: Row, field: string): number => cells.number(row[field]) ?? NaN;

export const confusionCells = (rows: readonly Row[]): ConfusionCell[] =>
  rows.map((row) => ({
    actual: cells.text(row.actual),
    predicted: cells.text(row.predicted),
    rows: n(row, 'rows'),
  }));

/** Rows by the class that counts as positive, classes in the order in which they came. */
export function byClass(rows: readonly Row[]): ReadonlyMap<string, readonly Row[]> {
  const classes = new Map<string, Row[]>();
  for (const row of rows) {
    const name = cells.text(row.class);
    const known = classes.get(name);
    if (known) known.push(row);
    else classes.set(name, [row]);
  }
  return classes;
}

const point = (row: Row, x: string, y: string): CurvePoint => ({
  x: n(row, x),
  y: n(row, y),
  threshold: cells.number(row.threshold),
});

export const rocPoints = (rows: readonly Row[]): CurvePoint[] => rows.map((row) => point(row, 'fpr', 'tpr'));

export const prPoints = (rows: readonly Row[]): CurvePoint[] =>
  rows.map((row) => point(row, 'recall', 'precision'));

export const calibrationBins = (rows: readonly Row[]): CalibrationBin[] =>
  rows.map((row) => ({ predicted: n(row, 'predicted'), observed: n(row, 'observed'), rows: n(row, 'rows') }));

export const predictedCells = (rows: readonly Row[]): PredictedCell[] =>
  rows.map((row) => ({
    actualLow: n(row, 'actual_low'),
    actualHigh: n(row, 'actual_high'),
    predictedLow: n(row, 'predicted_low'),
    predictedHigh: n(row, 'predicted_high'),
    rows: n(row, 'rows'),
  }));

export const residualBins = (rows: readonly Row[]): ResidualBin[] =>
  rows.map((row) => ({
    predictedLow: n(row, 'predicted_low'),
    predictedHigh: n(row, 'predicted_high'),
    rows: n(row, 'rows'),
    q05: n(row, 'q05'),
    q25: n(row, 'q25'),
    q50: n(row, 'q50'),
    q75: n(row, 'q75'),
    q95: n(row, 'q95'),
  }));

export const barValues = (rows: readonly Row[]): BarValue[] =>
  rows.map((row) => ({
    name: cells.text(row.feature),
    value: n(row, 'value'),
    spread: cells.number(row.spread),
  }));

/** The intercept is no feature: it stands in the facts, not among the bars. */
export const intercept = '_intercept';
