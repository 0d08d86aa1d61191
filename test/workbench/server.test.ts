import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../eventually.ts';
import { killAll } from '../server/program.ts';
import { AUTHOR, BASE, Bench, Caller, OWN, named } from './harness.ts';

jest.setTimeout(180_000);
afterAll(killAll);

const bench = new Bench();
let ann: Caller;
beforeAll(async () => {
  await bench.start();
  ann = await bench.signIn();
});
afterAll(() => bench.stop());

describe('without a link there is no workbench', () => {
  const nobody = () => new Caller(bench.url, '');

  test.each(['', 'assets/workbench.js', 'open', 'open?token=x', 'open?token=a.1.b'])(
    '/workbench/%s is refused with the way to get a link',
    async (path) => {
      const reply = await nobody().get(path);
      expect(reply.status).toBe(401);
      expect(reply.headers['content-type']).toMatch(/^text\/html/);
      expect(reply.body.toString()).toContain('| keplerctl workbench');
      expect(reply.headers['content-security-policy']).toMatch(/default-src 'none'.*frame-ancestors 'none'/);
    },
  );

  test.each(['api/me', 'api/templates', 'api/sources/Mine.ts', 'api/data', 'api/runs/x/events'])(
    '/workbench/%s is refused',
    async (path) => {
      const reply = await nobody().get(path);
      expect([reply.status, reply.json.error.code]).toEqual([401, 'unauthenticated']);
    },
  );

  test('a link is for whoever may write templates', async () => {
    const reply = await bench.askForLink({ roles: ['power'] });
    expect(reply.status).toBe(403);
    expect(reply.json.error.message).toMatch(/edit_kepler_templates.*power.*kepler_author/);
  });

  test('a link is good once', async () => {
    const { url, local, expires } = (await bench.askForLink()).json;
    expect(url.startsWith(`${bench.url}/workbench/open?token=`)).toBe(true);
    expect(local).toBe(true);
    expect(expires - Date.now() / 1000).toBeGreaterThan(200);
    const { reply, cookie } = await bench.open(url);
    expect(reply.status).toBe(200);
    expect([reply.headers['set-cookie']].flat()[0]).toMatch(/; HttpOnly; SameSite=Strict$/);
    expect((await new Caller(bench.url, cookie).get('api/me')).json).toMatchObject({ user: 'ann' });
    const again = await bench.open(url);
    expect([again.reply.status, again.cookie]).toEqual([401, '']);
    expect(again.reply.body.toString()).toContain('was used already');
  });

  test('a link that was altered opens nothing, and is not used up by it', async () => {
    const { url } = (await bench.askForLink()).json;
    const [id, until, signature] = new URL(url).searchParams.get('token')!.split('.');
    const base = url.slice(0, url.indexOf('token='));
    for (const token of [
      `${id}.${Number(until) + 60_000}.${signature}`,
      `${id}.${until}.${signature.slice(0, -1)}x`,
      `${id}.${until}.`,
      id,
    ]) {
      expect((await bench.open(`${base}token=${token}`)).reply.status).toBe(401);
    }
    expect((await bench.open(url)).reply.status).toBe(200);
  });

  test('leaving ends the session', async () => {
    const other = await bench.signIn();
    expect((await other.post('api/leave')).status).toBe(200);
    expect((await other.get('api/me')).status).toBe(401);
  });

  test('neither token nor cookie is written into a log', async () => {
    const { url } = (await bench.askForLink()).json;
    const { cookie } = await bench.open(url);
    const written =
      JSON.stringify(bench.program.lines()) + readFileSync(join(bench.home, 'state/audit.log'), 'utf8');
    expect(written).not.toContain(new URL(url).searchParams.get('token'));
    expect(written).not.toContain(cookie.split('=')[1]);
  });
});

