import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Kepler } from './kepler.ts';

const kepler = new Kepler();

/** Two clusters of points that a straight line parts; one row without a value. */
function points(): (string | number)[][] {
  const rows: (string | number)[][] = [['x 1', 'ü', 'kind', 'id']];
  for (let i = 0; i < 40; i++) {
    const far = i % 2 === 0;
    rows.push([(far ? 10 : 1) + i / 40, (far ? 8 : 2) - i / 50, far ? 'far' : 'near', `r${i}`]);
  }
  rows.push(['', 3, 'near', 'null']);
  return rows;
}

beforeAll(async () => {
  kepler.lookup('points.csv', points());
  await kepler.start();
});
afterAll(() => kepler.clean());

const models = async (user?: string) => (await kepler.search('| listmodels', user)).results;

test('fit gives every row back in order with a prediction, none where a value is missing', async () => {
  const { status, fields, results } = await kepler.search(
    '| inputlookup points.csv | fit LogisticRegression kind from "x 1" ü into side',
  );
  expect(status).toBe(0);
  expect(fields).toEqual(['x 1', 'ü', 'kind', 'id', 'predicted(kind)']);
  expect(results.map((row) => row.id)).toEqual(
    points()
      .slice(1)
      .map((row) => row[3]),
  );
  expect(results.slice(0, 40).every((row) => row['predicted(kind)'] === row.kind)).toBe(true);
  expect(results[40]['predicted(kind)']).toBe('');
});

test('apply says the same, also from another process, under another name and joined with all fields', async () => {
  const { results, fields } = await kepler.search('| inputlookup points.csv | apply side as guess');
  expect(fields).toEqual(['x 1', 'ü', 'kind', 'id', 'guess']);
  expect(results.filter((row) => row.guess === row.kind)).toHaveLength(40);
});

test('score and summary', async () => {
  const { results } = await kepler.search(
    '| inputlookup points.csv | apply side | score accuracy_score kind against "predicted(kind)"',
  );
  expect(results).toEqual([
    { 'Actual field': 'kind', 'Predicted field': 'predicted(kind)', accuracy_score: '1' },
  ]);
  const summary = await kepler.search('| summary side');
  expect(summary.fields).toEqual(expect.arrayContaining(['feature', 'coefficient', 'class']));
  expect(summary.results.map((row) => row.feature)).toEqual(
    expect.arrayContaining(['x 1', 'ü', '_intercept']),
  );
});

test('a refit makes version 2, and version 1 still answers', async () => {
  await kepler.search('| inputlookup points.csv | eval y=id | fit LinearRegression ü from "x 1" into line');
  await kepler.search('| inputlookup points.csv | eval ü=1 | fit LinearRegression ü from "x 1" into line');
  const first = async (model: string) =>
    Number((await kepler.search(`| inputlookup points.csv | head 1 | apply ${model} as p`)).results[0].p);
  expect(await first('line')).toBeCloseTo(1, 9);
  expect(await first('line@2')).toBeCloseTo(1, 9);
  expect(await first('line@champion')).toBeCloseTo(1, 9);
  expect(await first('line@1')).toBeGreaterThan(5);
  expect((await models()).find((row) => row.name === 'line')).toMatchObject({
    version: '2',
    versions: ['1', '2'],
  });
  expect((await kepler.search('| inputlookup points.csv | apply line@3')).messages[0].text).toMatch(/3/);
});

test('several steps in one search, and the models one after another', async () => {
  const fitted = await kepler.search(
    '| inputlookup points.csv | fit StandardScaler "x 1" ü into s | fit PCA SS_* k=2 into p | fit KMeans PC_* k=2 random_state=1 into c | table id cluster',
  );
  expect(fitted.status).toBe(0);
  const applied = await kepler.search(
    '| inputlookup points.csv | apply s | apply p | apply c | table id cluster',
  );
  expect(applied.results).toEqual(fitted.results);
  expect(new Set(applied.results.slice(0, 40).map((row) => row.cluster)).size).toBe(2);
});

test('the commands with a k are there in other apps, the plain ones are not', async () => {
  const inSearch = (spl: string) =>
    kepler.run('search', '--lookups', kepler.lookups, '--app', 'search', '--format', 'json', spl);
  expect((await inSearch('| inputlookup points.csv | kapply side | head 1')).status).toBe(0);
  const { status, stdout } = await inSearch('| inputlookup points.csv | apply side');
  expect(status).toBe(1);
  expect(stdout).toContain("Unknown search command 'apply'");
});

test.each([
  ['fit LogisticRegresion kind from ü into bad', /LogisticRegresion.*LogisticRegression/s],
  ['fit LogisticRegression kind from ü into bad nosuch=1', /nosuch/],
  ['fit LogisticRegression absent from ü into bad', /absent/],
  ['fit LogisticRegression kind from absent into bad', /absent|feature/],
  ['fit LinearRegression kind from ü into bad', /kind/],
  ['apply nobody', /nobody/],
  ['score nosuch kind against id', /nosuch/],
])('%s: one message that names it, status 1, and no model', async (command, problem) => {
  const before = await models();
  const { status, results, messages } = await kepler.search(`| inputlookup points.csv | ${command}`);
  const errors = messages.filter(({ type }) => type === 'ERROR');
  expect(errors).toHaveLength(1);
  expect(errors[0].text).toMatch(problem);
  expect([status, results]).toEqual([1, []]);
  expect(await models()).toEqual(before);
});

