import { calculateClassificationMetrics } from './classification-report.ts';
import type { ClassificationOptions } from './classification-report.ts';
import type { Label } from './labels.ts';
import { calculateRegressionMetrics } from './regression-report.ts';
import type { RegressionOptions } from './regression-report.ts';
import type { MetricsReport } from './report.ts';

/** Whole numbers of more distinct values than this are amounts, not classes. */
const MOST_NUMBERED_CLASSES = 20;

export interface AllMetricsOptions extends ClassificationOptions, RegressionOptions {
  /** What was predicted; where not given it is told from the values: see `taskOf`. */
  readonly task?: 'regression' | 'classification';
}

/** All metrics of predicted numbers or classes. Clusters and ranked lists have functions of their own. */
export function calculateAllMetrics(
  actual: ArrayLike<Label>,
  predicted: ArrayLike<Label>,
  options: AllMetricsOptions = {},
): MetricsReport {
  return (options.task ?? taskOf(actual, predicted)) === 'classification'
    ? calculateClassificationMetrics(actual, predicted, options)
    : calculateRegressionMetrics(actual as ArrayLike<number>, predicted as ArrayLike<number>, options);
}

/** Classes: text, booleans, and whole numbers of at most 20 distinct values. All other numbers are amounts. */
export function taskOf(
  actual: ArrayLike<Label>,
  predicted: ArrayLike<Label>,
): 'regression' | 'classification' {
  const distinct = new Set<Label>();
  for (const values of [actual, predicted]) {
    for (let i = 0; i < values.length; i++) {
      const value = values[i];
      if (typeof value !== 'number') return 'classification';
      if (!Number.isInteger(value)) return 'regression';
      distinct.add(value);
      if (distinct.size > MOST_NUMBERED_CLASSES) return 'regression';
    }
  }
  return 'classification';
}
