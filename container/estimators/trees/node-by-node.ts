import type { BinnedColumn } from './columns.ts';
import type { Criterion } from './criterion.ts';
import { isClosed } from './grow.ts';
import type { GrowLimits } from './grow-limits.ts';
import type { Kernels } from './kernels.ts';
import type { Examined, GrowingNode, NodeWork, Split, SplitSearch } from './split.ts';

/** Reads a node's rows anew for whatever is asked of it: nothing is kept between nodes. */
export class NodeByNode implements NodeWork {
  constructor(
    private readonly columns: readonly BinnedColumn[],
    private readonly criterion: Criterion,
    private readonly search: SplitSearch,
    private readonly limits: GrowLimits,
    private readonly kernels: Pick<Kernels, 'partition'>,
  ) {}

  examine(nodes: readonly GrowingNode[], deeper: boolean): Examined[] {
    return nodes.map((node) => {
      const rows = node.end - node.start;
      const { weight, score, pure } = this.criterion.enter(node.start, node.end);
      const closed = !deeper || isClosed(node.depth, { rows, weight, pure }, this.limits);
      return { rows, weight, score, split: closed ? null : this.search.find(node, score) };
    });
  }

  divide({ start, end }: GrowingNode, split: Split): number {
    const { work, payloadWidth } = this.criterion;
    return this.kernels.partition(
      this.columns[split.feature],
      work,
      start,
      end,
      split.lastLeft,
      payloadWidth,
    );
  }
}
