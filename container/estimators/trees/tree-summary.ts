import type { Params, SummaryTable, TreeEnsemble } from '../../contract/template.ts';

interface SummarisedTree {
  readonly features: readonly string[];
  readonly ensemble: TreeEnsemble;
  readonly samples: Int32Array;
  readonly values: Float64Array;
}

interface NodeJson {
  readonly samples: number;
  /** The class of most weight with its share, or the mean. */
  readonly class?: string;
  readonly share?: number;
  readonly value?: number;
  readonly feature?: string;
  readonly threshold?: number;
  /** Rows whose feature is at most the threshold. */
  readonly left?: NodeJson;
  readonly right?: NodeJson;
}

/** One column, `Decision Tree Summary`: a line a node, or with `json` the whole as one cell. `limit` levels are shown. */
export function treeSummary(
  tree: SummarisedTree,
  classes: readonly string[] | null,
  options: Params,
): SummaryTable {
  const limit = typeof options.limit === 'number' ? options.limit : 5;
  const root = describe(tree, classes, 0, limit);
  const lines = options.json === true ? [JSON.stringify(root)] : textLines(root);
  return { fields: ['Decision Tree Summary'], rows: lines.map((line) => [line]) };
}

function describe(
  tree: SummarisedTree,
  classes: readonly string[] | null,
  node: number,
  levels: number,
): NodeJson {
  const { feature, threshold, left } = tree.ensemble;
  const facts = { samples: tree.samples[node], ...outcome(tree.values, classes, node) };
  if (feature[node] < 0 || levels === 0) return facts;
  return {
    ...facts,
    feature: tree.features[feature[node]],
    threshold: shortest(threshold[node]),
    left: describe(tree, classes, left[node], levels - 1),
    right: describe(tree, classes, left[node] + 1, levels - 1),
  };
}

function outcome(values: Float64Array, classes: readonly string[] | null, node: number) {
  if (!classes) return { value: values[node] };
  const shares = values.subarray(node * classes.length, (node + 1) * classes.length);
  let best = 0;
  shares.forEach((share, k) => {
    if (share > shares[best]) best = k;
  });
  return { class: classes[best], share: shares[best] };
}

function textLines(root: NodeJson): string[] {
  const lines: string[] = [];
  const visit = (node: NodeJson, depth: number, question: string): void => {
    const outcomeText =
      node.class === undefined
        ? `value: ${node.value}`
        : `class: ${node.class}, share: ${round4(node.share)}`;
    lines.push(`${'|    '.repeat(depth)}${question}count: ${node.samples}, ${outcomeText}`);
    if (!node.left || !node.right) return;
    visit(node.left, depth + 1, `${node.feature} <= ${node.threshold}, `);
    visit(node.right, depth + 1, `${node.feature} > ${node.threshold}, `);
  };
  visit(root, 0, '');
  return lines;
}

function round4(value = 0): number {
  return Math.round(value * 1e4) / 1e4;
}

/** The shortest decimal text of a float32, as a number. */
function shortest(value: number): number {
  for (let digits = 1; digits < 9; digits++) {
    const candidate = Number(value.toPrecision(digits));
    if (Math.fround(candidate) === value) return candidate;
  }
  return value;
}
