import type { BinnedColumn } from './columns.ts';
import { isClosed } from './grow.ts';
import type { GrowLimits } from './grow-limits.ts';
import { SCRATCH_SLOTS } from './histogram-pool.ts';
import type { HistogramPool } from './histogram-pool.ts';
import { HISTOGRAM_WORDS, RESULT } from './kernels.ts';
import type { Kernels, SideLimits, SumFormat, Workspace } from './kernels.ts';
import type { Examined, GrowingNode, NodeWork, Split } from './split.ts';
import type { Team } from './team.ts';

/** A node's rows; sum and weight as whole numbers, in the format's units. */
interface Totals {
  readonly rows: number;
  readonly sum: number;
  readonly weight: number;
  readonly pure: boolean;
}

/** Numbers of a split as threads tell each other. */
const SPLIT_NUMBERS = 4;
const TOTAL_NUMBERS = 5;

/**
 * Nodes whose splits are sought in histograms of sums that are kept as long as a node is open: of two children only the
 * smaller one's rows are read, the other's histograms are what is left of the parent's.
 *
 * Threads that share a tree have a part of the rows each: every one divides and adds up its own rows, then they add their
 * histograms, and each looks for splits in its share of the columns. Sums are whole numbers, so that the tree does not
 * depend on how many they are.
 */
export class HistogramNodes implements NodeWork {
  private readonly free: number[];
  private readonly slotOf = new Map<number, number>();
  /** The histograms of the node divided last. */
  private parent: number | undefined;
  private readonly first: number;
  private readonly end: number;

  constructor(
    private readonly columns: readonly BinnedColumn[],
    private readonly work: Workspace,
    private readonly format: SumFormat,
    private readonly pool: HistogramPool,
    private readonly limits: GrowLimits,
    private readonly sides: SideLimits,
    private readonly kernels: Kernels,
    private readonly team: Team,
  ) {
    this.free = pool.slots.map((_, slot) => slot).slice(SCRATCH_SLOTS);
    [this.first, this.end] = team.share(columns.length);
  }

  divide({ id, start, end }: GrowingNode, split: Split): number {
    this.parent = this.slotOf.get(id);
    this.slotOf.delete(id);
    const column = this.columns[split.feature];
    return this.kernels.partition(column, this.work, start, end, split.lastLeft, 2);
  }

  examine(nodes: readonly GrowingNode[], deeper: boolean): Examined[] {
    const totals = this.totals(nodes);
    const { unit, weightUnit } = this.format;
    const open = nodes.map(({ depth }, i) => {
      const { rows, weight, pure } = totals[i];
      return deeper && !isClosed(depth, { rows, weight: weight * weightUnit, pure }, this.limits);
    });
    const slots = this.histograms(nodes, totals, open);
    const splits = open.includes(true) ? this.seek(totals, open, slots) : [];
    return nodes.map((node, i) => {
      const { rows, sum } = totals[i];
      const weight = totals[i].weight * weightUnit;
      const split = splits[i] ?? null;
      const slot = slots[i];
      if (slot !== undefined && slot >= SCRATCH_SLOTS) {
        if (split) this.slotOf.set(node.id, slot);
        else this.free.push(slot);
      }
      return { rows, weight, score: (sum * unit) ** 2 / weight, split };
    });
  }

  private totals(nodes: readonly GrowingNode[]): Totals[] {
    const { result } = this.work;
    const own: number[] = [];
    for (const { start, end } of nodes) {
      if (end === start) {
        own.push(0, 0, 0, 0, 0);
        continue;
      }
      this.kernels.sumTotals(this.work, start, end, this.format);
      own.push(end - start, result[0], result[1], result[2], result[3]);
    }
    const told = this.team.exchange(own);
    return nodes.map((_, i) => {
      let rows = 0;
      let sum = 0;
      let weight = 0;
      let pure = true;
      let first: number | undefined;
      for (const numbers of told) {
        const at = i * TOTAL_NUMBERS;
        if (numbers[at] === 0) continue;
        rows += numbers[at];
        sum += numbers[at + 1];
        weight += numbers[at + 2];
        first ??= numbers[at + 4];
        pure &&= numbers[at + 3] === 0 && numbers[at + 4] === first;
      }
      return { rows, sum, weight, pure };
    });
  }