describe('another site', () => {
  test.each([
    ['another origin', { ...OWN, origin: 'https://evil.example' }],
    ['this host by another name', { ...OWN, origin: 'http://localhost:1' }],
    ['no origin', { origin: 'null', ...OWN }],
    ['a form', {}],
    ['a site that hides its origin', { ...OWN, 'sec-fetch-site': 'cross-site' }],
  ])('changes nothing: %s', async (_what, headers) => {
    const reply = await ann.send('POST', 'api/sources', { name: 'Evil', language: 'typescript' }, headers);
    expect([reply.status, reply.json.error.code]).toEqual([403, 'forbidden']);
    expect(existsSync(join(bench.folder, 'Evil.ts'))).toBe(false);
  });

  test('reads nothing', async () => {
    const reply = await ann.get('api/templates', { origin: 'https://evil.example' });
    expect(reply.status).toBe(403);
    expect((await ann.get('api/templates', { 'sec-fetch-site': 'same-site' })).status).toBe(403);
    expect((await ann.get('api/templates', { 'sec-fetch-site': 'same-origin' })).status).toBe(200);
  });
});

describe('sources', () => {
  test('are made from the base, saved, and served like a file that any editor has saved', async () => {
    const made = await ann.post('api/sources', { name: 'Fresh', language: 'typescript' });
    expect([made.status, made.json.text]).toEqual([201, named('Fresh')]);
    expect(readFileSync(join(bench.folder, 'Fresh.ts'), 'utf8')).toBe(named('Fresh'));
    const text = named('Fresh').replace('default: 1', 'default: 0.5');
    const saved = await ann.send('PUT', 'api/sources/Fresh.ts', { text, etag: made.json.etag });
    expect(saved.status).toBe(200);
    expect((await ann.get('api/sources/Fresh.ts')).json).toEqual({
      file: 'Fresh.ts',
      text,
      etag: saved.json.etag,
    });
    const served = async () => {
      const list = (await ann.get('api/templates')).json as { name: string; version?: number }[];
      return list.find(({ name }) => name === 'Fresh');
    };
    while ((await served())?.version === undefined) await new Promise((done) => setTimeout(done, 50));
    expect(await served()).toMatchObject({ file: 'Fresh.ts', language: 'typescript', kind: 'regressor' });
    expect(readdirSync(bench.folder)).toEqual(['Fresh.ts']);
  });

  test('are not overwritten by who has not seen the last change', async () => {
    const { etag } = (await ann.post('api/sources', { name: 'Shared', language: 'typescript' })).json;
    const bob = await bench.signIn({ ...AUTHOR, sub: 'bob' });
    const text = `${named('Shared')}// bob\n`;
    expect((await bob.send('PUT', 'api/sources/Shared.ts', { text, etag })).status).toBe(200);
    const late = await ann.send('PUT', 'api/sources/Shared.ts', { text: 'mine', etag });
    expect([late.status, late.json.error.code]).toEqual([412, 'source_changed']);
    const blind = await ann.send('PUT', 'api/sources/Shared.ts', { text: 'mine' });
    expect([blind.status, blind.json.error.code]).toEqual([409, 'source_exists']);
    expect(readFileSync(join(bench.folder, 'Shared.ts'), 'utf8')).toBe(text);
    const twice = await ann.post('api/sources', { name: 'Shared', language: 'typescript' });
    expect(twice.json.error.code).toBe('source_exists');
  });

  test.each(['..%2Fkeys%2Fx.ts', '.hidden.ts', 'a%2Fb.ts', 'x.txt', '1x.ts', 'x%00.ts'])(
    'lie in the folder alone: %s',
    async (file) => {
      const reply = await ann.send('PUT', `api/sources/${file}`, { text: 'x' });
      expect([400, 404]).toContain(reply.status);
      expect((await ann.get(`api/sources/${file}`)).status).toBe(reply.status);
    },
  );

  test('have no name of a built-in algorithm', async () => {
    const reply = await ann.post('api/sources', { name: 'LinearRegression', language: 'typescript' });
    expect(reply.json.error.message).toMatch(/built-in/);
  });

  test('are checked as one types, each mistake with its place', async () => {
    const text = 'const a = 1;\nconst b = a +* 2;\n';
    const { json } = await ann.post('api/check', { file: 'Mine.ts', text });
    expect(json.problems[0]).toMatchObject({ severity: 'error', line: 2, column: 14 });
    expect((await ann.post('api/check', { file: 'Mine.ts', text: BASE })).json.problems).toEqual([]);
  });

  test('tell their options for the form', async () => {
    const { json } = await ann.post('api/describe', { file: 'Mine.ts', text: named('Mine') });
    expect(json).toMatchObject({ name: 'Mine', kind: 'regressor', options: { shrink: { default: 1 } } });
  });
});

