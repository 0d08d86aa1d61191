import type { NumericTable, TreeEnsemble } from '../../contract/template.ts';

/** One finished tree: `values` holds as many numbers for each node as a leaf has. */
export interface FinishedTree {
  readonly feature: Int32Array;
  readonly threshold: Float32Array;
  readonly left: Int32Array;
  readonly values: Float64Array;
  readonly depth: number;
  /** Impurity taken away by the splits of each feature, weighted. */
  readonly gains: Float64Array;
  /** Of a node: impurity that its split takes away, times its weight; weight and rows. */
  readonly gain: Float64Array;
  readonly weight: Float64Array;
  readonly samples: Int32Array;
}

/** Puts trees into the form that scoring reads. */
export function assembleEnsemble(
  trees: readonly FinishedTree[],
  shape: {
    readonly features: number;
    readonly outputs: number;
    readonly leafWidth: number;
    readonly base: Float64Array;
    readonly treeOutput?: Int32Array;
    /** What leaf values are multiplied by: the learning rate, or 1 / trees. */
    readonly factor: number;
  },
): TreeEnsemble {
  const nodes = trees.reduce((sum, tree) => sum + tree.feature.length, 0);
  const leaves = trees.reduce((sum, tree) => sum + (tree.feature.length + 1) / 2, 0);
  const { leafWidth } = shape;
  const ensemble = {
    kind: 'trees' as const,
    features: shape.features,
    outputs: shape.outputs,
    leafWidth,
    roots: new Int32Array(trees.length),
    depths: Int32Array.from(trees, (tree) => tree.depth),
    ...(shape.treeOutput && { treeOutput: shape.treeOutput }),
    feature: new Int32Array(nodes),
    threshold: new Float32Array(nodes),
    left: new Int32Array(nodes),
    values: new Float64Array(leaves * leafWidth),
    base: shape.base,
  };
  let node = 0;
  let leaf = 0;
  trees.forEach((tree, t) => {
    ensemble.roots[t] = node;
    ensemble.feature.set(tree.feature, node);
    ensemble.threshold.set(tree.threshold, node);
    for (let i = 0; i < tree.feature.length; i++) {
      if (tree.feature[i] >= 0) ensemble.left[node + i] = node + tree.left[i];
      else {
        for (let v = 0; v < leafWidth; v++)
          ensemble.values[leaf * leafWidth + v] = tree.values[i * leafWidth + v] * shape.factor;
        ensemble.left[node + i] = leaf++;
      }
    }
    node += tree.feature.length;
  });
  return ensemble;
}

/** Scores of every row, `scores[output][row]`: the plain form of what the scoring kernels compute, tree after tree. */
export function scoreEnsemble(ensemble: TreeEnsemble, table: NumericTable): Float64Array[] {
  const { outputs, leafWidth, roots, feature, threshold, left, values, base, treeOutput } = ensemble;
  const columns = table.columns.map((column) => Float32Array.from(column));
  const scores = Array.from({ length: outputs }, (_, k) => new Float64Array(table.rows).fill(base[k]));
  for (let t = 0; t < roots.length; t++) {
    const only = leafWidth === 1 ? scores[treeOutput ? treeOutput[t] : 0] : null;
    for (let row = 0; row < table.rows; row++) {
      let node = roots[t];
      while (feature[node] >= 0) {
        node = columns[feature[node]][row] <= threshold[node] ? left[node] : left[node] + 1;
      }
      if (only) only[row] += values[left[node]];
      else {
        const at = left[node] * leafWidth;
        for (let v = 0; v < leafWidth; v++) scores[v][row] += values[at + v];
      }
    }
  }
  return scores;
}

/**
 * Each feature's share of the impurity taken away, as scikit-learn's feature_importances_; the sum is 1. In forests trees
 * weigh alike; in boosting the later ones, which have less left to take away, weigh less.
 */
export function importances(
  trees: readonly FinishedTree[],
  features: number,
  treesWeighAlike: boolean,
): Float64Array {
  const shares = new Float64Array(features);
  for (const { gains, weight } of trees) {
    const total = treesWeighAlike ? gains.reduce((sum, gain) => sum + gain, 0) : weight[0];
    if (total > 0) for (let f = 0; f < features; f++) shares[f] += gains[f] / total;
  }
  const sum = shares.reduce((a, b) => a + b, 0);
  return sum > 0 ? shares.map((share) => share / sum) : shares;
}

/** Standard deviation of the trees' own importances, feature by feature; undefined for a single tree. */
function importanceSpread(trees: readonly FinishedTree[], features: number): Float64Array | undefined {
  if (trees.length < 2) return undefined;
  const sums = new Float64Array(features);
  const squares = new Float64Array(features);
  for (const { gains } of trees) {
    const total = gains.reduce((sum, gain) => sum + gain, 0);
    for (let f = 0; f < features; f++) {
      const share = total > 0 ? gains[f] / total : 0;
      sums[f] += share;
      squares[f] += share * share;
    }
  }
  return sums.map((sum, f) => Math.sqrt(Math.max(0, squares[f] / trees.length - (sum / trees.length) ** 2)));
}

/** What a forest, or a single tree, keeps of its trees: their average, and the features' importances. */
export function averageOfTrees(
  trees: readonly FinishedTree[],
  features: number,
  outputs: number,
): { ensemble: TreeEnsemble; importances: Float64Array; importanceSpread?: Float64Array } {
  const spread = importanceSpread(trees, features);
  return {
    ensemble: assembleEnsemble(trees, {
      features,
      outputs,
      leafWidth: outputs,
      base: new Float64Array(outputs),
      factor: 1 / trees.length,
    }),
    importances: importances(trees, features, true),
    ...(spread && { importanceSpread: spread }),
  };
}