  /** Makes the histograms of the open nodes; returns the slots in which they are. */
  private histograms(
    nodes: readonly GrowingNode[],
    totals: readonly Totals[],
    open: readonly boolean[],
  ): (number | undefined)[] {
    const { parent } = this;
    this.parent = undefined;
    const slots: (number | undefined)[] = nodes.map(() => undefined);
    if (!open.includes(true)) {
      if (parent !== undefined) this.free.push(parent);
      return slots;
    }
    if (parent === undefined) {
      open.forEach((isOpen, i) => {
        if (isOpen) slots[i] = this.free.pop() ?? i;
      });
      this.fill(nodes, slots);
      return slots;
    }
    const smaller = totals[0].rows <= totals[1].rows ? 0 : 1;
    slots[smaller] = this.free.pop() ?? 0;
    this.fill(nodes, slots);
    if (open[1 - smaller]) this.kernels.subtractHistograms(this.own(parent), this.own(slots[smaller]));
    slots[1 - smaller] = parent;
    return slots;
  }

  /** Adds up the rows of the nodes that have a slot. */
  private fill(nodes: readonly GrowingNode[], slots: readonly (number | undefined)[]): void {
    const { pool, work, kernels, team } = this;
    const alone = team.threads === 1;
    nodes.forEach(({ start, end }, i) => {
      const slot = slots[i];
      if (slot === undefined) return;
      kernels.sumHistograms(
        pool.codes,
        work,
        start,
        end,
        alone ? pool.slots[slot] : pool.parts[team.thread][i],
      );
    });
    if (alone) return;
    team.meet();
    slots.forEach((slot, i) => {
      if (slot === undefined) return;
      const [first, second, ...others] = pool.parts.map((part) => this.ownOf(part[i]));
      kernels.addHistograms(this.own(slot), first, second);
      for (const other of others) kernels.addHistograms(this.own(slot), this.own(slot), other);
    });
  }

  /** The best split of each open node, which all threads agree on: of equals that of the first columns. */
  private seek(
    totals: readonly Totals[],
    open: readonly boolean[],
    slots: readonly (number | undefined)[],
  ): (Split | null)[] {
    const { kernels, work, format, columns } = this;
    const { result } = work;
    const own: number[] = [];
    open.forEach((isOpen, i) => {
      const best = [-Infinity, 0, 0, 0];
      const slot = slots[i];
      if (isOpen && slot !== undefined) {
        const { sum, weight } = totals[i];
        const [least, most] = this.bounds(totals[i]);
        const histograms = this.pool.slots[slot];
        for (let f = this.first; f < this.end; f++) {
          const at = f * HISTOGRAM_WORDS;
          kernels.scanSums(histograms, at, columns[f].bins, work, format, sum, weight, least, most);
          if (!(result[RESULT.proxy] > best[0])) continue;
          best[0] = result[RESULT.proxy];
          best[1] = f;
          best[2] = result[RESULT.lastLeft];
          best[3] = result[RESULT.firstRight];
        }
      }
      own.push(...best);
    });
    const told = this.team.exchange(own);
    return open.map((_, i) => {
      let best: Split | null = null;
      for (const numbers of told) {
        const [proxy, feature, lastLeft, firstRight] = numbers.subarray(i * SPLIT_NUMBERS);
        if (!(proxy > (best?.proxy ?? -Infinity))) continue;
        const { sum, weight } = totals[i];
        const gain = (Math.max(0, proxy - sum ** 2 / weight) * format.unit ** 2) / format.weightUnit;
        best = { proxy, feature, lastLeft, firstRight, gain };
      }
      return best;
    });
  }

  /** What the left side of a split may weigh; where rows are to be counted, they are the weights. */
  private bounds({ rows, weight }: Totals): [number, number] {
    const { minRows, minWeight } = this.sides;
    const fewest = minRows > 1 ? minRows : 0;
    const lightest = minWeight / this.format.weightUnit;
    return [
      Math.max(1, fewest, lightest),
      Math.min(weight - 1, fewest > 0 ? rows - fewest : Infinity, weight - lightest),
    ];
  }

  /** This thread's columns in a slot. */
  private own(slot: number): Uint32Array {
    return this.ownOf(this.pool.slots[slot]);
  }

  private ownOf(histograms: Uint32Array): Uint32Array {
    return histograms.subarray(this.first * HISTOGRAM_WORDS, this.end * HISTOGRAM_WORDS);
  }
}