describe('a run', () => {
  test('fits, applies and summarises the text as it stands, without publishing it', async () => {
    const text = named('Trial').replace(
      '  summary({ features',
      '  explain: ({ weights }, { columns }) => ({ first: columns[0].map((x) => x * weights[0]) }),\n\n  summary({ features',
    );
    const { result, events } = await ann.run({
      file: 'Trial.ts',
      text,
      target: 'wear',
      features: ['temperature', 'pressure', 'vibration', 'site'],
      options: { shrink: '0.5' },
    });
    expect(result).toMatchObject({
      state: 'done',
      rows: 400,
      trainedRows: 392,
      made: 1,
      measuredOn: 'training',
    });
    expect(result.metrics!.r2).toBeGreaterThan(0);
    expect(result.table!.fields.at(-1)).toBe('predicted(wear)');
    expect(result.table!.rows).toHaveLength(100);
    // A row with a missing value has no prediction.
    expect(result.table!.rows.filter((row) => row.at(-1) === null)).toHaveLength(2);
    expect(result.explained!.fields).toEqual(['#', 'first']);
    expect(result.explained!.rows).toHaveLength(98);
    expect(result.summary!.fields).toEqual(['feature', 'weight']);
    expect(result.plots!.map(({ name }) => name)).toEqual(['predicted', 'residuals']);
    expect(result.timing.map(({ stage }) => stage)).toEqual(
      expect.arrayContaining(['checking the source', 'init', 'fit', 'apply', 'summary']),
    );
    expect(result.logs).toMatchObject([{ level: 'info', text: 'fitted', fields: { features: 6 } }]);
    expect(events.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['stage', 'log', 'end']));
    const list = (await ann.get('api/templates')).json as { name: string }[];
    expect(list.map(({ name }) => name)).not.toContain('Trial');
    expect(readdirSync(join(bench.home, 'state/workbench/runs'))).toEqual([]);
    expect((await ann.get('api/runs?file=Trial.ts')).json).toMatchObject([{ run: result.run }]);
  });

  test('of a template that throws says where', async () => {
    const text = named('Thrower').replace('const centre', "throw new Error('no luck');\n    const centre");
    const { result } = await ann.run({ file: 'Thrower.ts', text, target: 'wear' });
    expect(result).toMatchObject({ state: 'failed', failure: { code: 'template_failed', line: 35 } });
    expect(result.failure!.message).toContain('no luck');
  });

  test('that cannot be says what is wrong with the question', async () => {
    const { result } = await ann.run({ file: 'Asked.ts', text: named('Asked'), options: { shrnk: '1' } });
    expect(result.failure!.message).toMatch(/needs the field to predict.*|shrnk.*shrink/);
    const unknown = await ann.run({
      file: 'Asked.ts',
      text: named('Asked'),
      data: 'nothing',
      target: 'wear',
    });
    expect(unknown.result.failure!.code).toBe('dataset_not_found');
  });

  test('of a template that loops is stopped, and its process with it', async () => {
    const text = named('Looper').replace('const centre', 'for (;;);\n    const centre');
    const { run } = (await ann.start({ file: 'Looper.ts', text, target: 'wear' })).json;
    const second = await ann.start({ file: 'Looper.ts', text, target: 'wear' });
    expect([second.status, second.json.error.code]).toEqual([429, 'queue_full']);
    const bob = await bench.signIn({ ...AUTHOR, sub: 'bob' });
    expect((await bob.post(`api/runs/${run}/stop`)).status).toBe(404);
    // Only once it loops is there a process to end.
    while (templateProcesses(bench.program.process.pid!) === 0)
      await new Promise((done) => setTimeout(done, 50));
    expect((await ann.post(`api/runs/${run}/stop`)).status).toBe(202);
    expect((await ann.end(run)).result.state).toBe('stopped');
    while (templateProcesses(bench.program.process.pid!) > 0)
      await new Promise((done) => setTimeout(done, 50));
    expect((await ann.run({ file: 'Looper.ts', text: named('Looper'), target: 'wear' })).result.state).toBe(
      'done',
    );
  });
});

