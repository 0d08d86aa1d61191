import { spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NOUNS } from '../../container/contract/catalogue/nouns.ts';
import { writeCode } from '../../container/contract/enrolment.ts';
import { fieldsOf } from '../../container/contract/catalogue/usage.ts';
import { parseConf } from '../../splunk_app/src/bridge/conf-file.ts';
import { Kepler } from './kepler.ts';

// Each search is two processes; on a machine with much else to do they take seconds.
jest.setTimeout(600_000);

const kepler = new Kepler();

beforeAll(async () => {
  kepler.lookup('points.csv', [
    ['x', 'y', 'kind'],
    ...Array.from({ length: 60 }, (_, i) => [i % 2 ? i : -i, i, i % 2 ? 'odd' : 'even']),
  ]);
  await kepler.start();
});
afterAll(() => kepler.clean());

/** Rows of a search, which must not fail. */
async function rows(spl: string, user = 'ana') {
  const found = await kepler.search(spl, user);
  if (found.status !== 0) throw new Error(found.messages.map(({ text }) => text).join(' ') || found.stderr);
  return found.results;
}
/** The message of a search that must fail. */
async function refusal(spl: string, user = 'ana'): Promise<string> {
  const { status, messages } = await kepler.search(spl, user);
  expect(status).not.toBe(0);
  return messages.map(({ text }) => text).join(' ');
}
const fit = (into: string, user = 'ana') =>
  rows(`| inputlookup points.csv | kfit LogisticRegression kind from x y into ${into}`, user);
const folder = (path: string) => join(kepler.state, path);

test('models, versions, metrics and runs show what a fit made, to those who may see it', async () => {
  await fit('parity');
  await fit('parity');
  await rows('| inputlookup points.csv | kapply parity');
  await rows('| ksummary parity');
  const [model, ...more] = await rows('| kepler models');
  expect(more).toEqual([]);
  expect(Object.keys(model)).toEqual(NOUNS[0].fields.map(({ name }) => name));
  expect(model).toMatchObject({
    reference: 'parity',
    champion: '2',
    health: 'healthy',
    owner: 'ana',
    may_write: 'true',
  });
  expect(await rows('| kepler models', 'user')).toEqual([]);
  expect(await rows('| kepler models', 'admin')).toMatchObject([{ reference: 'parity', owner: 'ana' }]);
  expect(await rows('| kepler versions parity')).toMatchObject([
    { version: '2', aliases: 'champion', state: 'whole', rows: '60', user: 'ana' },
    { version: '1' },
  ]);
  const metrics = await rows('| kepler metrics parity@1');
  expect(metrics.filter(({ main }) => main === 'true')).toHaveLength(1);
  const kinds = (await rows('| kepler runs parity')).map(({ kind, status, user }) => [kind, status, user]);
  expect(kinds).toEqual([
    ['summary', 'ok', 'ana'],
    ['apply', 'ok', 'ana'],
    ['fit', 'ok', 'ana'],
    ['fit', 'ok', 'ana'],
  ]);
  expect(await rows('| kepler runs parity span=1h')).toMatchObject([{ searches: '4', errors: '0' }]);
  expect(await rows('| kepler jobs')).toEqual([]);
  expect((await rows('| kepler templates')).length).toBeGreaterThan(10);
  expect(await refusal('| kepler versions parity', 'user')).toMatch(
    /There is no model "parity" of the user "user"/,
  );
});

test('the ONNX file comes back in parts', async () => {
  const parts = await rows('| kepler versions parity@1 file=onnx');
  const bytes = Buffer.concat(parts.map(({ base64 }) => Buffer.from(String(base64), 'base64')));
  expect(bytes).toEqual(readFileSync(folder('runtime/models/user/ana/parity/versions/1/model.onnx')));
});

test('mistyped words are named with what was meant', async () => {
  expect(await refusal('| kepler modles')).toMatch(/Did you mean models\?/);
  expect(await refusal('| keplerctl promote parity@9')).toMatch(/no version 9; there are: 1, 2/);
});

