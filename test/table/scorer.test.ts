/** The scoring kernels against their plain forms, over number and text fields with nulls and unseen levels. */
import type { Preparation } from '../../container/contract/table.ts';
import type { LinearPlan, ScorePlan, Template, TreeEnsemble } from '../../container/contract/template.ts';
import { Scorer } from '../../container/table/scorer.ts';
import { newSharedMemory, TableMemory } from '../../container/table/table-memory.ts';

const PREPARATION: Preparation = {
  fields: [
    { name: 'a', kind: 'number' },
    { name: 'c', kind: 'text', levels: ['x', 'y', 'z'] },
    { name: 'b', kind: 'number' },
  ],
  columns: [
    { name: 'a', field: 'a', kind: 'number' },
    { name: 'b', field: 'b', kind: 'number' },
    { name: 'c=x', field: 'c', kind: 'level', level: 'x' },
    { name: 'c=y', field: 'c', kind: 'level', level: 'y' },
    { name: 'c=z', field: 'c', kind: 'level', level: 'z' },
  ],
};
const ROWS = 1003;
const a = Float64Array.from({ length: ROWS }, (_, i) => (i % 50 === 7 ? NaN : Math.fround(Math.sin(i) * 10)));
const b = Float64Array.from({ length: ROWS }, (_, i) => Math.cos(i * 7) * 3);
const c = Int32Array.from({ length: ROWS }, (_, i) => (i % 90 === 5 ? -1 : i % 40 === 3 ? -2 : i % 3));
const x = (r: number) => [a[r], b[r], Number(c[r] === 0), Number(c[r] === 1), Number(c[r] === 2)];
const isNull = (r: number) => Number.isNaN(a[r]) || c[r] === -1;

/** Scores of all rows by the kernels. */
function scored(plan: ScorePlan): { scores: Float64Array[]; valid: (row: number) => boolean } {
  const memory = new TableMemory(newSharedMemory());
  const fields = [a, c, b].map((values) => {
    const at = memory.reserve(values.byteLength + 16);
    if (values instanceof Float64Array) memory.doubles.set(values, at / 8);
    else memory.integers.set(values, at / 4);
    return at;
  });
  let scores: Float64Array[] = [];
  const template = {
    plan: () => plan,
    decode: (_state: unknown, given: Float64Array[]) => {
      scores = given.map((values) => values.slice());
      return [];
    },
  } as unknown as Template;
  const { valid } = new Scorer(memory, template, {}, PREPARATION, {}).score(fields, ROWS);
  return { scores, valid: (row) => valid === 0 || memory.bytes[valid + row] === 1 };
}

function compare(plan: ScorePlan, plain: (row: number[], k: number) => number): void {
  const { scores, valid } = scored(plan);
  expect(scores).toHaveLength(plan.outputs);
  for (let r = 0; r < ROWS; r++) {
    expect(valid(r)).toBe(!isNull(r));
    if (isNull(r)) continue;
    scores.forEach((values, k) => {
      const expected = plain(x(r), k);
      expect(Math.abs(values[r] - expected)).toBeLessThanOrEqual(1e-12 * Math.max(1, Math.abs(expected)));
    });
  }
}

it.each([1, 3])('linear, %i outputs', (outputs) => {
  const plan: LinearPlan = {
    kind: 'linear',
    features: 5,
    outputs,
    weights: Float64Array.from({ length: 5 * outputs }, (_, i) => Math.sin(i + 1) * 4),
    intercepts: Float64Array.from({ length: outputs }, (_, k) => k - 0.5),
  };
  compare(plan, (row, k) =>
    row.reduce((sum, value, f) => sum + plan.weights[k * 5 + f] * value, plan.intercepts[k]),
  );
});

/** Trees of random shape; some thresholds are values that rows have, so that rows lie on them. */
function forest(count: number, outputs: number, leafWidth: number): TreeEnsemble {
  let seed = 1;
  const random = () => (seed = (seed * 48271) % 2147483647) / 2147483647;
  const feature: number[] = [];
  const threshold: number[] = [];
  const left: number[] = [];
  const values: number[] = [];
  const roots: number[] = [];
  const depths: number[] = [];
  const grow = (node: number, depth: number): number => {
    if (depth === 6 || random() < 0.2) {
      feature[node] = -1;
      threshold[node] = 0;
      left[node] = values.length / leafWidth;
      for (let k = 0; k < leafWidth; k++) values.push(random() - 0.5);
      return 0;
    }
    feature[node] = Math.floor(random() * 5);
    const row = x(Math.floor(random() * ROWS))[feature[node]];
    threshold[node] = Math.fround(feature[node] > 1 ? 0.5 : row || 0);
    const child = feature.length;
    feature.push(-1, -1);
    threshold.push(0, 0);
    left.push(0, 0);
    left[node] = child;
    return 1 + Math.max(grow(child, depth + 1), grow(child + 1, depth + 1));
  };
  for (let t = 0; t < count; t++) {
    roots.push(feature.length);
    feature.push(-1);
    threshold.push(0);
    left.push(0);
    depths.push(grow(roots[t], t === 0 ? 6 : 0));
  }
  return {
    kind: 'trees',
    features: 5,
    outputs,
    leafWidth,
    roots: Int32Array.from(roots),
    depths: Int32Array.from(depths),
    ...(leafWidth === 1 && outputs > 1 && { treeOutput: Int32Array.from(roots, (_, t) => t % outputs) }),
    feature: Int32Array.from(feature),
    threshold: Float32Array.from(threshold),
    left: Int32Array.from(left),
    values: Float64Array.from(values),
    base: Float64Array.from({ length: outputs }, (_, k) => k / 3),
  };
}

it.each([
  [20, 1, 1],
  [21, 3, 1],
  [20, 3, 3],
  [1, 1, 1],
])('%i trees, %i outputs, leaves of %i', (count, outputs, leafWidth) => {
  const plan = forest(count, outputs, leafWidth);
  compare(plan, (row, k) => {
    let sum = plan.base[k];
    plan.roots.forEach((root, t) => {
      let node = root;
      while (plan.feature[node] >= 0) {
        const right = !(Math.fround(row[plan.feature[node]]) <= plan.threshold[node]);
        node = plan.left[node] + Number(right);
      }
      if (leafWidth > 1) sum += plan.values[plan.left[node] * leafWidth + k];
      else if ((plan.treeOutput?.[t] ?? 0) === k) sum += plan.values[plan.left[node]];
    });
    return sum;
  });
});
