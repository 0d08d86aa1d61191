/** The split that a node would get. */
export interface Split {
  /** What splits of one node are compared by, see `Criterion.enter`. */
  proxy: number;
  feature: number;
  lastLeft: number;
  firstRight: number;
  /** Where rows part; the middle between both bins where nothing is said. */
  threshold?: number;
  /** Impurity taken away, times the node's weight. */
  gain: number;
}

export interface GrowingNode {
  readonly id: number;
  readonly start: number;
  readonly end: number;
  readonly depth: number;
}

/** Looks for the best split of a node that its criterion has entered. */
export interface SplitSearch {
  find(node: GrowingNode, score: number): Split | null;
}

/** What a node is like; `split` is null where it stays a leaf. */
export interface Examined {
  readonly rows: number;
  readonly weight: number;
  /** The criterion's score, see `Criterion.enter`. */
  readonly score: number;
  readonly split: Split | null;
}

/**
 * The nodes of one tree while it grows. Where threads share a tree's rows, a node's range is this thread's part of it; what
 * is said of a node holds for all its rows.
 */
export interface NodeWork {
  /** The root, or the two children of the node divided last. Without `deeper` no split is looked for. */
  examine(nodes: readonly GrowingNode[], deeper: boolean): readonly Examined[];
  /** Brings the rows of both children together; returns where the right one's begin. */
  divide(node: GrowingNode, split: Split): number;
}
