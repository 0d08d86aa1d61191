import type { OnnxGraph, TreeEnsemble } from '../../contract/template.ts';
import type { TreeClassifierModel, TreeModel } from './tree-model.ts';

/**
 * Writes the ensemble's scores as one TreeEnsembleRegressor and returns them as [rows, outputs], float64.
 * Features go through float32, as thresholds are, so that a row on a threshold goes the same way; sums are made in float64
 * and come out as float32.
 */
function ensembleScores(ensemble: TreeEnsemble, graph: OnnxGraph): string {
  const { outputs, leafWidth, roots, feature, threshold, left, values, treeOutput } = ensemble;
  const treeIds: number[] = [];
  const nodeIds: number[] = [];
  const modes: string[] = [];
  const trueIds: number[] = [];
  const falseIds: number[] = [];
  const targetTrees: number[] = [];
  const targetNodes: number[] = [];
  const targetIds: number[] = [];
  const weights: number[] = [];
  for (let t = 0; t < roots.length; t++) {
    const root = roots[t];
    const end = t + 1 < roots.length ? roots[t + 1] : feature.length;
    for (let node = root; node < end; node++) {
      const leaf = feature[node] < 0;
      treeIds.push(t);
      nodeIds.push(node - root);
      modes.push(leaf ? 'LEAF' : 'BRANCH_LEQ');
      trueIds.push(leaf ? 0 : left[node] - root);
      falseIds.push(leaf ? 0 : left[node] + 1 - root);
      if (!leaf) continue;
      for (let v = 0; v < leafWidth; v++) {
        const weight = values[left[node] * leafWidth + v];
        // A leaf needs one entry at least; zeros beyond it add nothing.
        if (weight === 0 && leafWidth > 1) continue;
        targetTrees.push(t);
        targetNodes.push(node - root);
        targetIds.push(leafWidth > 1 ? v : treeOutput ? treeOutput[t] : 0);
        weights.push(weight);
      }
    }
  }
  const [single] = graph.node('Cast', [graph.input], 1, { to: { int: 1 } });
  const [exact] = graph.node('Cast', [single], 1, { to: { int: 11 } });
  const doubles = (list: ArrayLike<number>) => ({ doubles: Float64Array.from(list), dims: [list.length] });
  const [scores] = graph.node(
    'TreeEnsembleRegressor',
    [exact],
    1,
    {
      n_targets: { int: outputs },
      aggregate_function: 'SUM',
      post_transform: 'NONE',
      nodes_treeids: { ints: treeIds },
      nodes_nodeids: { ints: nodeIds },
      nodes_featureids: { ints: Array.from(feature, (f) => Math.max(f, 0)) },
      nodes_values_as_tensor: doubles(threshold),
      nodes_modes: { strings: modes },
      nodes_truenodeids: { ints: trueIds },
      nodes_falsenodeids: { ints: falseIds },
      target_treeids: { ints: targetTrees },
      target_nodeids: { ints: targetNodes },
      target_ids: { ints: targetIds },
      target_weights_as_tensor: doubles(weights),
      base_values_as_tensor: doubles(ensemble.base),
    },
    'ai.onnx.ml',
  );
  const [result] = graph.node('Cast', [scores], 1, { to: { int: 11 } });
  return result;
}

export function regressorToOnnx(state: TreeModel, graph: OnnxGraph): void {
  graph.output('variable', ensembleScores(state.ensemble, graph), 'double', 1);
}

/** Label of the greatest score, the first of equals. */
function labelOutput(classes: readonly string[], scores: string, graph: OnnxGraph): void {
  const [code] = graph.node('ArgMax', [scores], 1, { axis: { int: 1 }, keepdims: { int: 0 } });
  const [label] = graph.node('Gather', [graph.tensor(classes, [classes.length]), code], 1, {
    axis: { int: 0 },
  });
  graph.output('label', label, 'string', null);
}

export function classifierToOnnx(state: TreeClassifierModel, graph: OnnxGraph): void {
  const shares = ensembleScores(state.ensemble, graph);
  labelOutput(state.classes, shares, graph);
  graph.output('probabilities', shares, 'double', state.classes.length);
}

export function boostedClassifierToOnnx(
  state: TreeClassifierModel & { readonly scoreFactor: number },
  graph: OnnxGraph,
): void {
  const scores = ensembleScores(state.ensemble, graph);
  const { classes } = state;
  if (classes.length > 2) {
    labelOutput(classes, scores, graph);
    const [probabilities] = graph.node('Softmax', [scores], 1, { axis: { int: 1 } });
    graph.output('probabilities', probabilities, 'double', classes.length);
    return;
  }
  const scalar = (value: number) => graph.tensor(Float64Array.of(value), [1]);
  const [scaled] = graph.node('Mul', [scores, scalar(state.scoreFactor)], 1);
  const [second] = graph.node('Sigmoid', [scaled], 1);
  const [first] = graph.node('Sub', [scalar(1), second], 1);
  const [probabilities] = graph.node('Concat', [first, second], 1, { axis: { int: 1 } });
  const [isSecond] = graph.node('GreaterOrEqual', [scores, scalar(0)], 1);
  const [code] = graph.node('Cast', [isSecond], 1, { to: { int: 7 } });
  const [flat] = graph.node('Reshape', [code, graph.tensor(BigInt64Array.of(-1n), [1])], 1);
  const [label] = graph.node('Gather', [graph.tensor(classes, [2]), flat], 1, { axis: { int: 0 } });
  graph.output('label', label, 'string', null);
  graph.output('probabilities', probabilities, 'double', 2);
}
