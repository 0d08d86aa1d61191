import type { ChoiceOptions } from '../step.ts';

export interface MissingOptions extends ChoiceOptions {
  /**
   * `drop` leaves out rows with a null; `mean`, `median` and `knn` fill numbers; `most_frequent` (also called `mode`) and
   * `constant` fill text too. Default: mean.
   */
  readonly strategy?: 'drop' | 'mean' | 'median' | 'most_frequent' | 'mode' | 'constant' | 'knn';
  /** Of `constant`: 0 in numbers and 'missing_value' in text unless given. */
  readonly fillValue?: number | string;
  /** Adds a column of 0 and 1, `missingindicator_<field>`, for each column with a null at fit. Default: false. */
  readonly addIndicator?: boolean;
  /** A column without any value at fit is filled with 0 (or `fillValue`) in place of being left out. Default: false. */
  readonly keepEmptyFeatures?: boolean;
  /** Of `knn`: how many rows are averaged. Default: 5. */
  readonly nNeighbors?: number;
  /** Of `knn`: nearer rows count more with `distance`. Default: uniform. */
  readonly weights?: 'uniform' | 'distance';
  /** Of `knn`: rows of the fit that are kept to look among, evenly drawn where there are more. Default: 10000. */
  readonly maxRows?: number;
}
