import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatasetStore } from '../../container/registry/datasets/dataset-store.ts';
import type { DatasetDraft } from '../../container/registry/datasets/types.ts';
import { sampleTable } from '../../container/workbench/sample-table.ts';
import { killAll } from '../server/program.ts';
import { PYTHON } from '../onnx/python.ts';
import { withPython } from '../templates/python/harness.ts';
import { AUTHOR, BASE, Bench, named } from './harness.ts';

jest.setTimeout(180_000);
const benches: Bench[] = [];
/** For what needs no runtime of its own. */
let bench: Bench;
beforeAll(async () => (bench = await new Bench().start({ KEPLER_PYTHON: PYTHON })));
afterEach(() => Promise.all(benches.splice(0).map((one) => one.stop())));
afterAll(async () => {
  await bench.stop();
  killAll();
});

const start = async (environment: Record<string, string> = {}): Promise<Bench> => {
  const one = new Bench();
  benches.push(one);
  return one.start(environment);
};

test('a runtime in mode prod has no workbench, and says what has one', async () => {
  const bench = await start({ KEPLER_MODE: 'prod' });
  const { status, json } = await bench.askForLink();
  expect([status, json.error.code]).toEqual([409, 'workbench_unavailable']);
  expect(json.error.message).toMatch(/KEPLER_MODE=dev.*mode = dev in kepler\.conf/);
  const { reply } = await bench.open(`${bench.url}/workbench/`);
  expect(reply.status).toBe(404);
});

test('where no browser can come, the link says what to do; with public_url it is for that address alone', async () => {
  const bench = new Bench();
  benches.push(bench);
  await bench.start({ KEPLER_LISTEN: `unix:${bench.home}/r.sock` });
  const { status, json } = await bench.askForLink();
  expect(status).toBe(409);
  expect(json.error.message).toMatch(/listens on unix:.*public_url = https:/);
  const link = (await bench.askForLink(AUTHOR, { publicUrl: 'https://ml.example.com/kepler/' })).json;
  expect(link.url).toMatch(/^https:\/\/ml\.example\.com\/kepler\/workbench\/open\?token=/);
  expect(link.local).toBe(false);
  const { reply, cookie } = await bench.open(link.url.replace('/kepler/', '/'));
  expect([reply.headers['set-cookie']].flat()[0]).toMatch(/; HttpOnly; Secure; SameSite=Strict$/);
  const from = async (origin: string) => {
    const { ask } = await import('../server/harness.ts');
    return (await ask(bench.url, '/workbench/api/me', { headers: { cookie, origin } })).status;
  };
  expect(await from('https://ml.example.com')).toBe(200);
  expect(await from('https://other.example.com')).toBe(403);
  for (const publicUrl of ['ftp://x', 'https://x?y', 'https://a@b', 'javascript:1']) {
    expect((await bench.askForLink(AUTHOR, { publicUrl })).status).toBe(400);
  }
});

test('a data set that was staged is offered with what it was staged for, and to nobody else', async () => {
  const table = sampleTable();
  const draft: DatasetDraft = {
    expiresAt: new Date(Date.now() + 86_400_000).toISOString(),
    user: 'ann',
    app: 'search',
    sid: '1.2',
    fields: table.columns.map(({ name, kind }) => ({
      name,
      kind,
      role: name === 'wear' ? 'target' : 'feature',
      nulls: 0,
    })),
    template: 'Pumps',
    options: { shrink: '0.25' },
    spec: {
      algorithm: 'Pumps',
      mode: 'stage',
      options: { shrink: '0.25' },
      targets: ['wear'],
      fields: ['*'],
      by: [],
      apply: true,
      partialFit: false,
      promote: true,
    },
  };
  const store = new DatasetStore(join(bench.home, 'state/datasets'));
  for (const owner of ['ann', 'bob'])
    await store.put({ namespace: 'user', owner, name: `of_${owner}` }, { ...draft, user: owner }, table);
  const ann = await bench.signIn();
  const data = (await ann.get('api/data')).json as { id: string }[];
  expect(data.map(({ id }) => id)).toEqual(['*sample', 'of_ann@1']);
  expect(data[1]).toMatchObject({
    template: 'Pumps',
    target: 'wear',
    options: { shrink: '0.25' },
    rows: 400,
  });
  const { result } = await ann.run({
    file: 'Pumps.ts',
    text: named('Pumps'),
    data: 'of_ann@1',
    target: 'wear',
    features: ['temperature'],
    holdout: 0.2,
  });
  expect(result).toMatchObject({ state: 'done', measuredOn: 'holdout', rows: 400 });
  expect(result.summary!.rows.map(([name]) => name)).toEqual(['temperature', '_constant']);
  const others = await ann.run({ file: 'Pumps.ts', text: named('Pumps'), data: 'of_bob', target: 'wear' });
  expect(others.result.failure!.code).toBe('dataset_not_found');
});

