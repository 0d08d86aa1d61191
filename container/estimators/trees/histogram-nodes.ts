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
}

/** A split, and what the rows on its left side add up to. */
interface Found extends Split {
  readonly leftSum: number;
  readonly leftWeight: number;
}

/** A node that may be divided: its histograms, where they are kept. */
interface Open {
  readonly totals: Totals;
  readonly split: Found;
  readonly slot: number | undefined;
}

/** Numbers of a split as threads tell each other. */
const SPLIT_NUMBERS = 6;

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
  private readonly open = new Map<number, Open>();
  /** The node divided last. */
  private parent: Open | undefined;
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
    /** Every row weighs 1. */
    private readonly rowsAreWeights: boolean,
  ) {
    this.free = pool.slots.map((_, slot) => slot).slice(SCRATCH_SLOTS);
    [this.first, this.end] = team.share(columns.length);
  }

  divide({ id, start, end }: GrowingNode, split: Split): number {
    this.parent = this.open.get(id);
    this.open.delete(id);
    const column = this.columns[split.feature];
    return this.kernels.partition(column, this.work, start, end, split.lastLeft, 2);
  }

  examine(nodes: readonly GrowingNode[], deeper: boolean): Examined[] {
    const totals = this.totals(nodes);
    const { unit, weightUnit } = this.format;
    const open = nodes.map(({ depth }, i) => {
      const { rows, weight } = totals[i];
      // That all rows are alike is seen by the best split, which then gains nothing.
      return deeper && !isClosed(depth, { rows, weight: weight * weightUnit, pure: false }, this.limits);
    });
    const slots = this.histograms(nodes, totals, open);
    const found = open.includes(true) ? this.seek(totals, open, slots) : [];
    const splits = this.withoutPure(nodes, totals, found);
    return nodes.map((node, i) => {
      const { rows, sum } = totals[i];
      const weight = totals[i].weight * weightUnit;
      const split = splits[i] ?? null;
      const slot = slots[i];
      const kept = slot !== undefined && slot >= SCRATCH_SLOTS ? slot : undefined;
      if (split) this.open.set(node.id, { totals: totals[i], split, slot: kept });
      else if (kept !== undefined) this.free.push(kept);
      return { rows, weight, score: (sum * unit) ** 2 / weight, split };
    });
  }

  /** The root's rows are added up; what the children have, the search for their parent's split has found already. */
  private totals(nodes: readonly GrowingNode[]): Totals[] {
    const { parent } = this;
    if (!parent) return [this.addedUp(nodes[0])];
    const { sum, weight } = parent.totals;
    const { leftSum, leftWeight } = parent.split;
    const rows = this.rowsAreWeights ? [leftWeight, weight - leftWeight] : this.rowsOf(nodes);
    return [
      { rows: rows[0], sum: leftSum, weight: leftWeight },
      { rows: rows[1], sum: sum - leftSum, weight: weight - leftWeight },
    ];
  }

  private addedUp({ start, end }: GrowingNode): Totals {
    const { kernels, work, format, team } = this;
    const { result } = work;
    if (end > start) kernels.sumTotals(work, start, end, format);
    let [rows, sum, weight] = [0, 0, 0];
    for (const own of team.exchange(end > start ? [end - start, result[0], result[1]] : [0, 0, 0])) {
      rows += own[0];
      sum += own[1];
      weight += own[2];
    }
    return { rows, sum, weight };
  }

  private rowsOf(nodes: readonly GrowingNode[]): number[] {
    const told = this.team.exchange(nodes.map(({ start, end }) => end - start));
    return nodes.map((_, i) => told.reduce((rows, own) => rows + own[i], 0));
  }

  /** Without splits that gain nothing where all rows are alike. */
  private withoutPure(
    nodes: readonly GrowingNode[],
    totals: readonly Totals[],
    found: readonly (Found | null)[],
  ): readonly (Found | null)[] {
    const { kernels, work, format, team } = this;
    const { result } = work;
    const doubtful = found.map((split, i) => {
      const { sum, weight } = totals[i];
      return split !== null && split.leftSum * weight === sum * split.leftWeight;
    });
    if (!doubtful.includes(true)) return found;
    const own = nodes.flatMap(({ start, end }, i) => {
      if (!doubtful[i] || end === start) return [0, 0, 0];
      kernels.sumTotals(work, start, end, format);
      return [end - start, result[2], result[3]];
    });
    const told = team.exchange(own);
    return found.map((split, i) => {
      if (!doubtful[i]) return split;
      const others = told.map((numbers) => numbers.subarray(3 * i, 3 * i + 3)).filter(([rows]) => rows > 0);
      const [[, , first]] = others;
      return others.some(([, differs, value]) => differs !== 0 || value !== first) ? split : null;
    });
  }

  /** Makes the histograms of the open nodes; returns the slots in which they are. */
  private histograms(
    nodes: readonly GrowingNode[],
    totals: readonly Totals[],
    open: readonly boolean[],
  ): (number | undefined)[] {
    const parent = this.parent?.slot;
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
  ): (Found | null)[] {
    const { kernels, work, format, pool } = this;
    const { result } = work;
    const own: number[] = [];
    open.forEach((isOpen, i) => {
      const slot = slots[i];
      if (!isOpen || slot === undefined) return void own.push(-Infinity, 0, 0, 0, 0, 0);
      const { sum, weight } = totals[i];
      const [least, most] = this.bounds(totals[i]);
      const { first, end } = this;
      kernels.scanSums(pool.slots[slot], pool.bins, first, end, work, format, sum, weight, least, most);
      own.push(
        result[RESULT.proxy],
        result[RESULT.feature],
        result[RESULT.lastLeft],
        result[RESULT.firstRight],
        result[RESULT.leftSum],
        result[RESULT.leftWeight],
      );
    });
    const told = this.team.exchange(own);
    return open.map((_, i) => {
      let best: Found | null = null;
      for (const numbers of told) {
        const [proxy, feature, lastLeft, firstRight, leftSum, leftWeight] = numbers.subarray(
          i * SPLIT_NUMBERS,
        );
        if (!(proxy > (best?.proxy ?? -Infinity))) continue;
        const { sum, weight } = totals[i];
        const gain = (Math.max(0, proxy - sum ** 2 / weight) * format.unit ** 2) / format.weightUnit;
        best = { proxy, feature, lastLeft, firstRight, gain, leftSum, leftWeight };
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
