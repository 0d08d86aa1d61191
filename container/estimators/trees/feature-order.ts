import type { Random } from './random.ts';

/** The features in an order of chance: a shuffle of Fisher and Yates that goes as far as features are asked for. */
export class FeatureOrder {
  private readonly order: Int32Array;

  constructor(
    readonly count: number,
    private readonly random: Random,
  ) {
    this.order = Int32Array.from({ length: count }, (_, feature) => feature);
  }

  /** The feature that is tried after `tried` others. */
  draw(tried: number): number {
    const { order } = this;
    const drawn = tried + this.random.below(order.length - tried);
    const feature = order[drawn];
    order[drawn] = order[tried];
    order[tried] = feature;
    return feature;
  }
}
