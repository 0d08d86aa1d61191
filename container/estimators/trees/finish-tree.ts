import type { FinishedTree } from './ensemble.ts';
import type { GrownTree } from './grown-tree.ts';
import { wordWeight } from './sums.ts';
import type { SumFormat, Workspace } from './kernels.ts';

/**
 * Turns a grown tree into arrays.
 *
 * @param sums `width` numbers a node, of leaves: summed up to the root here.
 * @param valueOf Makes a node's values of its sums.
 */
export function finishTree(
  tree: GrownTree,
  features: number,
  width: number,
  sums: Float64Array,
  valueOf: (sums: Float64Array, node: number, values: Float64Array) => void,
): FinishedTree {
  for (let node = tree.nodes - 1; node >= 0; node--) {
    if (tree.feature[node] < 0) continue;
    const left = tree.left[node];
    for (let v = 0; v < width; v++)
      sums[node * width + v] = sums[left * width + v] + sums[(left + 1) * width + v];
  }
  const values = new Float64Array(sums.length);
  for (let node = 0; node < tree.nodes; node++) valueOf(sums, node, values);
  return toArrays(tree, features, values);
}

export function toArrays(tree: GrownTree, features: number, values: Float64Array): FinishedTree {
  const gains = new Float64Array(features);
  for (let node = 0; node < tree.nodes; node++) {
    if (tree.feature[node] >= 0) gains[tree.feature[node]] += tree.gain[node];
  }
  let depth = 0;
  for (let node = 0; node < tree.nodes; node++) if (tree.depth[node] > depth) depth = tree.depth[node];
  return {
    feature: Int32Array.from(tree.feature),
    threshold: Float32Array.from(tree.threshold),
    left: Int32Array.from(tree.left),
    values,
    depth,
    gains,
    gain: Float64Array.from(tree.gain),
    weight: Float64Array.from(tree.weight),
    samples: Int32Array.from(tree.rows),
  };
}

/** Weights of the classes in each leaf. */
export function classSums(tree: GrownTree, work: Workspace, classWeights: Float64Array): Float64Array {
  const classes = classWeights.length;
  const sums = new Float64Array(tree.nodes * classes);
  for (let node = 0; node < tree.nodes; node++) {
    if (tree.feature[node] >= 0) continue;
    const at = node * classes;
    for (let i = tree.start[node]; i < tree.end[node]; i++)
      sums[at + (work.payload[i] & 0xffff)] += work.payload[i] >>> 16;
    for (let k = 0; k < classes; k++) sums[at + k] *= classWeights[k];
  }
  return sums;
}

/** Shares of the classes in each node. */
export function classShares(classes: number) {
  return (sums: Float64Array, node: number, values: Float64Array): void => {
    const at = node * classes;
    let weight = 0;
    for (let k = 0; k < classes; k++) weight += sums[at + k];
    for (let k = 0; k < classes; k++) values[at + k] = sums[at + k] / weight;
  };
}

/** Weight and weighted sum of a number in each leaf, from the numbers themselves. */
export function numberSums(
  tree: GrownTree,
  work: Workspace,
  format: SumFormat,
  target: Float64Array,
): Float64Array {
  const sums = new Float64Array(tree.nodes * 2);
  for (let node = 0; node < tree.nodes; node++) {
    if (tree.feature[node] >= 0) continue;
    for (let i = tree.start[node]; i < tree.end[node]; i++) {
      const weight = wordWeight(work.payload, i, format.weightBits);
      sums[2 * node] += weight;
      sums[2 * node + 1] += weight * target[work.rows[i]];
    }
  }
  return sums;
}
