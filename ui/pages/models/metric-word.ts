/**
 * Metrics that have a name of their own in every language; the others keep the name under which SPL knows them, so
 * that what is read here can be typed there.
 */
const words: Readonly<Record<string, string>> = {
  f1: 'F1',
  r2: 'R²',
  mse: 'MSE',
  rmse: 'RMSE',
  mae: 'MAE',
  mape: 'MAPE',
  roc_auc: 'ROC AUC',
  ndcg: 'NDCG',
};

export const metricWord = (metric: string): string => (Object.hasOwn(words, metric) ? words[metric] : metric);
