import type { BinnedColumn } from './columns.ts';
import { thresholdBetween } from './columns.ts';
import type { GrowLimits } from './grow-limits.ts';
import { GrownTree } from './grown-tree.ts';
import type { GrowingNode, NodeWork, Split } from './split.ts';
import type { GrowTools } from './tools.ts';

interface Candidate {
  readonly node: GrowingNode;
  readonly split: Split;
}

/** Whether a node stays a leaf whatever its splits would be. */
export function isClosed(
  depth: number,
  node: { readonly rows: number; readonly weight: number; readonly pure: boolean },
  limits: GrowLimits,
): boolean {
  return (
    node.pure ||
    depth >= limits.maxDepth ||
    node.rows < limits.minSamplesSplit ||
    node.rows < 2 * limits.minSamplesLeaf ||
    node.weight < 2 * limits.minWeightLeaf
  );
}

/**
 * Grows one tree on the rows at [0, rows). With a limit of leaves the node whose split gains most is split first (best-first,
 * as scikit-learn), else one branch after another; without it both give the same tree.
 */
export function growTree(
  rows: number,
  columns: readonly BinnedColumn[],
  work: NodeWork,
  limits: GrowLimits,
  { checkpoint }: Pick<GrowTools, 'checkpoint'>,
): GrownTree {
  const tree = new GrownTree();
  const bestFirst = limits.maxLeafNodes !== Infinity;
  const candidates: Candidate[] = [];
  let leaves = 1;

  const consider = (nodes: readonly GrowingNode[]): void => {
    // The last leaves allowed need no search of their own.
    work.examine(nodes, leaves < limits.maxLeafNodes).forEach((examined, i) => {
      tree.measured(nodes[i], examined);
      const { split } = examined;
      if (split === null) return;
      if (bestFirst) pushByGain(candidates, { node: nodes[i], split });
      else candidates.push({ node: nodes[i], split });
    });
  };

  consider([{ id: tree.add(0), start: 0, end: rows, depth: 0 }]);
  while (candidates.length > 0 && leaves < limits.maxLeafNodes) {
    checkpoint();
    const { node, split } = bestFirst ? popByGain(candidates) : (candidates.pop() as Candidate);
    const middle = work.divide(node, split);
    const threshold =
      split.threshold ?? thresholdBetween(columns[split.feature], split.lastLeft, split.firstRight);
    const depth = node.depth + 1;
    const id = tree.split(node.id, split.feature, threshold, split.gain, depth);
    leaves++;
    consider([
      { id, start: node.start, end: middle, depth },
      { id: id + 1, start: middle, end: node.end, depth },
    ]);
  }
  return tree;
}

/** Binary heap by gain; of equals, the node made first. */
function before(a: Candidate, b: Candidate): boolean {
  return a.split.gain > b.split.gain || (a.split.gain === b.split.gain && a.node.id < b.node.id);
}

function pushByGain(heap: Candidate[], candidate: Candidate): void {
  heap.push(candidate);
  let at = heap.length - 1;
  while (at > 0) {
    const parent = (at - 1) >> 1;
    if (!before(heap[at], heap[parent])) break;
    [heap[at], heap[parent]] = [heap[parent], heap[at]];
    at = parent;
  }
}

function popByGain(heap: Candidate[]): Candidate {
  const top = heap[0];
  const last = heap.pop() as Candidate;
  if (heap.length === 0) return top;
  heap[0] = last;
  for (let at = 0; ;) {
    let first = at;
    for (const child of [2 * at + 1, 2 * at + 2]) {
      if (child < heap.length && before(heap[child], heap[first])) first = child;
    }
    if (first === at) return top;
    [heap[at], heap[first]] = [heap[first], heap[at]];
    at = first;
  }
}
