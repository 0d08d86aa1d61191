import type { Arena } from './arena.ts';
import type { BinnedColumn } from './columns.ts';
import type { SumCriterion } from './criterion.ts';
import type { Agree, GrowingNode, Split, SplitSearch } from './split.ts';
import { HISTOGRAM_WORDS, RESULT } from './kernels.ts';
import type { CodeList, Kernels } from './kernels.ts';

/** Memory that the histograms of one thread may take. */
const POOL_BYTES = 256 * 1024 * 1024;

/** A thread's share of the columns, with memory for histograms of them. */
export interface HistogramPool {
  /** The first of its columns; they follow one another. */
  readonly first: number;
  readonly list: CodeList;
  readonly bins: readonly number[];
  /** One array a node: the histograms of all its columns. */
  readonly slots: readonly Uint32Array[];
}

/** Whether histograms can be used at all: every column's bins must fit one. */
export function histogramsFit(columns: readonly BinnedColumn[]): boolean {
  return columns.every(
    (column) => column.bins <= HISTOGRAM_WORDS / 2 && column.codes.BYTES_PER_ELEMENT === 1,
  );
}

export function newHistogramPool(
  arena: Arena,
  columns: readonly BinnedColumn[],
  first: number,
  end: number,
  mostLeaves: number,
): HistogramPool {
  const own = columns.slice(first, end);
  const words = own.length * HISTOGRAM_WORDS;
  const slots = Math.max(2, Math.min(mostLeaves + 1, Math.floor(POOL_BYTES / (4 * words || 1))));
  const addresses = arena.words(own.length);
  addresses.set(own.map((column) => column.codes.byteOffset));
  return {
    first,
    list: { codes: own.map((column) => column.codes as Uint8Array), addresses },
    bins: own.map((column) => column.bins),
    slots: Array.from({ length: slots }, () => arena.words(words)),
  };
}

/** Two children whose parent's histograms are kept in `slot` until one of them is asked for. */
interface Family {
  readonly slot: number;
  readonly left: GrowingNode;
  readonly right: GrowingNode;
  closed: number;
}

/**
 * Looks at all columns by histograms that are kept for each open node: of two children only the smaller one's rows are read,
 * the other's histograms are what is left of the parent's.
 */
export class HistogramSearch implements SplitSearch {
  private readonly free: number[];
  private readonly slotOf = new Map<number, number>();
  private readonly families = new Map<number, Family>();

  constructor(
    private readonly pool: HistogramPool,
    private readonly criterion: SumCriterion,
    private readonly kernels: Kernels,
    private readonly agree: Agree,
  ) {
    // The first slot stays free for nodes whose histograms cannot be kept.
    this.free = pool.slots.map((_, slot) => slot).slice(1);
  }

  find(node: GrowingNode, score: number): Split | null {
    const histograms = this.pool.slots[this.slotOf.get(node.id) ?? this.build(node)];
    const { result } = this.criterion.work;
    const rows = node.end - node.start;
    let best: Split | null = null;
    let bestProxy = -Infinity;
    this.pool.bins.forEach((bins, f) => {
      this.criterion.scan(histograms, f * HISTOGRAM_WORDS, bins, rows);
      if (result[RESULT.proxy] <= bestProxy) return;
      bestProxy = result[RESULT.proxy];
      best = {
        proxy: bestProxy,
        feature: this.pool.first + f,
        lastLeft: result[RESULT.lastLeft],
        firstRight: result[RESULT.firstRight],
        gain: Math.max(0, bestProxy - score),
      };
    });
    return this.agree(best);
  }

  done(node: GrowingNode, left: GrowingNode | null, right: GrowingNode | null): void {
    const slot = this.slotOf.get(node.id);
    this.slotOf.delete(node.id);
    if (left && right) {
      if (slot === undefined) return;
      const family: Family = { slot, left, right, closed: 0 };
      this.families.set(left.id, family).set(right.id, family);
      return;
    }
    if (slot !== undefined) this.free.push(slot);
    const family = this.families.get(node.id);
    if (!family) return;
    this.families.delete(node.id);
    if (++family.closed === 2) this.free.push(family.slot);
  }

  /** Makes the node's histograms, and its sibling's too where the parent's are at hand; returns the node's slot. */
  private build(node: GrowingNode): number {
    const family = this.families.get(node.id);
    if (!family) {
      const slot = this.free.pop();
      if (slot === undefined) return this.fill(0, node);
      this.slotOf.set(node.id, slot);
      return this.fill(slot, node);
    }
    const { left, right } = family;
    const sibling = node === left ? right : left;
    this.families.delete(node.id);
    this.families.delete(sibling.id);
    const smaller = left.end - left.start <= right.end - right.start ? left : right;
    const kept = this.free.pop();
    const part = this.fill(kept ?? 0, smaller);
    if (kept === undefined && smaller === node) {
      // No room for both: the sibling will be read anew.
      this.free.push(family.slot);
      return part;
    }
    const { slots } = this.pool;
    this.kernels.subtractHistogram(slots[family.slot], slots[part]);
    const larger = smaller === left ? right : left;
    this.slotOf.set(larger.id, family.slot);
    if (kept !== undefined) this.slotOf.set(smaller.id, kept);
    if (family.closed > 0) this.done(sibling, null, null);
    return this.slotOf.get(node.id) ?? part;
  }

  private fill(slot: number, node: GrowingNode): number {
    const histograms = this.pool.slots[slot];
    this.kernels.sumHistograms(this.pool.list, this.criterion.work, node.start, node.end, histograms);
    return slot;
  }
}
