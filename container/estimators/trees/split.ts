/** The split that a node would get. */
export interface Split {
  /** What splits of one node are compared by, see `Criterion.enter`. */
  proxy: number;
  feature: number;
  lastLeft: number;
  firstRight: number;
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
  /** The node was split into these, or is a leaf (null): what was kept for it may go. */
  done?(node: GrowingNode, left: GrowingNode | null, right: GrowingNode | null): void;
}

/** Agrees on the best split with the threads that looked at the other columns; see `lockstep.ts`. */
export type Agree = (own: Split | null) => Split | null;
