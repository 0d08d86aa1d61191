/** `toOnnx`, `evaluate` and `explain` of templates, and the rows that they are tried on. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { runOnnx } from '../../container/onnx/run.ts';
import { Registry } from '../../container/registry/registry.ts';
import { ONNX_FILE } from '../../container/registry/types.ts';
import { publishTemplate } from '../../container/templates/publish.ts';
import { TemplateStore } from '../../container/templates/store.ts';
import { ALICE, Bench } from '../jobs/harness.ts';

const LINE = `
import { calculateRegressionMetrics, defineTemplate } from 'kepler';
export default defineTemplate<{ weights: Float64Array; names: readonly string[] }>({
  name: 'Line',
  kind: 'regressor',
  fit: (_params, { features }) => ({
    weights: Float64Array.from(features.columns, (_, f) => f + 1),
    names: features.names,
  }),
  apply: ({ weights }, { rows, columns }) =>
    Float64Array.from({ length: rows }, (_, row) => columns.reduce((sum, column, f) => sum + weights[f] * column[row], 0)),
  evaluate: (_model, { target }) => ({
    r2: 2,
    mse_of_2: calculateRegressionMetrics([1, 3], [1, 5]).values.mse,
    largest: Math.max(...(target?.kind === 'number' ? target.values : [])),
  }),
  explain: ({ weights, names }, { columns }) =>
    Object.fromEntries(names.map((name, f) => [name, columns[f].map((value) => weights[f] * value)])),
  toOnnx({ weights }, graph) {
    const by = graph.tensor(weights, [weights.length, 1]);
    const [product] = graph.node('MatMul', [graph.input, by], 1);
    graph.output('variable', product, 'double', 1);
  },
});`;

let bench: Bench;
beforeAll(() => void (bench = new Bench()));
afterAll(() => bench.close());

const folder = mkdtempSync(join(tmpdir(), 'kepler-optional-'));
const publish = (text: string, name = 'Line') =>
  publishTemplate(join(folder, `${name}.ts`), text.replaceAll("name: 'Line'", `name: '${name}'`), {
    store: new TemplateStore(bench.settings.templateFolder),
    host: resolve('dist/runtime/template-host.mjs'),
    sdk: resolve('dist/runtime/template-sdk.mjs'),
    limits: { memoryMb: 200, seconds: 30, answerBytes: 100e6 },
    taken: new Set<string>(),
  });

test('a version holds the model as ONNX, preparation and all, and the metrics of its own', async () => {
  const { can } = await publish(LINE);
  expect(can).toEqual({ partialFit: false, summary: false, evaluate: true, explain: true, toOnnx: true });
  const csv = 'y,x,site\n1,2,a\n2,3,b\n5,,a\n4,0.5,a\n';
  const [reply] = await bench.fit(
    { algorithm: 'Line', targets: ['y'], fields: ['x', 'site'], into: { namespace: 'user', name: 'line' } },
    [csv],
  );
  expect(reply.meta.messages.map(({ text }) => text)).toContainEqual(
    expect.stringMatching(/^Line evaluates r2, which every model of its kind has: its own were left out\.$/),
  );
  const id = { namespace: 'user', owner: ALICE.user, name: 'line' } as const;
  const registry = new Registry(bench.settings.modelFolder);
  const { metrics } = await registry.manifest(id, 1);
  expect([metrics.largest, metrics.mse_of_2]).toEqual([4, 2]);
  expect(metrics.r2).toBeLessThan(1);
  const model = await registry.file(id, 1, ONNX_FILE);
  const { variable } = await runOnnx(model, { x: Float64Array.of(2, 3, 0.5), site: ['a', 'b', 'a'] });
  const predicted = reply.csv
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => line.split(',')[3]);
  // Columns are sorted by name: site=a, site=b, x, with the weights 1, 2, 3.
  expect(variable.data).toEqual([7, 11, 2.5]);
  expect(predicted).toEqual(['7', '11', '', '2.5']);
});

test('explain=t adds why each row was answered so, also by groups', async () => {
  await publish(LINE);
  const csv = 'y,x,site\n1,2,a\n2,3,b\n5,,a\n4,0.5,a\n';
  const spec = { algorithm: 'Line', targets: ['y'], fields: ['x'] } as const;
  await bench.fit({ ...spec, into: { namespace: 'user', name: 'plain' } }, [csv]);
  await bench.fit({ ...spec, by: ['site'], into: { namespace: 'user', name: 'grouped' } }, [csv]);
  for (const name of ['plain', 'grouped']) {
    const model = { namespace: 'user', name } as const;
    const { csv: explained } = await bench.apply({ model, options: { explain: 'true' }, as: 'guess' }, csv);
    expect(explained).toBe('y,x,site,guess,explain(x)\n1,2,a,2,2\n2,3,b,3,3\n5,,a,,\n4,0.5,a,0.5,0.5\n');
    expect((await bench.apply({ model, options: {} }, csv)).csv.split('\n')[0]).toBe('y,x,site,predicted(y)');
  }
});

test.each([
  [
    'another answer than apply',
    LINE.replace('graph.tensor(weights,', 'graph.tensor(weights.map((w) => 2 * w),'),
    /its ONNX answers .* where apply answers .* \(row 1 of 60\)/,
  ],
  ['no output', LINE.replace("    graph.output('variable', product, 'double', 1);\n", ''), /names no output/],
  [
    'a value that was never made',
    LINE.replace("graph.output('variable', product,", "graph.output('variable', 'mine',"),
    /uses the value "mine", which it has not made/,
  ],
  [
    'a graph that cannot be run',
    LINE.replace("'MatMul'", "'NoSuchOp'"),
    /ONNX Runtime refuses what toOnnx writes/,
  ],
  [
    'an explanation of too few rows',
    LINE.replace('columns[f].map((value) => weights[f] * value)', 'columns[f].slice(1)'),
    /explain returned 59 values in "a" for 60 rows.*tried: explain on 60 made-up rows/s,
  ],
  [
    'a metric that is no number',
    LINE.replace('r2: 2,', 'r2: NaN,'),
    /evaluate returned NaN for "r2"; a metric is a number/,
  ],
])('%s is refused', async (_, text, message) => {
  await expect(publish(text, 'Wrong')).rejects.toThrow(message);
});

test('a template is tried on its example, where it has one', async () => {
  const picky = LINE.replace(
    'apply: ({ weights }, { rows, columns }) =>',
    `apply: ({ weights, names }, { rows, columns }) =>
    names.join() !== 'site=a,site=b,speed' ? [] as never :`,
  );
  await expect(publish(picky, 'Picky')).rejects.toThrow(
    /returned 0 values .*tried: apply on 60 made-up rows/,
  );
  const example = (speed: string) =>
    picky.replace(
      'fit: (',
      `example: { features: { speed: ${speed}, site: ['a', 'b', 'b'] }, target: { name: 'wear', values: [1, 2, 3] } },
  fit: (`,
    );
  await expect(publish(example('[1, null, 3]'), 'Picky')).resolves.toMatchObject({ version: 1 });
  await expect(publish(example('[1]'), 'Picky')).rejects.toThrow(
    /its example is .*all its fields have as many cells/,
  );
});

const SHARES = `
import { defineTemplate } from 'kepler';
export default defineTemplate<{ classes: readonly string[] }>({
  name: 'Line',
  kind: 'classifier',
  fit: (_params, { target }) => ({ classes: target?.kind === 'classes' ? target.classes : [] }),
  apply: ({ classes }, { columns }) => Array.from(columns[0], (x) => classes[x > 2 ? 1 : 0]),
  probabilities: (_model, { columns }) => [columns[0].map((x) => 1 - x / 8), Array.from(columns[0], (x) => x / 8)],
});`;

test('probabilities of a template are asked for as of a built-in, in fit and in apply, and measured', async () => {
  await publish(SHARES, 'Shares');
  const csv = 'x,kind\n1,"a b"\n4,c\n,c\n';
  const model = { namespace: 'user', name: 'shares' } as const;
  const spec = { algorithm: 'Shares', targets: ['kind'], fields: ['x'], into: model } as const;
  const wanted =
    'x,kind,predicted(kind),probability(kind=a b),probability(kind=c)\n1,a b,a b,0.875,0.125\n4,c,c,0.5,0.5\n,c,,,\n';
  const [fitted] = await bench.fit({ ...spec, options: { probabilities: 't' } }, [csv]);
  expect(fitted.csv.replaceAll('"', '')).toBe(wanted);
  expect((await bench.apply(model.name, csv)).csv.split('\n')[1]).toBe('1,"a b",a b');
  const applied = await bench.apply({ model, options: { probabilities: 'true' } }, csv);
  expect(applied.csv.replaceAll('"', '')).toBe(wanted);
  const id = { namespace: 'user', owner: ALICE.user, name: 'shares' } as const;
  const { metrics } = await new Registry(bench.settings.modelFolder).manifest(id, 1);
  expect(metrics.roc_auc).toBe(1);
  const few = SHARES.replace('[columns[0].map((x) => 1 - x / 8), ', '[');
  await expect(publish(few, 'Shares')).rejects.toThrow(
    /probabilities returned 1 columns; the 2 classes need one each.*tried: probabilities/,
  );
});
