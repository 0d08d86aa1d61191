import type { FinishedTree } from './ensemble.ts';

/**
 * Minimal cost-complexity pruning: cuts the branch whose leaves gain least, again and again, while the gain a leaf
 * (impurity taken away, as a share of the root's weight) is at most `alpha` (scikit-learn's ccp_alpha).
 */
export function pruneTree(tree: FinishedTree, alpha: number): FinishedTree {
  const nodes = tree.feature.length;
  const feature = Int32Array.from(tree.feature);
  const leaves = new Int32Array(nodes);
  const gains = new Float64Array(nodes);
  for (;;) {
    let weakest = -1;
    let least = Infinity;
    for (let node = nodes - 1; node >= 0; node--) {
      if (feature[node] < 0) {
        leaves[node] = 1;
        gains[node] = 0;
        continue;
      }
      const left = tree.left[node];
      leaves[node] = leaves[left] + leaves[left + 1];
      gains[node] = tree.gain[node] + gains[left] + gains[left + 1];
    }
    // From the root, so that what was cut away is not seen.
    const reachable = [0];
    while (reachable.length > 0) {
      const node = reachable.pop() as number;
      if (feature[node] < 0) continue;
      const perLeaf = gains[node] / tree.weight[0] / (leaves[node] - 1);
      if (perLeaf < least) {
        least = perLeaf;
        weakest = node;
      }
      reachable.push(tree.left[node], tree.left[node] + 1);
    }
    if (weakest < 0 || least > alpha) return compact(tree, feature);
    feature[weakest] = -1;
  }
}

/** Leaves out the nodes that cannot be reached any more. */
function compact(tree: FinishedTree, feature: Int32Array): FinishedTree {
  const width = tree.values.length / tree.feature.length;
  const order: number[] = [0];
  const left: number[] = [];
  const depths: number[] = [0];
  for (let i = 0; i < order.length; i++) {
    const node = order[i];
    if (feature[node] < 0) left.push(-1);
    else {
      left.push(order.length);
      order.push(tree.left[node], tree.left[node] + 1);
      depths.push(depths[i] + 1, depths[i] + 1);
    }
  }
  const gains = new Float64Array(tree.gains.length);
  for (const node of order) if (feature[node] >= 0) gains[feature[node]] += tree.gain[node];
  return {
    feature: Int32Array.from(order, (node) => feature[node]),
    threshold: Float32Array.from(order, (node) => (feature[node] < 0 ? 0 : tree.threshold[node])),
    left: Int32Array.from(left),
    values: Float64Array.from(
      order.flatMap((node) => [...tree.values.subarray(node * width, (node + 1) * width)]),
    ),
    depth: depths.reduce((a, b) => Math.max(a, b), 0),
    gains,
    gain: Float64Array.from(order, (node) => (feature[node] < 0 ? 0 : tree.gain[node])),
    weight: Float64Array.from(order, (node) => tree.weight[node]),
    samples: Int32Array.from(order, (node) => tree.samples[node]),
  };
}
