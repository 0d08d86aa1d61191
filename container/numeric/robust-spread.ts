import { normalQuantile } from './normal-quantile.ts';
import { median, quantiles } from './order-statistics.ts';

export interface RobustOptions {
  readonly withCentering: boolean;
  readonly withScaling: boolean;
  readonly quantileRange: readonly [number, number];
  readonly unitVariance: boolean;
}

/** @param values Without nulls; of none at all the centre is 0 and the scale 1. */
export function robustOf(values: Float64Array, options: RobustOptions): { centre: number; scale: number } {
  if (values.length === 0) return { centre: 0, scale: 1 };
  const [low, high] = options.quantileRange;
  const centre = options.withCentering ? median(values) : 0;
  if (!options.withScaling) return { centre, scale: 1 };
  const [below, above] = quantiles(values, [low / 100, high / 100]);
  const spread = above - below;
  const scale = spread < 10 * Number.EPSILON ? 1 : spread;
  const normal = options.unitVariance ? normalQuantile(high / 100) - normalQuantile(low / 100) : 1;
  return { centre, scale: scale / normal };
}
