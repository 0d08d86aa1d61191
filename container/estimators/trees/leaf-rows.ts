import type { GrownTree } from './grown-tree.ts';
import type { Team } from './team.ts';

/** Rows leaf by leaf: those of node n lie at [start[n], end[n]). */
export interface LeafRows {
  readonly rows: Int32Array;
  readonly start: ArrayLike<number>;
  readonly end: ArrayLike<number>;
}

/** What threads that share the rows of a tree bring its leaves together in. */
export interface LeafMemory {
  /** A place a row. */
  readonly rows: Int32Array;
  /** A thread's rows in each node, one thread behind the other. */
  readonly counts: Int32Array;
}

/**
 * Brings together the rows that the threads have in each leaf, in the order in which one thread alone would have them.
 *
 * @param own The rows of this thread, as the tree's ranges place them.
 */
export function gatherLeaves(tree: GrownTree, own: Int32Array, memory: LeafMemory, team: Team): LeafRows {
  const { nodes } = tree;
  const { rows, counts } = memory;
  const most = counts.length / team.threads;
  for (let node = 0; node < nodes; node++) {
    counts[team.thread * most + node] = tree.end[node] - tree.start[node];
  }
  team.meet();
  const start = new Int32Array(nodes);
  const end = new Int32Array(nodes);
  end[0] = tree.rows[0];
  for (let node = 0; node < nodes; node++) {
    const left = tree.left[node];
    if (left < 0) {
      let at = start[node];
      for (let t = 0; t < team.thread; t++) at += counts[t * most + node];
      rows.set(own.subarray(tree.start[node], tree.end[node]), at);
      continue;
    }
    start[left] = start[node];
    end[left] = start[left + 1] = start[node] + tree.rows[left];
    end[left + 1] = end[node];
  }
  team.meet();
  return { rows, start, end };
}
