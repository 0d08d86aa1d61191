/** What a template imports of the metrics helper. */
export { calculateAllMetrics } from './all-metrics.ts';
export type { AllMetricsOptions } from './all-metrics.ts';
export { calculateBusinessMetrics } from './business-report.ts';
export type { BusinessOptions, CostMatrix } from './business-report.ts';
export { calculateClassificationMetrics } from './classification-report.ts';
export type { Average } from './class-metrics.ts';
export type { ClassificationOptions } from './classification-report.ts';
export { calculateClusteringMetrics } from './clustering-report.ts';
export type { ClusteringOptions } from './clustering-report.ts';
export { calculateRankingMetrics } from './ranking-report.ts';
export type { RankingOptions } from './ranking-report.ts';
export { calculateRegressionMetrics } from './regression-report.ts';
export type { RegressionOptions } from './regression-report.ts';
export type { ClassReport, MetricsReport } from './report.ts';
export { confusionMatrix, curvesOf } from './plots.ts';
