import type { ChoiceOptions } from '../step.ts';

export interface EncodeOptions extends ChoiceOptions {
  /** Default: onehot. */
  readonly method?: 'onehot' | 'ordinal' | 'target' | 'frequency';
  /**
   * What a value does that the fit has not met. Of `onehot`: `ignore` (all zeros, the default), `infrequent_if_exist` (as the
   * infrequent ones, else all zeros), `warn` (the same with a warning), `error`. Of `ordinal`: `use_encoded_value` (the default) or
   * `error`. The other methods have one answer: the target's mean, or a frequency of 0.
   */
  readonly handleUnknown?: 'error' | 'ignore' | 'infrequent_if_exist' | 'warn' | 'use_encoded_value';
  /** Of `onehot`: leaves out the first category of each column, or of those with two. Default: none. */
  readonly drop?: 'first' | 'if_binary';
  /** Of `onehot`: categories of fewer rows (below 1: of a smaller share) become one, `(infrequent)`. */
  readonly minFrequency?: number;
  /** Of `onehot`: so many columns at most, `(infrequent)` included. */
  readonly maxCategories?: number;
  /** Of `ordinal`: for a value that the fit has not met. Default: -1. */
  readonly unknownValue?: number;
  /** Of `ordinal`: for null, where the fit met one. Default: NaN, which is null. */
  readonly encodedMissingValue?: number;
  /** Of `target`: how many rows' weight the overall mean has in each category's, or `auto` (empirical Bayes). Default: auto. */
  readonly smooth?: number | 'auto';
  /** Of `target`: the rows of the fit are encoded in so many parts, each by what the others know. Default: 5. */
  readonly cv?: number;
  /** Of `target`: rows are dealt to the parts by chance, from `seed`; else in their order, as scikit-learn does. Default: true. */
  readonly shuffle?: boolean;
  /** Default: 0. */
  readonly seed?: number;
  /** Of `target`: the part of each row of the fit, from 0; in place of `cv`. */
  readonly folds?: ArrayLike<number>;
  /** Of `frequency`: shares of the rows of the fit; false for counts. Default: true. */
  readonly normalize?: boolean;
}
