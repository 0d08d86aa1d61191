/** Which way a metric is better, and which one a model is compared by: the one place that says so. */
export type Better = 'higher' | 'lower';

export interface MainMetric {
  readonly name: string;
  readonly value: number;
  readonly better: Better;
}

/** Errors and losses; all other metrics are better when higher. */
const LOWER: ReadonlySet<string> = new Set([
  'mse',
  'rmse',
  'mae',
  'median_absolute_error',
  'max_error',
  'mape',
  'msle',
  'rmsle',
  'pinball_loss',
  'log_loss',
  'brier_score',
  'hamming_loss',
  'davies_bouldin',
  'inertia',
  'cost_total',
  'cost_per_row',
  'cost_baseline',
]);

/**
 * In this order: the first that a model has is its main one. `f1` is that of the positive class where there are two, else
 * weighted by the classes' rows; models of before it was kept have `f1_weighted` alone.
 */
const MAIN = ['f1', 'f1_weighted', 'r2', 'silhouette', 'inertia', 'ndcg', 'money_saved'] as const;

export function betterOf(metric: string): Better {
  return LOWER.has(metric) ? 'lower' : 'higher';
}

/** Undefined where there is none of those that models are compared by. */
export function mainMetricOf(values: Readonly<Record<string, number>>): MainMetric | undefined {
  const name = MAIN.find((one) => Object.hasOwn(values, one));
  return name && { name, value: values[name], better: betterOf(name) };
}
