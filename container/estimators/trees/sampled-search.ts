import type { BinnedColumn } from './columns.ts';
import type { Criterion } from './criterion.ts';
import { FeatureOrder } from './feature-order.ts';
import type { GrowingNode, Split, SplitSearch } from './split.ts';
import { RESULT } from './kernels.ts';
import type { Random } from './random.ts';
import { agree } from './team.ts';
import type { Team } from './team.ts';

/**
 * Tries features in random order, `maxFeatures` at each node, and more until one of them is not constant in the node, as
 * scikit-learn does. With all features the order only settles ties.
 */
export class SampledSearch implements SplitSearch {
  private readonly order: FeatureOrder;

  constructor(
    private readonly columns: readonly BinnedColumn[],
    private readonly criterion: Criterion,
    private readonly maxFeatures: number,
    random: Random,
  ) {
    this.order = new FeatureOrder(columns.length, random);
  }

  find(node: GrowingNode, score: number): Split | null {
    const { order, columns, criterion } = this;
    const { result } = criterion.work;
    let best: Split | null = null;
    let bestProxy = -Infinity;
    let varied = 0;
    for (let tried = 0; tried < order.count; tried++) {
      if (tried >= this.maxFeatures && varied > 0) break;
      const feature = order.draw(tried);
      criterion.split(columns[feature], node.start, node.end);
      if (result[RESULT.used] > 1) varied++;
      if (result[RESULT.proxy] > bestProxy) {
        bestProxy = result[RESULT.proxy];
        best = {
          proxy: bestProxy,
          feature,
          lastLeft: result[RESULT.lastLeft],
          firstRight: result[RESULT.firstRight],
          gain: Math.max(0, bestProxy - score),
        };
      }
    }
    return best;
  }
}

/** Tries a thread's share of the columns, one after another, and agrees with the threads that try the others. */
export class ColumnSearch implements SplitSearch {
  private readonly first: number;
  private readonly end: number;

  constructor(
    private readonly columns: readonly BinnedColumn[],
    private readonly criterion: Criterion,
    private readonly team: Team,
  ) {
    [this.first, this.end] = team.share(columns.length);
  }

  find(node: GrowingNode, score: number): Split | null {
    const { result } = this.criterion.work;
    let best: Split | null = null;
    let bestProxy = -Infinity;
    for (let feature = this.first; feature < this.end; feature++) {
      this.criterion.split(this.columns[feature], node.start, node.end);
      if (result[RESULT.proxy] <= bestProxy) continue;
      bestProxy = result[RESULT.proxy];
      best = {
        proxy: bestProxy,
        feature,
        lastLeft: result[RESULT.lastLeft],
        firstRight: result[RESULT.firstRight],
        gain: Math.max(0, bestProxy - score),
      };
    }
    return agree(this.team, best);
  }
}
