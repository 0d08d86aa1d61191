/** Options that every algorithm's `fit` has; the others are the algorithm's own, which only the runtime knows. */
export const FIT_OPTIONS = [
  'mode',
  'apply',
  'partial_fit',
  'promote',
  'alias',
  'sample_count',
  'sample_seed',
  'kfold_cv',
  'holdout',
  'holdout_by',
  'holdout_seed',
  'unseen_value',
  // Under which names, and where, telemetry tells of the search.
  'project',
  'use_case',
  'index',
] as const;