test('changes need the model to be theirs, or the capability, and are written down', async () => {
  expect(await rows('| keplerctl promote parity@1')).toEqual([
    { object: 'parity', change: 'alias champion', before: '2', after: '1' },
  ]);
  expect(await rows('| keplerctl rollback parity')).toMatchObject([{ before: '1', after: '2' }]);
  expect(await refusal('| keplerctl delete parity owner=ana', 'user')).toMatch(/edit_kepler_models/);
  expect(await rows('| keplerctl alias parity@1 name=blue owner=ana', 'admin')).toMatchObject([
    { after: '1' },
  ]);
  expect(await refusal('| keplerctl set maxRows=10')).toMatch(/needs the capability edit_kepler_runtimes/);
  expect(await refusal('| keplerctl enrol main url=https://127.0.0.1:1 code=K1-X')).toMatch(
    /edit_kepler_runtimes/,
  );
  const audit = (path: string) =>
    readFileSync(path, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { user: string; verb: string; outcome: string });
  const runtime = audit(folder('runtime/audit.log')).map(({ user, verb, outcome }) => [user, verb, outcome]);
  expect(runtime).toEqual([
    ['ana', 'promote', 'refused'],
    ['ana', 'promote', 'done'],
    ['ana', 'rollback', 'done'],
    ['user', 'delete', 'refused'],
    ['admin', 'alias', 'done'],
  ]);
  const head = folder('splunk/var/log/splunk/kepler_audit.log');
  expect(audit(head).map(({ verb, outcome }) => [verb, outcome])).toEqual([
    ['set', 'refused'],
    ['enrol', 'refused'],
  ]);
  expect(readFileSync(head, 'utf8')).not.toContain('K1-X');
  expect(statSync(folder('runtime/audit.log')).mode & 0o777).toBe(0o600);
});

test('sharing moves a model to the app, where others may read it and not change it', async () => {
  await fit('common');
  expect(await rows('| keplerctl share common to=app', 'ana')).toMatchObject([{ object: 'app:common' }]);
  expect((await rows('| inputlookup points.csv | kapply app:common', 'user')).length).toBe(60);
  expect(await refusal('| keplerctl delete app:common', 'user')).toMatch(
    /You may not write models of the app/,
  );
  await rows('| keplerctl share app:common to=private', 'ana');
  expect(await refusal('| inputlookup points.csv | kapply app:common', 'user')).toMatch(
    /There is no model "common"/,
  );
});

test('a damaged version is listed, and hides nothing', async () => {
  await fit('sick');
  truncateSync(folder('runtime/models/user/ana/sick/versions/1/state.bin'), 3);
  const found = await rows('| kepler models');
  expect(found.map(({ name }) => name).sort()).toEqual(['common', 'parity', 'sick']);
  expect(found.find(({ name }) => name === 'sick')).toMatchObject({ health: 'failed', champion: '1' });
  await rows('| keplerctl delete sick');
  expect(await rows('| kepler models sick')).toEqual([]);
});

test('runtimes, health, settings and images are put together on the search head', async () => {
  expect(await rows('| kepler runtimes', 'user')).toMatchObject([
    { name: 'main', state: 'running', engine: 'none', may_change: 'false', queued_jobs: '0' },
  ]);
  expect(await rows('| kepler health check=runtime')).toMatchObject(
    Array(5).fill({ check: 'runtime', state: 'ok' }),
  );
  const failed = await rows('| kepler health check=runtime url=https://127.0.0.1:1');
  expect(failed.map(({ state }) => state)).toEqual(['ok', 'ok', 'failed', 'not tried', 'not tried']);
  expect(failed[2].remedy).toMatch(/Start the runtime/);
  const settings = await rows('| kepler settings');
  expect(settings.find(({ setting }) => setting === 'maxRows')).toMatchObject({
    value: '100000000',
    source: 'default',
  });
  expect(settings.find(({ setting }) => setting === 'hec.token')?.value ?? '').not.toMatch(/[0-9a-f]{8}-/);
  expect(await rows('| kepler health check=telemetry')).toMatchObject([
    { step: 'What the runtime sends', state: 'ok', message: expect.stringContaining('off') },
  ]);
  expect(await rows('| kepler jobs runtime=main')).toEqual([]);
  expect(await refusal('| kepler jobs runtime=other')).toMatch(/\[runtime:other\].* There are: main\./);
  expect(await refusal('| kepler settings maxRow')).toMatch(/no setting "maxRow"\. Did you mean maxRows\?/);
  expect(await refusal('| kepler runtimes mian')).toMatch(/Did you mean main\?/);
});

