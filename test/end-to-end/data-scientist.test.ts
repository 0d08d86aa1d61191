/** What docs/data-scientist.md and the first lines of the examples say to do is done here, step by step. */
import { execFileSync } from 'node:child_process';
import { copyFileSync, readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Kepler } from './kepler.ts';

const PAGE = readFileSync('docs/data-scientist.md', 'utf8');
const EXAMPLES = 'examples/templates';

let kepler: Kepler;
let sources: string;

beforeAll(async () => {
  kepler = new Kepler();
  for (const folder of ['splunk_app/lookups', join(EXAMPLES, 'data')]) {
    for (const file of readdirSync(folder).filter((name) => name.endsWith('.csv')))
      copyFileSync(join(folder, file), join(kepler.lookups, file));
  }
  await kepler.start();
  sources = join(kepler.state, 'runtime/templates-src');
});

afterAll(() => kepler.clean());

async function search(spl: string) {
  const found = await kepler.search(spl);
  const errors = found.messages.filter(({ type }) => type === 'ERROR');
  if (found.status !== 0 || errors.length > 0)
    throw new Error(`${spl}\n${JSON.stringify(errors)} ${found.stderr}`);
  return found;
}

test('the page leads from nothing to a model, a change, a mistake and back', async () => {
  const steps = [...PAGE.matchAll(/^```(sh|spl)\n([\s\S]*?)^```$/gm)].map(([, kind, text]) => ({
    kind,
    text: text.trim(),
  }));
  expect(steps.length).toBeGreaterThan(12);
  let saved = 0;
  const answers: Awaited<ReturnType<typeof search>>[] = [];
  for (const { kind, text } of steps) {
    if (kind === 'sh') {
      execFileSync('bash', ['-ec', text.replaceAll('.kepler/runtime/templates-src', sources)]);
      saved++;
      continue;
    }
    // What is saved is served, or refused, a moment later.
    if (text.includes('kepler templates')) {
      if (saved === 3) await kepler.template('WearModel', 'error', /line \d+/);
      else await kepler.template('WearModel', 'version', new RegExp(`^${saved}$`));
    }
    answers.push(await search(text));
  }
  const [staged, datasets, rows, first] = answers;
  expect(staged.results.length).toBeGreaterThan(100);
  expect(datasets.results[0]).toMatchObject({
    name: 'wear_rows',
    version: '1',
    template: 'WearModel',
    params: '{"shrink":"0.9"}',
    fields: ['wear:number', 'temperature:number', 'pressure:number', 'vibration:number'],
  });
  expect(rows.results).toHaveLength(5);
  expect(first.results[0]).toMatchObject({ name: 'WearModel', version: '1' });
  const of = (words: string) =>
    answers[steps.filter(({ kind }) => kind === 'spl').findIndex(({ text }) => text.includes(words))];
  expect(of('apply wear_model').fields).toContain('expected_wear');
  expect(of('summary wear_model').results.map(({ feature }) => feature)).toContain('temperature');
  expect(of('kepler metrics').results.some(({ measured_on: on }) => on === 'holdout')).toBe(true);
  expect(of('keplerctl workbench').results[0].url).toMatch(/^http/);
  expect(of('kfold_cv').results).toHaveLength(3);
  expect((await search('| kepler versions wear_model')).results).toHaveLength(2);
  expect((await search('| kepler datasets')).results).toEqual([]);
});

const examples = readdirSync(EXAMPLES).filter((name) => name.endsWith('.ts'));

test.each(examples)('%s does what its first lines say', async (file) => {
  const text = readFileSync(join(EXAMPLES, file), 'utf8');
  const searches = [...text.matchAll(/^\/\/ {3}(\| .*)$/gm)].map(([, spl]) => spl);
  expect(searches.length).toBeGreaterThanOrEqual(2);
  copyFileSync(join(EXAMPLES, file), join(sources, file));
  const served = await kepler.template(basename(file, '.ts'), 'version', /\d/);
  expect(served.error ?? '').toBe('');
  const last = [];
  for (const spl of searches) last.push(await search(spl));
  for (const { results } of last) expect(results.length).toBeGreaterThan(0);
  if (file === 'SeasonalForecast.ts') expect(Number(last[1].results[0].r2_score)).toBeGreaterThan(0.6);
  if (file === 'RobustOutliers.ts') expect(last[1].fields).toContain('outlier_field');
  if (file === 'PageRank.ts') expect(last[2].results[0].node).toBe('database');
});
