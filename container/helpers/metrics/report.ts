/** One form for the metrics of every task: what `calculate…Metrics` answer, and what a model version keeps of them. */
import { mainMetricOf } from './main-metric.ts';
import type { MainMetric } from './main-metric.ts';

export type Task = 'regression' | 'classification' | 'clustering' | 'ranking' | 'business';

/** Scores of one class against all others. */
export interface ClassReport {
  readonly class: string;
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  readonly jaccard: number;
  /** Actual rows, or their weight. */
  readonly support: number;
  /** Where probabilities were given. */
  readonly roc_auc?: number;
  readonly average_precision?: number;
}

export interface MetricsReport {
  readonly task: Task;
  readonly rows: number;
  /** The one number to compare models by; NaN where none is defined. */
  readonly main: MainMetric;
  readonly values: Readonly<Record<string, number>>;
  /** Classification: a row a class, in their order. */
  readonly classes?: readonly ClassReport[];
  /** What is not defined or was left out, in sentences. */
  readonly warnings: readonly string[];
}

export function report(
  task: Task,
  rows: number,
  values: Readonly<Record<string, number>>,
  warnings: readonly string[],
  classes?: readonly ClassReport[],
): MetricsReport {
  const main = mainMetricOf(values) ?? { name: '', value: NaN, better: 'higher' };
  return { task, rows, main, values, ...(classes && { classes }), warnings };
}