test('two users have models of one name, and neither sees the other’s', async () => {
  await kepler.search('| inputlookup points.csv | fit LinearRegression ü from "x 1" into mine', 'analyst');
  await kepler.search(
    '| inputlookup points.csv | eval ü=7 | fit LinearRegression ü from "x 1" into mine',
    'viewer',
  );
  const predict = async (user: string) =>
    Number((await kepler.search('| inputlookup points.csv | head 1 | apply mine as p', user)).results[0]?.p);
  expect(await predict('viewer')).toBeCloseTo(7, 9);
  expect(await predict('analyst')).not.toBeCloseTo(7, 1);
  expect((await kepler.search('| inputlookup points.csv | apply mine', 'stranger')).status).toBe(1);
  expect((await models('stranger')).filter((row) => row.name === 'mine')).toEqual([]);
});

test('a model of the app is made by who may write the app, and read by all', async () => {
  const refused = await kepler.search(
    '| inputlookup points.csv | fit LinearRegression ü from "x 1" into app:shared',
    'viewer',
  );
  expect(refused.status).toBe(1);
  const made = await kepler.search(
    '| inputlookup points.csv | fit LinearRegression ü from "x 1" into app:shared',
    'admin',
  );
  expect(made.status).toBe(0);
  expect((await kepler.search('| inputlookup points.csv | apply app:shared', 'viewer')).status).toBe(0);
  expect((await kepler.search('| inputlookup points.csv | apply shared', 'viewer')).status).toBe(0);
});

test('deletemodel', async () => {
  await kepler.search('| inputlookup points.csv | fit LinearRegression ü from "x 1" into gone');
  expect((await kepler.search('| deletemodel gone')).status).toBe(0);
  expect((await models()).filter((row) => row.name === 'gone')).toEqual([]);
  expect((await kepler.search('| inputlookup points.csv | apply gone')).status).toBe(1);
});

test('multivalue cells of a lookup pass through a command as they are', async () => {
  writeFileSync(join(kepler.lookups, 'mv.csv'), 'n,tags,"__mv_tags"\n1,"a\nb$","$a$;$b$$$"\n2,c,\n4,,\n');
  const scaled = await kepler.search('| inputlookup mv.csv | fit StandardScaler n | table n tags SS_n');
  expect(scaled.results.map((row) => row.tags)).toEqual([['a', 'b$'], 'c', '']);
});

test('odd field names go through fit and apply', async () => {
  const odd = ['a "b"', 'from', 'c,d', 'e=f', 'two\nlines', '🐧'];
  kepler.lookup('odd.csv', [
    [...odd, 'y'],
    ...[1, 2, 3, 5, 8].map((n) => [...odd.map((_, i) => n * (i + 1)), n * 3]),
  ]);
  const quoted = odd.map((name) => `"${name.replaceAll('"', '\\"')}"`).join(' ');
  const fit = await kepler.search(`| inputlookup odd.csv | fit LinearRegression y from ${quoted} into odd`);
  expect(fit.messages.filter(({ type }) => type === 'ERROR')).toEqual([]);
  expect(fit.fields).toEqual([...odd, 'y', 'predicted(y)']);
  const apply = await kepler.search('| inputlookup odd.csv | apply odd | table y "predicted(y)"');
  for (const row of apply.results) expect(Number(row['predicted(y)'])).toBeCloseTo(Number(row.y), 6);
});

test('an option may come from a subsearch, and summary stands in one', async () => {
  const { results } = await kepler.search(
    '| inputlookup points.csv | fit KMeans "x 1" ü [| makeresults | eval k=3 | return k] random_state=1 | stats dc(cluster) as k',
  );
  expect(results).toEqual([{ k: '3' }]);
  const joined = await kepler.search(
    '| makeresults | eval feature="x 1" | join feature [summary side] | table coefficient',
  );
  expect(joined.results).toHaveLength(1);
});

test('a model a group is fitted, joined by its summary and applied, all by the same fields', async () => {
  const fit = await kepler.search(
    '| inputlookup points.csv | fit StandardScaler ü by "kind" into usual | stats avg(SS_ü) as mean by kind | sort kind',
  );
  expect(fit.results.map(({ kind }) => kind)).toEqual(['far', 'near']);
  for (const { mean } of fit.results) expect(Number(mean)).toBeCloseTo(0, 9);
  const apply = await kepler.search(
    '| inputlookup points.csv | head 3 | eval kind=if(id="r2","none",kind) | join type=left kind [summary usual] | apply usual | table kind mean SS_ü',
  );
  expect(apply.results.map(({ kind, mean, SS_ü }) => [kind, mean !== '', SS_ü !== ''])).toEqual([
    ['far', true, true],
    ['near', true, true],
    ['none', false, false],
  ]);
  expect(apply.messages.map(({ text }) => text)).toEqual([
    expect.stringMatching(/^1 row is of a group \(by "kind"\) that the model "usual" does not have/),
  ]);
});

test('tables and CSV go to stdout, messages to stderr', async () => {
  const csv = await kepler.run('search', '--format', 'csv', '| makeresults count=2 | eval a="x,y" | table a');
  expect(csv).toEqual({ status: 0, stdout: 'a\n"x,y"\n"x,y"\n', stderr: '' });
  const failed = await kepler.run('search', '| nosuch');
  expect(failed).toMatchObject({
    status: 1,
    stdout: '',
    stderr: expect.stringContaining("ERROR Unknown search command 'nosuch'"),
  });
});

test('nothing is left of searches: no dispatch folder, no spool', () => {
  const { splunkHome } = kepler.info;
  expect(readdirSync(join(splunkHome, 'var/run/splunk/dispatch'))).toEqual([]);
  expect(readFileSync(join(splunkHome, 'etc/apps/kepler/local/kepler.conf'), 'utf8')).toContain(
    'url = unix:///',
  );
});
