import { readFileSync } from 'node:fs';
import { notebookModule } from '../../../container/templates/python/notebook.ts';
import { encodeTable } from '../../../container/templates/tables.ts';
import { endAll, numbers, publish, start, withPython } from './harness.ts';

afterEach(endAll);

const published = (name: string) => readFileSync(`test/fixtures/dsdl/${name}.ipynb`, 'utf8');
const cell = (source: string, metadata: object = {}) => ({ cell_type: 'code', source, metadata });
const notebook = (...cells: object[]) => JSON.stringify({ nbformat: 4, nbformat_minor: 5, cells });

test('named and tagged cells make the module; others, tests and magics do not', () => {
  const { text, cells, left } = notebookModule(
    'X.ipynb',
    notebook(
      { cell_type: 'markdown', source: ['# title'], metadata: { name: 'mltkc_text' } },
      cell('import a\n%matplotlib inline\n!pip install b\nx = 5 \\\n % 3', { name: 'mltkc_import' }),
      cell('secret()'),
      cell('def fit(): pass', { tags: ['fit'] }),
      cell('fit()', { tags: ['fit', 'test'] }),
    ),
  );
  expect(text).toBe('import a\n\n\nx = 5 \\\n % 3\n\ndef fit(): pass\n');
  expect(cells).toEqual([
    { line: 1, name: 'mltkc_import' },
    { line: 7, name: 'fit' },
  ]);
  expect(left).toEqual({ cells: 2, magics: ['%matplotlib inline', '!pip install b'] });
});

test.each([
  ['not JSON', 'hello', /it is no notebook/],
  ['no cells', '{}', /it has no cells/],
  ['no cell that is meant', notebook(cell('x = 1')), /no cell of the notebook is named .* or tagged/],
])('a notebook with %s is refused', (_what, text, message) => {
  expect(() => notebookModule('X.ipynb', text)).toThrow(message);
});

withPython("DSDL's barebone notebook runs unchanged", async () => {
  const barebone = await publish('barebone_template.ipynb', published('barebone_template'));
  expect(barebone.manifest).toMatchObject({ kind: 'transformer', prepare: 'none', convention: 'dsdl' });
  const asked = await start(barebone);
  const table = raw({ a: [1, 2, 3] });
  await asked.fit(table);
  expect(await asked.apply(table)).toEqual([
    { name: 'index', kind: 'number', values: Float64Array.of(0, 1, 2) },
  ]);
  const { rows } = (await asked.summary()) as { rows: string[][] };
  expect(rows.map(([name]) => name)).toEqual(['version.numpy', 'version.pandas']);
});

withPython("DSDL's grid search keeps its model by its own save and load", async () => {
  const svm = await publish('grid_search_svm.ipynb', published('grid_search_svm'));
  expect(svm.manifest.params.additionalProperties).toBe(true);
  expect(Object.keys(svm.manifest.params.properties)).toEqual(['grid']);
  const a = Array.from({ length: 30 }, (_, i) => i / 3);
  const y = a.map((x) => 2 * x + 1);
  const target = { kind: 'number' as const, name: 'y', values: Float64Array.from(y) };
  const table = raw({ a });
  const first = await start(svm);
  const state = await first.fit(table, target, { grid: "\"{'C': [10, 100], 'kernel': ['linear']}\"" });
  const [predicted] = await first.apply(table);
  expect(predicted.name).toBe('predicted(y)');
  const values = (predicted as { values: Float64Array }).values;
  y.forEach((value, i) => expect(Math.abs(values[i] - value)).toBeLessThan(0.2));

  // Another process has the model from its files alone.
  const second = await start(svm);
  await second.process.ask({ op: 'state', key: 'k' }, state);
  const again = await second.process.ask(
    { op: 'apply', key: 'k', options: {}, target: 'y' },
    encodeTable(table),
  );
  expect(again.header.outputs).toEqual(['predicted(y)']);
});

withPython("DSDL's threat hunting finds its fields by name, texts too, though it saves nothing", async () => {
  const hunting = await publish('a_threat_hunting_notebook.ipynb', published('a_threat_hunting_notebook'));
  const rows = 50;
  const table = {
    rows,
    names: ['ComputerName', 'EventCode', 'count'],
    levels: [['alpha', 'beta'], undefined, undefined],
    columns: [
      Float64Array.from({ length: rows }, (_, i) => i % 2),
      Float64Array.from({ length: rows }, (_, i) => 4600 + (i % 3)),
      Float64Array.from({ length: rows }, (_, i) => (i === 7 ? 1000 : i % 5)),
    ],
  };
  const first = await start(hunting);
  const state = await first.fit(table);
  const second = await start(hunting);
  await second.process.ask({ op: 'state', key: 'k' }, state);
  for (const asked of [first, second]) {
    const [outlier] = await asked.apply(table);
    expect(outlier).toMatchObject({ name: 'outlier', kind: 'number' });
    expect((outlier as { values: Float64Array }).values[7]).toBe(-1);
  }
});

withPython('a mistake in a cell names the cell and its line', async () => {
  const text = notebook(
    cell('import pandas as pd', { name: 'mltkc_import' }),
    cell('def init(df, param):\n    return {}', { name: 'mltkc_init' }),
    cell('def fit(model, df, param):\n    return df["nothing"]', { name: 'mltkc_fit' }),
    cell('def apply(model, df, param):\n    return df', { name: 'mltkc_apply' }),
  );
  const asked = await start(await publish('Broken.ipynb', text));
  await expect(asked.fit(raw({ a: [1] }))).rejects.toMatchObject({
    code: 'template_failed',
    message: expect.stringMatching(
      /Broken failed, line 2 of Broken\.ipynb, cell mltkc_fit: KeyError: 'nothing'/,
    ),
  });
});

function raw(columns: Readonly<Record<string, readonly number[]>>) {
  const table = numbers(columns);
  return { ...table, levels: table.names.map(() => undefined) };
}

withPython('a notebook that is called as the library that it imports finds the library', async () => {
  const text = notebook(
    cell('import colorsys\nimport pandas as pd', { name: 'mltkc_import' }),
    cell('def init(df,param):\n    return {}', { name: 'mltkc_init' }),
    cell('def fit(model,df,param):\n    return {}', { name: 'mltkc_fit' }),
    cell("def apply(model,df,param):\n    return pd.DataFrame({'l': [colorsys.rgb_to_hls(v, 0, 0)[1] for v in df['a']]})", { name: 'mltkc_apply' }), // prettier-ignore
  );
  const asked = await start(await publish('colorsys.ipynb', text));
  const table = raw({ a: [0.5, 1] });
  await asked.fit(table);
  expect(await asked.apply(table)).toEqual([
    { name: 'l', kind: 'number', values: Float64Array.of(0.25, 0.5) },
  ]);
});