test('limits hold at once, and after a restart of the runtime', async () => {
  expect(await rows('| keplerctl set maxRows=50', 'admin')).toMatchObject([
    { object: 'maxRows', before: '100000000', after: '50' },
  ]);
  expect(await refusal('| inputlookup points.csv | kfit PCA x y k=1')).toMatch(/50/);
  expect(await refusal('| keplerctl set maxRow=50', 'admin')).toMatch(/Did you mean maxRows\?/);
  expect(JSON.parse(readFileSync(folder('runtime/settings.json'), 'utf8'))).toEqual({ maxRows: 50 });
  await rows('| keplerctl set maxRows=""', 'admin');
  await rows('| inputlookup points.csv | kfit PCA x y k=1');
  expect(await rows('| keplerctl set reply_timeout=90', 'admin')).toMatchObject([
    { before: '120', after: '90' },
  ]);
  expect(await rows('| kepler settings reply_timeout')).toMatchObject([
    { value: '90', source: 'kepler.conf' },
  ]);
});

test('the plain names are exported to all apps and back', async () => {
  expect(await rows('| kepler health check=export', 'admin')).toMatchObject([
    { state: 'ok' },
    { state: 'ok' },
  ]);
  expect(await rows('| keplerctl set export=global', 'admin')).toHaveLength(7);
  expect(await rows('| kepler settings export', 'admin')).toMatchObject([{ value: 'global' }]);
  expect(await rows('| keplerctl set export=app', 'admin')).toHaveLength(7);
  expect(await refusal('| keplerctl set export=world', 'admin')).toMatch(/must be global or app/);
});

test('where the Machine Learning Toolkit is installed, exporting says first what happens, and wants to be confirmed', async () => {
  const toolkit = folder('splunk/etc/apps/Splunk_ML_Toolkit');
  for (const name of ['default', 'metadata']) mkdirSync(join(toolkit, name), { recursive: true });
  writeFileSync(join(toolkit, 'default/app.conf'), '[launcher]\nversion = 5.5.0\n[ui]\nlabel = MLTK\n');
  const commands = ['fit', 'apply', 'summary'].map(
    (name) => `[${name}]\nchunked = true\nfilename = ${name}.py\n`,
  );
  writeFileSync(join(toolkit, 'default/commands.conf'), commands.join('\n'));
  writeFileSync(join(toolkit, 'metadata/default.meta'), '[]\nexport = system\n');
  const localMeta = () => {
    const path = folder('splunk/etc/apps/kepler/metadata/local.meta');
    return existsSync(path) ? parseConf(readFileSync(path, 'utf8')) : new Map<string, Map<string, string>>();
  };
  const exported = () => localMeta().get('commands/fit')?.get('export');
  const before = exported();
  try {
    expect(await rows('| kepler health check=export', 'admin')).toMatchObject([
      { state: 'ok' },
      { state: 'ok', message: expect.stringContaining('keeps its commands') },
    ]);
    const said = await refusal('| keplerctl set export=global', 'admin');
    expect(said).toMatch(
      /Splunk_ML_Toolkit\) is installed.*saved searches.*Nothing was changed.*force=true/s,
    );
    expect(exported()).toBe(before);
    expect(await refusal('| keplerctl set export=global force=true', 'ana')).toMatch(/edit_kepler_runtimes/);
    const done = await kepler.search('| keplerctl set export=global force=true', 'admin');
    expect(done.results).toHaveLength(7);
    expect(done.results[0]).toEqual({
      object: 'command fit',
      change: 'export',
      before: 'app',
      after: 'global',
    });
    expect(done.messages.map(({ text }) => text).join()).toMatch(/two commands of the same name/);
    expect(exported()).toBe('system');
    expect(await rows('| kepler health check=export', 'admin')).toMatchObject([
      { state: 'ok' },
      { state: 'attention', remedy: expect.stringContaining('export=app') },
    ]);
    // Back needs no confirmation.
    expect(await rows('| keplerctl set export=app', 'admin')).toHaveLength(7);
    expect(exported()).toBe('none');
    const ours = localMeta().get('commands/apply');
    expect(Object.fromEntries(ours ?? [])).toMatchObject({ export: 'none', owner: 'nobody' });
    expect(ours?.get('access')).toMatch(/read : \[ \* \], write : \[ admin, sc_admin \]/);
  } finally {
    rmSync(toolkit, { recursive: true });
  }
});

