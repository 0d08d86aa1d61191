import { readFileSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { NOUNS, findNoun } from '../../container/contract/catalogue/nouns.ts';
import { fieldsOf } from '../../container/contract/catalogue/usage.ts';
import { VERBS } from '../../container/contract/catalogue/verbs.ts';
import { DatasetStore } from '../../container/registry/datasets/dataset-store.ts';
import { Registry } from '../../container/registry/registry.ts';
import type { Draft, ModelId } from '../../container/registry/types.ts';
import { DOERS } from '../../container/server/change/change-route.ts';
import { PROVIDERS } from '../../container/server/read/read-route.ts';
import { DRAFT, FILES, ID } from '../registry/fixtures.ts';
import { ask, authorized, chunk, startWorld } from './harness.ts';
import type { World } from './harness.ts';

let world: World;
let registry: Registry;
beforeEach(async () => {
  world = await startWorld();
  registry = new Registry(join(world.home, 'models'));
});
afterEach(() => world.end());

const ADMIN = { sub: 'root', roles: ['admin'], capabilities: ['edit_kepler_models', 'edit_kepler_runtimes'] };
type Claims = Parameters<World['head']['token']>[0];

async function post(path: string, body: unknown, claims: Claims = {}) {
  const headers = { ...authorized(await world.head.token(claims)), 'content-type': 'application/json' };
  return ask(world.url('unix'), path, { headers, body: JSON.stringify(body) });
}

type Rows = Record<string, string | string[] | null>[];

/** Rows by field names. */
async function read(noun: string, name?: string, options = {}, claims: Claims = {}): Promise<Rows> {
  const { status, json } = await post('/v1/read', { noun, name, options }, claims);
  if (status !== 200) throw new Error(json.error.message);
  return json.rows.map((row: string[]) =>
    Object.fromEntries(row.map((cell, i) => [json.fields[i], cell] as const)),
  );
}

async function change(verb: string, name?: string, options = {}, claims: Claims = {}) {
  return post('/v1/change', { verb, name, options }, claims);
}

const fit = (id: ModelId = ID, draft: Partial<Draft> = {}) =>
  registry.create(id, { ...DRAFT, ...draft }, FILES, { promote: true });
const audit = () =>
  readFileSync(join(world.home, 'audit.log'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

it('has somebody who answers each noun and verb of the catalogue, and no other', () => {
  const mine = (all: readonly { name: string; answeredBy: string }[]) =>
    all.filter(({ answeredBy }) => answeredBy === 'runtime').map(({ name }) => name);
  expect([...PROVIDERS.keys()]).toEqual(expect.arrayContaining(mine(NOUNS)));
  expect([...DOERS.keys()]).toEqual(expect.arrayContaining(mine(VERBS)));
  const all: string[] = [...NOUNS, ...VERBS].map(({ name }) => name);
  expect(all).toEqual(expect.arrayContaining([...PROVIDERS.keys(), ...DOERS.keys()]));
});

describe('models', () => {
  const regression = {
    algorithm: 'LinearRegression',
    kind: 'regressor',
    metrics: { r2: 0.5, rmse: 2 },
  } as const;

  it('have a row each, with everything that the pages show', async () => {
    await fit(ID, { ...regression, target: { name: 'y', kind: 'number' } });
    await fit(ID, { ...regression, metrics: { r2: 0.75, rmse: 1 }, target: { name: 'y', kind: 'number' } });
    const [row, ...more] = await read('models');
    expect(more).toEqual([]);
    expect(Object.keys(row)).toEqual(NOUNS[0].fields.map(({ name }) => name));
    expect(row).toMatchObject({
      name: 'iris',
      namespace: 'user',
      owner: 'ann',
      app: 'search',
      sharing: 'private',
      algorithm: 'LinearRegression',
      kind: 'regressor',
      target: 'y',
      champion: '2',
      latest: '2',
      versions: '2',
      aliases: ['champion=2'],
      health: 'healthy',
      metric: 'r2',
      metric_value: '0.75',
      metric_better: 'higher',
      metric_history: ['1=0.5', '2=0.75'],
      rows: '10',
      drift: 'not measured',
      searches_24h: '0',
      p50_ms: null,
      may_write: 'true',
      reference: 'iris',
    });
    expect(row.last_fit).toMatch(/^\d{10}\.\d{3}$/);
  });

  it('show to each what each may see, and name all to edit_kepler_models', async () => {
    await fit();
    await fit({ ...ID, owner: 'bob', name: 'bobs' });
    await fit({ namespace: 'app', owner: 'search', name: 'shared' });
    const seen = async (claims: Claims) =>
      (await read('models', undefined, {}, claims)).map((row) => `${row.reference} ${row.may_write}`);
    expect(await seen({})).toEqual(['iris true', 'app:shared false']);
    expect(await seen({ roles: ['admin'] })).toEqual(['iris true', 'app:shared true']);
    expect(await seen({ roles: [] })).toEqual(['iris true']);
    expect(await seen(ADMIN)).toEqual(['iris true', 'bobs true', 'app:shared true']);
    expect(await read('models', undefined, { owner: 'bob' }, ADMIN)).toHaveLength(1);
    expect(await read('models', 'app:shared')).toHaveLength(1);
    expect(await read('models', 'user:shared')).toHaveLength(0);
  });

  it('are listed when they are damaged, and say what is', async () => {
    await fit();
    await fit({ ...ID, name: 'sick' });
    truncateSync(join(world.home, 'models/user/ann/sick/versions/1/manifest.json'));
    await fit({ ...ID, name: 'worn' });
    await fit({ ...ID, name: 'worn' });
    truncateSync(join(world.home, 'models/user/ann/worn/versions/1/state.bin'));
    await registry.create({ ...ID, name: 'new' }, DRAFT, FILES, { promote: false });
    const health = new Map((await read('models')).map((row) => [row.name, [row.health, row.health_reason]]));
    expect(health.get('iris')?.[0]).toBe('healthy');
    expect(health.get('sick')).toEqual([
      'failed',
      expect.stringMatching(/"sick" version 1 is damaged: manifest/),
    ]);
    expect(health.get('worn')).toEqual([
      'attention',
      expect.stringMatching(/version 1 is damaged: state.bin has 0/),
    ]);
    expect(health.get('new')).toEqual(['attention', expect.stringMatching(/No version is the champion/)]);
    expect(await read('versions', 'sick')).toMatchObject([
      { version: '1', state: 'damaged', reason: expect.any(String) },
    ]);
  });
});

describe('versions', () => {
  it('tell what made each, newest first', async () => {
    await fit();
    await fit(ID, { by: ['host'], target: { name: 'y', kind: 'classes', classes: ['a', 'b'] } });
    const rows = await read('versions', 'iris');
    expect(rows.map(({ version }) => version)).toEqual(['2', '1']);
    expect(rows[0]).toMatchObject({
      aliases: ['champion'],
      classes: ['a', 'b'],
      user: 'ann',
      sid: '1700000000.1',
    });
    expect(rows[1]).toMatchObject({
      aliases: null,
      state: 'whole',
      reason: null,
      features: ['a'],
      options: '{"k":"2"}',
      params: '{"k":2}',
      metrics: '{}',
      rows: '10',
      trained_rows: '9',
      size_bytes: '10',
      onnx_bytes: '5',
      onnx_opset: '17',
    });
    expect((await read('versions', 'iris@1')).map(({ version }) => version)).toEqual(['1']);
    expect((await read('versions', 'iris@champion')).map(({ version }) => version)).toEqual(['2']);
    expect((await read('versions', 'iris', { version: '1' })).map(({ version }) => version)).toEqual(['1']);
    await expect(read('versions', 'iris@7')).rejects.toThrow(/no version 7; there are: 1, 2/);
    await expect(read('versions', 'irsi')).rejects.toThrow(/Did you mean "iris"/);
  });

  it('give the ONNX file in parts that are joined to the very same bytes', async () => {
    const onnx = Buffer.from(Array.from({ length: 1_000_000 }, (_, i) => (i * 7) % 251));
    await registry.create(
      ID,
      DRAFT,
      { 'state.bin': Buffer.from('s'), 'model.onnx': onnx },
      { promote: true },
    );
    await registry.create(
      ID,
      { ...DRAFT, algorithm: 'PCA' },
      { 'state.bin': Buffer.from('s') },
      { promote: true },
    );
    const rows = await read('versions', 'iris@1', { file: 'onnx' });
    expect(rows.map(({ part, parts, bytes }) => [part, parts, bytes])).toEqual([
      ['1', '3', '1000000'],
      ['2', '3', '1000000'],
      ['3', '3', '1000000'],
    ]);
    expect(Buffer.concat(rows.map(({ base64 }) => Buffer.from(String(base64), 'base64'))).equals(onnx)).toBe(
      true,
    );
    await expect(read('versions', 'iris', { file: 'onnx' })).rejects.toThrow(
      /iris@2 has no ONNX file. PCA has no/,
    );
  });
});

it('metrics have a row a version and metric, and say which way is better', async () => {
  await fit(ID, { metrics: { f1: 0.5, log_loss: 1 } });
  await fit(ID, { metrics: { f1: 0.6 } });
  expect(await read('metrics', 'iris')).toEqual([
    { version: '2', metric: 'f1', value: '0.6', better: 'higher', main: 'true', measured_on: 'training' },
    { version: '1', metric: 'f1', value: '0.5', better: 'higher', main: 'true', measured_on: 'training' },
    { version: '1', metric: 'log_loss', value: '1', better: 'lower', main: 'false', measured_on: 'training' },
  ]);
  expect(await read('metrics', 'iris@1')).toHaveLength(2);
});

it('templates hold the schema of their options', async () => {
  const rows = await read('templates');
  expect(rows.length).toBeGreaterThan(10);
  const [kmeans] = await read('templates', 'KMeans');
  expect(JSON.parse(String(kmeans.params)).properties.k.type).toBe('integer');
  await expect(read('templates', 'KMean')).rejects.toThrow(/KMeans/);
});

describe('jobs', () => {
  const job = {
    kind: 'fit',
    state: 'running',
    app: 'search',
    sid: '1',
    rows: 5,
    startedAt: Date.now() - 2000,
  } as const;
  beforeEach(() => {
    world.jobs.jobs = [
      { ...job, job: 'a', user: 'ann', model: 'iris', search: '| fit' },
      { ...job, job: 'b', user: 'bob' },
    ];
  });

  it('are your own, or everybody’s with edit_kepler_runtimes', async () => {
    expect(await read('jobs')).toMatchObject([
      { job: 'a', model: 'iris', search: '| fit', may_cancel: 'true', progress: null },
    ]);
    expect(Number((await read('jobs'))[0].elapsed_s)).toBeGreaterThanOrEqual(2);
    expect(await read('jobs', undefined, {}, ADMIN)).toHaveLength(2);
  });

  it('are cancelled by their user, or by edit_kepler_runtimes', async () => {
    expect((await change('cancel', 'b')).json.error).toMatchObject({ code: 'job_not_found' });
    expect((await change('cancel', 'a')).json.rows).toEqual([
      ['a', 'cancelled fit of ann', 'running', 'cancelled'],
    ]);
    expect((await change('cancel', 'b', {}, ADMIN)).status).toBe(200);
    expect(world.jobs.jobs).toEqual([]);
  });
});

describe('changes', () => {
  beforeEach(async () => {
    await fit();
    await fit();
  });

  it('answer a row for each thing that changed', async () => {
    const rows = async (verb: string, name: string, options = {}) =>
      (await change(verb, name, options)).json.rows;
    expect(await rows('promote', 'iris@1')).toEqual([['iris', 'alias champion', '2', '1']]);
    expect(await rows('rollback', 'iris')).toEqual([['iris', 'alias champion', '1', '2']]);
    expect(await rows('alias', 'iris@1', { name: 'blue' })).toEqual([['iris', 'alias blue', null, '1']]);
    expect(await rows('alias', 'iris@1', { name: 'blue', remove: 'true' })).toEqual([
      ['iris', 'alias blue', '1', null],
    ]);
    expect(await rows('delete', 'iris@1')).toEqual([['iris@1', 'deleted', 'there', null]]);
    expect((await change('share', 'iris', { to: 'app' })).json.error.code).toBe('forbidden');
    const shared = await change('share', 'iris', { to: 'app' }, { roles: ['admin'] });
    expect(shared.json.rows).toEqual([['app:iris', 'shared', 'user ann', 'app search']]);
  });

  it('are written down, also those that are refused', async () => {
    await change('promote', 'iris@1');
    await change('delete', 'iris', { owner: 'ann' }, { sub: 'bob', sid: 's9' });
    await change('promot', 'iris@1');
    await change('enrol', 'x', { url: 'https://h', code: 'SECRET-CODE' }, ADMIN);
    await post('/v1/models/delete', { namespace: 'user', name: 'none' });
    expect(audit()).toMatchObject([
      {
        user: 'ann',
        verb: 'promote',
        name: 'iris@1',
        outcome: 'done',
        changes: [{ before: '2', after: '1' }],
      },
      {
        user: 'bob',
        sid: 's9',
        verb: 'delete',
        outcome: 'refused',
        code: 'forbidden',
        options: { owner: 'ann' },
      },
      { verb: 'promot', outcome: 'refused', message: expect.stringMatching(/Did you mean promote/) },
      { verb: 'enrol', outcome: 'refused', capabilities: ADMIN.capabilities },
      { verb: 'delete', name: 'none', outcome: 'refused', code: 'model_not_found' },
    ]);
    expect(readFileSync(join(world.home, 'audit.log'), 'utf8')).not.toContain('SECRET');
    expect(statSync(join(world.home, 'audit.log')).mode & 0o777).toBe(0o600);
    expect(world.logged.join('')).not.toContain('SECRET');
  });

  it('say what is wrong with their arguments', async () => {
    expect((await change('promote', 'iris')).json.error.message).toMatch(
      /^keplerctl: promote needs a version: .* Usage: \| keplerctl promote <model>@<version>/,
    );
    expect((await change('promote', 'my model@1')).json.error.message).toMatch(/is not a model name/);
    expect((await change('promote', '../x@1')).json.error).toMatchObject({ code: 'invalid_arguments' });
    expect((await post('/v1/read', { noun: 'model', options: {} })).json.error.message).toMatch(
      /Did you mean models/,
    );
    expect((await post('/v1/read', { noun: 'health', options: {} })).json.error.message).toMatch(
      /answered by the search head/,
    );
  });
});

describe('runs', () => {
  const apply = (token: string, meta = {}, csv = 'a\n1\n') =>
    ask(world.url('unix'), '/v1/apply', chunk(token, csv, meta));

  it('tell of each job once, and count by hour', async () => {
    await fit();
    const token = await world.head.token();
    const job = '0b9e8f2c-1d3a-4c5b-8e7f-0123456789ab';
    const spec = { model: { namespace: 'user', name: 'iris' }, options: {} };
    await apply(token, { job, finished: false, spec });
    await apply(token, { job: '1b9e8f2c-1d3a-4c5b-8e7f-0123456789ab', spec }, 'fail');
    const other = await world.head.token({ sub: 'bob' });
    await apply(other, { spec });
    const rows = await read('runs');
    // The first goes on in its connection; it was closed, so that run is over as cancelled.
    expect(rows.map(({ kind, status, user, model }) => [kind, status, user, model]).sort()).toEqual([
      ['apply', 'cancelled', 'ann', 'iris'],
      ['apply', 'error', 'ann', 'iris'],
    ]);
    expect(rows.find(({ status }) => status === 'error')).toMatchObject({
      code: 'target_missing',
      message: 'No field "y".',
    });
    expect(await read('runs', undefined, {}, ADMIN)).toHaveLength(3);
    expect(await read('runs', undefined, { count: '1' })).toHaveLength(1);
    expect(await read('runs', undefined, { kind: 'fit' })).toEqual([]);
    const [hour] = await read('runs', 'iris', { span: '1h' });
    expect(hour).toMatchObject({ searches: '2', errors: '1' });
    expect(Number(hour._time) % 3600).toBe(0);
    expect(await read('models')).toMatchObject([{ searches_24h: '2', errors_24h: '1', health: 'attention' }]);
    expect(Object.keys(hour)).toEqual(fieldsOf(NOUNS[3], { span: '1h' }).map(({ name }) => name));
  });

  it('count summaries', async () => {
    await fit();
    await post('/v1/summary', { model: { namespace: 'user', name: 'none' }, options: {} });
    expect(await read('runs')).toMatchObject([{ kind: 'summary', status: 'error', code: 'model_not_found' }]);
  });
});

describe('data sets', () => {
  const stage = (user: string, name: string, expires = Date.now() + 3600_000) =>
    new DatasetStore(join(world.home, 'datasets')).put(
      { namespace: 'user', owner: user, name },
      {
        expiresAt: new Date(expires).toISOString(),
        user,
        app: 'search',
        sid: '1.5',
        fields: [
          { name: 'y', kind: 'number', role: 'target', nulls: 0 },
          { name: 'x', kind: 'text', role: 'feature', nulls: 1 },
        ],
        template: 'Mine',
        options: { depth: '3' },
        spec: {
          algorithm: 'Mine',
          mode: 'stage',
          options: { depth: '3' },
          targets: ['y'],
          fields: ['x'],
          by: [],
          into: { namespace: 'user', name },
          apply: true,
          partialFit: false,
          promote: true,
        },
      },
      {
        rows: 2,
        columns: [
          { kind: 'number', name: 'y', values: Float64Array.of(1, 2) },
          { kind: 'text', name: 'x', codes: Int32Array.of(0, -1), levels: ['a'] },
        ],
      },
    );

  it('have a row a version; others do not see them, and what has expired is gone', async () => {
    await stage('ann', 'readings');
    await stage('ann', 'readings');
    await stage('bob', 'his');
    await stage('ann', 'old', Date.now() - 1);
    const rows = await read('datasets');
    expect(rows.map(({ reference }) => reference)).toEqual(['readings@2', 'readings@1']);
    expect(Object.keys(rows[0])).toEqual(findNoun('datasets')!.fields.map(({ name }) => name));
    expect(rows[0]).toMatchObject({
      owner: 'ann',
      app: 'search',
      rows: '2',
      target: 'y',
      fields: ['y:number', 'x:text'],
      template: 'Mine',
      params: '{"depth":"3"}',
      may_write: 'true',
    });
    expect(await read('datasets', 'readings@1')).toHaveLength(1);
    await expect(read('datasets', 'his')).rejects.toThrow(/no data set "his"/);
    expect(await read('datasets', undefined, {}, ADMIN)).toHaveLength(3);
    expect(await read('datasets', 'readings', { rows: '10' })).toEqual([
      { y: '1', x: 'a' },
      { y: '2', x: null },
    ]);
    expect(await read('datasets', 'readings@1', { rows: '1' })).toEqual([{ y: '1', x: 'a' }]);
    await expect(read('datasets', undefined, { rows: '1' })).rejects.toThrow(/rows= needs the name/);
  });

  it('are removed with unstage, by who may', async () => {
    for (let i = 0; i < 3; i++) await stage('ann', 'readings');
    const refused = await change('unstage', 'readings', { owner: 'ann' }, { sub: 'bob' });
    expect(refused.json.error).toMatchObject({
      code: 'forbidden',
      message: expect.stringMatching(/data sets of the user/),
    });
    expect((await change('unstage', 'readings@2')).json.rows).toEqual([
      ['readings@2', 'data set removed', 'there', null],
    ]);
    expect((await change('unstage', 'readings', { owner: 'ann' }, ADMIN)).json.rows).toHaveLength(2);
    expect(await read('datasets')).toEqual([]);
    expect((await change('unstage', 'readings')).json.error.code).toBe('dataset_not_found');
  });
});
