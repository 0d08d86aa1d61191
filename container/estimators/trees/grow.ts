import type { BinnedColumn } from './columns.ts';
import { thresholdBetween } from './columns.ts';
import type { Criterion } from './criterion.ts';
import { GrownTree } from './grown-tree.ts';
import type { GrowingNode, Split, SplitSearch } from './split.ts';
import type { GrowTools } from './tools.ts';

export interface GrowLimits {
  /** Infinity where there is none. */
  readonly maxDepth: number;
  readonly maxLeafNodes: number;
  readonly minSamplesSplit: number;
  readonly minSamplesLeaf: number;
  /** Least weight of a leaf. */
  readonly minWeightLeaf: number;
}

interface Candidate {
  readonly node: GrowingNode;
  readonly split: Split;
}

/**
 * Grows one tree on the rows in the criterion's workspace at [0, rows). With a limit of leaves the node whose split gains
 * most is split first (best-first, as scikit-learn), else one branch after another; without it both give the same tree.
 */
export function growTree(
  rows: number,
  columns: readonly BinnedColumn[],
  criterion: Criterion,
  search: SplitSearch,
  limits: GrowLimits,
  { kernels, checkpoint }: Pick<GrowTools, 'kernels' | 'checkpoint'>,
): GrownTree {
  const tree = new GrownTree();
  const bestFirst = limits.maxLeafNodes !== Infinity;
  const candidates: Candidate[] = [];
  let leaves = 1;

  const consider = (node: GrowingNode): void => {
    const { weight, score, pure } = criterion.enter(node.start, node.end);
    tree.measured(node.id, node.start, node.end, weight, score);
    const rowsHere = node.end - node.start;
    const closed =
      pure ||
      node.depth >= limits.maxDepth ||
      rowsHere < limits.minSamplesSplit ||
      rowsHere < 2 * limits.minSamplesLeaf ||
      weight < 2 * limits.minWeightLeaf;
    const split = closed ? null : search.find(node, score);
    if (split === null) search.done?.(node, null, null);
    else if (bestFirst) pushByGain(candidates, { node, split });
    else candidates.push({ node, split });
  };

  consider({ id: tree.add(0), start: 0, end: rows, depth: 0 });
  while (candidates.length > 0 && leaves < limits.maxLeafNodes) {
    checkpoint();
    const { node, split } = bestFirst ? popByGain(candidates) : (candidates.pop() as Candidate);
    const column = columns[split.feature];
    const middle = kernels.partition(
      column,
      criterion.work,
      node.start,
      node.end,
      split.lastLeft,
      criterion.payloadWidth,
    );
    const threshold = thresholdBetween(column, split.lastLeft, split.firstRight);
    const depth = node.depth + 1;
    const id = tree.split(node.id, split.feature, threshold, split.gain, depth);
    const left = { id, start: node.start, end: middle, depth };
    const right = { id: id + 1, start: middle, end: node.end, depth };
    search.done?.(node, left, right);
    leaves++;
    // The last leaves allowed need no search of their own.
    if (leaves < limits.maxLeafNodes) {
      consider(left);
      consider(right);
    } else {
      for (const leaf of [left, right]) {
        const { weight, score } = criterion.enter(leaf.start, leaf.end);
        tree.measured(leaf.id, leaf.start, leaf.end, weight, score);
      }
    }
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
