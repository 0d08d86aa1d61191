import type { ChoiceOptions } from '../step.ts';

export interface ScaleOptions extends ChoiceOptions {
  /** Default: standard. */
  readonly method?: 'standard' | 'robust' | 'minmax' | 'quantile' | 'power';
  /** Of `standard`. Default: true. */
  readonly withMean?: boolean;
  readonly withStd?: boolean;
  /** Of `robust`. Default: true. */
  readonly withCentering?: boolean;
  readonly withScaling?: boolean;
  /** Of `robust`: percentiles, as [25, 75], the default. */
  readonly quantileRange?: readonly [number, number];
  /** Of `robust`: the scale is such that normal data has variance 1. Default: false. */
  readonly unitVariance?: boolean;
  /** Of `minmax`. Default: [0, 1]. */
  readonly featureRange?: readonly [number, number];
  /** Of `minmax`: values beyond those of the fit stay in the range. Default: false. */
  readonly clip?: boolean;
  /** Of `quantile`: how many there are, at most one a row. Default: 1000. */
  readonly nQuantiles?: number;
  /** Of `quantile`. Default: uniform. */
  readonly outputDistribution?: 'uniform' | 'normal';
  /** Of `power`: which transformation; Box-Cox takes positive values alone. Default: yeo-johnson. */
  readonly transformation?: 'yeo-johnson' | 'box-cox';
  /** Of `power`: brought to mean 0 and variance 1 afterwards. Default: true. */
  readonly standardize?: boolean;
}
