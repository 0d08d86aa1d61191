import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '../eventually.ts';
import { Kepler } from './kepler.ts';

/** Templates that ask Splunk while they are fitted and applied, in the searcher's name. */
let kepler: Kepler;

const READER = `import { defineTemplate, getData, log, sendResults, validateSplunkConfig } from 'kepler';
export default defineTemplate<{ mean: number; who: string }>({
  name: 'Reader', kind: 'transformer', needs: ['splunk'],
  async fit(_params, { features }) {
    let [sum, rows] = [0, 0];
    for await (const { load } of getData('index=main sourcetype=readings', { earliest: 0 })) {
      sum += load as number;
      rows++;
    }
    log.info('read', { rows });
    const wrong = (await validateSplunkConfig({ indexes: ['main'] })).filter(({ ok }) => !ok);
    if (wrong.length > 0) throw new Error(JSON.stringify(wrong));
    let who = '';
    for await (const row of getData('| makeresults | eval rows=' + rows)) who = String(row.rows);
    await sendResults([{ features: features.names.join(' '), mean: sum / rows }], { lookup: 'means' });
    return { mean: sum / rows, who };
  },
  async apply({ mean }, { rows }) {
    let twice = 0;
    for await (const row of getData('| inputlookup means.csv')) twice = 2 * (row.mean as number);
    return { mean: new Float64Array(rows).fill(mean), twice: new Float64Array(rows).fill(twice) };
  },
});
`;
const SNEAK = READER.replace("needs: ['splunk'],", '').replaceAll('Reader', 'Sneak');
const WRONG = READER.replaceAll('Reader', 'Wrong').replace('index=main sourcetype=readings', '| nonsense');

const KEEPER = `import { compareModels, defineTemplate, loadModelVersion, logModel, promote } from 'kepler';
interface Model { factor: number }
export default defineTemplate<Model>({
  name: 'Keeper', kind: 'transformer', needs: ['registry'],
  async fit(_params, { features }) {
    const about = { name: 'side', features: features.names, params: { depth: 3 } };
    const first = await logModel({ ...about, metrics: { score: 0.5 } }, { factor: 10 });
    const second = await logModel({ ...about, metrics: { score: 0.7 }, promote: false }, { factor: 20 });
    const { versions } = await compareModels('side');
    const best = versions.reduce((a, b) => (b.metrics.score > a.metrics.score ? b : a));
    const moved = await promote('side@' + best.version);
    const loaded = await loadModelVersion<Model>('side@champion');
    if (first.version !== 1 || second.version !== 2 || moved.before !== 1) throw new Error('odd versions');
    return { factor: loaded.model!.factor + 1 };
  },
  apply: ({ factor }, { columns }) => columns[0].map((x) => factor * x),
});
`;

const WORDS = `import { defineTemplate, logModel } from 'kepler';
export default defineTemplate<{ known: string[] }>({
  name: 'Words', kind: 'transformer', prepare: 'none', needs: ['registry'],
  async fit(_params, { features }) {
    const known = features.columns.flatMap((one) => (one.kind === 'text' ? one.values.map(String) : []));
    await logModel({ name: 'words', features: features.columns.map(({ name }) => name) }, { known });
    return { known };
  },
  apply({ known }, { columns }) {
    const texts = Array.from<unknown, string>(columns[0].values, String);
    return texts.map((text) => (known.includes(text) ? text : 'new'));
  },
});
`;

beforeAll(async () => {
  kepler = new Kepler();
  writeFileSync(join(kepler.lookups, 'rows.csv'), 'x\n1\n2\n3\n');
  writeFileSync(join(kepler.lookups, 'words.csv'), 'word,n\nred,1\nblue,2\n');
  await kepler.start();
  kepler.indexReadings();
  const save = (name: string, text: string) =>
    writeFileSync(join(kepler.state, `runtime/templates-src/${name}.ts`), text);
  save('Reader', READER);
  save('Sneak', SNEAK);
  save('Wrong', WRONG);
  save('Keeper', KEEPER);
  save('Words', WORDS);
  for (const name of ['Reader', 'Sneak', 'Wrong', 'Keeper', 'Words'])
    await kepler.template(name, 'version', /^1$/);
});

afterAll(() => kepler.clean());

test('a template that says so reads and writes Splunk as who searches, in fit and in apply', async () => {
  const fitted = await kepler.search('| inputlookup rows.csv | fit Reader x into m', 'user');
  expect(fitted.messages.filter(({ type }) => type === 'ERROR')).toEqual([]);
  expect(fitted.results.map(({ mean }) => mean)).toEqual(['4.5', '4.5', '4.5']);
  const applied = await kepler.search('| inputlookup rows.csv | apply m', 'user');
  expect(applied.results.map(({ twice }) => twice)).toEqual(['9', '9', '9']);
  // The first chunk of one process's search leaves nothing for the next: each lends its own session.
  const again = await kepler.search('| inputlookup rows.csv | apply m', 'user');
  expect(again.results).toEqual(applied.results);
});

test('what it logs carries search, user and model', async () => {
  const line = await eventually(() => {
    const lines = readFileSync(join(kepler.state, 'runtime/runtime.log'), 'utf8').split('\n');
    return JSON.parse(lines.find((text) => text.includes('"msg":"read"'))!) as object;
  });
  expect(line).toMatchObject({
    template: 'Reader',
    user: 'user',
    model: 'm',
    sid: expect.stringMatching(/^\d/),
    fields: { rows: 300 },
  });
});

test('one that does not say so is refused, by name and remedy', async () => {
  const { status, messages } = await kepler.search('| inputlookup rows.csv | fit Sneak x', 'user');
  expect(status).toBe(1);
  expect(messages[0].text).toMatch(/template Sneak .*needs: \['splunk'\]/);
});

test("Splunk's own words come through, with the template's line", async () => {
  const { messages } = await kepler.search('| inputlookup rows.csv | fit Wrong x', 'user');
  expect(messages[0].text).toMatch(/The template Wrong failed.*Unknown search command 'nonsense'/);
});

test('a template logs, compares, promotes and loads versions of the searcher’s, which apply reads', async () => {
  const fitted = await kepler.search('| inputlookup rows.csv | fit Keeper x', 'user');
  expect(fitted.messages.filter(({ type }) => type === 'ERROR')).toEqual([]);
  expect(fitted.results.map(({ output }) => output)).toEqual(['21', '42', '63']);
  const applied = await kepler.search('| inputlookup rows.csv | apply side', 'user');
  expect(applied.results.map(({ output }) => output)).toEqual(['20', '40', '60']);
  const { results } = await kepler.search('| kepler versions side', 'user');
  expect(results.map(({ version }) => version).sort()).toEqual(['1', '2']);
  // Raw rows keep what is text in them.
  await kepler.search('| inputlookup words.csv | fit Words word n', 'user');
  const words = await kepler.search('| inputlookup words.csv | apply words', 'user');
  expect(words.results.map(({ output }) => output)).toEqual(['red', 'blue']);
  // Whose they are, and nobody else's.
  const others = await kepler.search('| inputlookup rows.csv | apply side', 'ana');
  expect(others.status).toBe(1);
});