test('a runtime that runs elsewhere is enrolled by its code, and by no other', async () => {
  const home = mkdtempSync(join(tmpdir(), 'kepler-far-'));
  const far = spawn(process.execPath, ['dist/runtime/main.mjs'], {
    env: {
      PATH: process.env.PATH,
      KEPLER_HOME: home,
      KEPLER_TRUSTED_KEYS: join(home, 'keys'),
      KEPLER_LISTEN: 'https://127.0.0.1:0',
      KEPLER_LOG_LEVEL: 'fatal',
    },
    stdio: 'ignore',
  });
  try {
    const file = (name: string) => join(home, name);
    while (!existsSync(file('runtime.json'))) await new Promise((done) => setTimeout(done, 50));
    const { urls } = JSON.parse(readFileSync(file('runtime.json'), 'utf8')) as { urls: string[] };
    const { code, fingerprint } = JSON.parse(readFileSync(file('enrolment.json'), 'utf8')) as Record<
      string,
      string
    >;
    const other = writeCode({ secret: '00'.repeat(10), fingerprint: 'ab'.repeat(12) });
    const enrol = (text: string) => `| keplerctl enrol far url=${urls[0]} code=${text}`;
    expect(await refusal(enrol(other), 'admin')).toMatch(
      /is not the runtime that printed this code.*was not sent/,
    );
    expect(await refusal(enrol('K1-XYZ'), 'admin')).toMatch(/The code is not one that a runtime prints/);
    expect(await rows(enrol(code), 'admin')).toMatchObject([
      { object: 'runtime far', change: 'enrolled' },
      { change: 'url', after: urls[0] },
      { change: 'fingerprint', after: fingerprint },
    ]);
    expect(await rows('| kepler runtimes far', 'admin')).toMatchObject([
      { name: 'far', state: 'running', url: urls[0], models: '0', may_change: 'true' },
    ]);
    expect(await refusal(enrol(code), 'admin')).toMatch(/used up/);
    await rows('| keplerctl set maxRows=77 runtime=far', 'admin');
    expect(await rows('| kepler settings maxRows runtime=far')).toMatchObject([{ value: '77' }]);
    expect(await rows('| kepler settings maxRows')).toMatchObject([{ source: 'default' }]);
    expect(await rows('| kepler jobs runtime=far')).toEqual([]);
    far.kill('SIGKILL');
    expect(await rows('| kepler runtimes far', 'admin')).toMatchObject([
      { state: 'unreachable', reason: expect.stringMatching(/cannot be reached/) },
    ]);
  } finally {
    far.kill('SIGKILL');
    rmSync(home, { recursive: true, force: true });
  }
});

test('all fields are those of the catalogue, also where there is no row', async () => {
  for (const spl of ['jobs', 'runs none=1', 'runs kind=score', 'runtimes quotas=true', 'models zzz']) {
    const found = await kepler.search(`| kepler ${spl}`, 'ana');
    if (spl === 'runs none=1') expect(found.status).not.toBe(0);
    else expect(found.status).toBe(0);
  }
  const noun = NOUNS.find(({ name }) => name === 'runs')!;
  const found = await kepler.search('| kepler runs span=1d', 'ana');
  expect(found.fields).toEqual(fieldsOf(noun, { span: '1d' }).map(({ name }) => name));
});