test('git is the history where the folder is a repository, and none of its programs is run', async () => {
  const { folder } = bench;
  const marker = join(bench.home, 'was-run');
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', folder, '-c', 'user.name=Ann', '-c', 'user.email=a@example.com', ...args]);
  mkdirSync(folder, { recursive: true });
  git('init', '-q');
  git('config', 'core.fsmonitor', `touch ${marker}`);
  git('config', 'diff.evil.textconv', `touch ${marker};cat`);
  writeFileSync(join(folder, '.gitattributes'), '*.ts diff=evil\n');
  for (const [n, text] of [BASE, `${BASE}// two\n`].entries()) {
    writeFileSync(join(folder, 'base.ts'), text);
    git('-c', 'core.fsmonitor=false', 'add', 'base.ts');
    git('-c', 'core.fsmonitor=false', 'commit', '-q', '-m', `Version ${n + 1} | of it`);
  }
  const ann = await bench.signIn();
  const { commits } = (await ann.get('api/history/base')).json;
  expect(commits).toMatchObject([
    { subject: 'Version 2 | of it', author: 'Ann' },
    { subject: 'Version 1 | of it' },
  ]);
  expect((await ann.get(`api/history/base/commits/${commits[1].commit}`)).json).toEqual({ text: BASE });
  expect((await ann.get('api/history/base/commits/--output=x')).status).toBe(400);
  expect(() => execFileSync('ls', [marker], { stdio: 'ignore' })).toThrow();
});

withPython('a template in Python is made, checked with its imports, and run', async () => {
  const ann = await bench.signIn();
  const { file, text } = (await ann.post('api/sources', { name: 'Snake', language: 'python' })).json;
  expect(file).toBe('Snake.py');
  // In a folder of its name, with a module beside it.
  mkdirSync(join(bench.folder, 'Nest'));
  writeFileSync(join(bench.folder, 'Nest/helper.py'), 'SHRINK = 1\n');
  writeFileSync(join(bench.folder, 'Nest/Nest.py'), `from helper import SHRINK\n${text}`);
  const list = (await ann.get('api/templates')).json as { name: string; file: string }[];
  expect(list.map((one) => one.file)).toEqual(expect.arrayContaining(['Nest/Nest.py', 'Snake.py']));
  const nest = await ann.get('api/sources/Nest%2FNest.py');
  expect(nest.json.text).toMatch(/^from helper/);
  const nested = { file: 'Nest/Nest.py', text: nest.json.text };
  expect((await ann.post('api/check', nested)).json.problems).toEqual([]);
  expect((await ann.run({ ...nested, target: 'wear' })).result.state).toBe('done');
  const check = async (source: string) => (await ann.post('api/check', { file, text: source })).json;
  expect(await check(text)).toEqual({ problems: [], checked: ['syntax', 'imports'] });
  expect((await check('x = 1\ndef f(:\n  pass\n')).problems).toMatchObject([{ severity: 'error', line: 2 }]);
  expect((await check(`${text}\nimport no_such_thing\n`)).problems).toMatchObject([
    { message: expect.stringMatching(/no module no_such_thing here.*Snake\.requirements\.txt/) },
  ]);
  const { result } = await ann.run({ file, text, target: 'wear', options: { shrink: '0.5' } });
  expect(result).toMatchObject({ state: 'done', made: 1 });
  expect(result.logs).toMatchObject([{ text: 'fitted' }]);
});