describe('publishing', () => {
  test('makes the next version after a run on the data, and says where one that fails is wrong', async () => {
    const broken = named('Goods').replace(
      'const centre',
      "if (features.rows > 0) throw new Error('not yet');\n    const centre",
    );
    const refused = await ann.post('api/publish', {
      file: 'Goods.ts',
      text: broken,
      data: '*sample',
      target: 'wear',
      features: [],
      options: {},
    });
    expect(refused.status).toBe(422);
    expect(refused.json.error.details.problems).toMatchObject([{ line: 35 }]);
    expect(existsSync(join(bench.folder, 'Goods.ts'))).toBe(false);
    const text = named('Goods');
    const good = await ann.post('api/publish', { file: 'Goods.ts', text, data: '*sample', target: 'wear', features: [], options: {} }); // prettier-ignore
    expect(good.json).toMatchObject({ name: 'Goods', version: 1, changed: true });
    expect(readFileSync(join(bench.folder, 'Goods.ts'), 'utf8')).toBe(text);
    const { etag } = good.json;
    const same = await ann.post('api/publish', { file: 'Goods.ts', text, etag });
    expect(same.json).toEqual({ name: 'Goods', version: 1, changed: false, etag });
    const other = text.replace('default: 1', 'default: 0.5');
    await ann.send('PUT', 'api/sources/Goods.ts', { text: `${other}// by another\n`, etag });
    const stale = await ann.post('api/publish', { file: 'Goods.ts', text: other, etag });
    expect([stale.status, stale.json.error.code]).toEqual([412, 'source_changed']);
    const history = (await ann.get('api/history/Goods')).json;
    expect(history.versions.at(-1)).toMatchObject({ version: 1 });
    expect(history).toMatchObject({ commits: [], note: 'The folder of templates is in no git repository.' });
    expect((await ann.get('api/history/Goods/versions/1')).json.text).toBe(text);
    // One that works on these fields alone is tried on them again when another editor changes it.
    const only = text
      .replace("'Goods'", "'Only'")
      .replace(
        'const centre',
        "if (!features.names.includes('temperature')) throw new Error('which?');\n    const centre",
      );
    await ann.post('api/publish', { file: 'Only.ts', text: only, data: '*sample', target: 'wear', features: [], options: {} }); // prettier-ignore
    writeFileSync(join(bench.folder, 'Only.ts'), only.replace('default: 1', 'default: 2'));
    const entry = async () =>
      (await ann.get('api/templates')).json.find(({ name }: { name: string }) => name === 'Only');
    await until(async () => (await entry()).version === 2 || (await entry()).error !== undefined);
    expect(await entry()).toMatchObject({ version: 2 });
    const audit = readFileSync(join(bench.home, 'state/audit.log'), 'utf8');
    expect(audit).toMatch(/"verb":"template publish","name":"Goods.ts".*"outcome":"done"/);
  });
});

/** Processes of templates below the runtime's. */
function templateProcesses(runtime: number): number {
  return readdirSync('/proc')
    .filter((pid) => /^\d+$/.test(pid))
    .filter((pid) => {
      try {
        const status = readFileSync(`/proc/${pid}/stat`, 'latin1');
        const parent = status.slice(status.lastIndexOf(')') + 2).split(' ')[1];
        return (
          Number(parent) === runtime &&
          readFileSync(`/proc/${pid}/cmdline`, 'latin1').includes('template-host.mjs')
        );
      } catch {
        return false;
      }
    }).length;
}
