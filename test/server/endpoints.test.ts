import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { ERRORS } from '../../container/contract/errors.ts';
import { PATHS } from '../../container/contract/wire.ts';
import { Registry } from '../../container/registry/registry.ts';
import { encodeState } from '../../container/registry/state-codec.ts';
import { findTemplate } from '../../container/estimators/catalogue.ts';
import { DRAFT, FILES, ID } from '../registry/fixtures.ts';
import { APPLY_SPEC, FIT_SPEC, ask, authorized, startWorld } from './harness.ts';
import type { World } from './harness.ts';

let world: World;
let registry: Registry;
let headers: Record<string, string>;
beforeAll(async () => {
  world = await startWorld();
  registry = new Registry(join(world.home, 'models'));
  headers = authorized(await world.head.token());
});
afterAll(() => world.end());

const post = (path: string, body: unknown) =>
  ask(world.url('unix'), path, {
    headers: { ...headers, 'content-type': 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });

it('plans an apply', async () => {
  const reply = await post('/v1/apply/plan', APPLY_SPEC);
  expect(reply.json).toEqual({
    version: { namespace: 'user', name: 'iris', version: 3 },
    algorithm: 'PCA',
    requiredFields: ['a', 'b'],
  });
  const missing = await post('/v1/apply/plan', { ...APPLY_SPEC, model: { namespace: 'user', name: 'none' } });
  expect(missing.status).toBe(404);
  expect(missing.json.error.code).toBe('model_not_found');
});

it('checks a fit', async () => {
  expect((await post('/v1/fit/check', FIT_SPEC)).json).toEqual({ messages: [] });
  expect((await post('/v1/fit/check', { ...FIT_SPEC, algorithm: 'X' })).json.error.code).toBe(
    'unknown_algorithm',
  );
});

it.each(['', '{', '[]', '"x"', '{"model":1}', '{"model":{"namespace":"user","name":"m"}}'])(
  'refuses the body %j',
  async (body) => {
    const reply = await post('/v1/summary', body);
    expect(reply.status).toBe(400);
    expect(reply.json.error.code).toBe('bad_request');
  },
);

it('refuses a JSON body that is too large', async () => {
  const reply = await post('/v1/summary', JSON.stringify({ model: 'x'.repeat(5_000_000) }));
  expect(reply.status).toBe(413);
  expect(reply.json.error.code).toBe('limit_body');
});

it('lists and deletes models', async () => {
  const get = () => ask(world.url('unix'), '/v1/models', { headers });
  expect((await get()).json).toEqual({ models: [], messages: [] });
  await registry.create(ID, DRAFT, FILES, { promote: true });
  await registry.create(ID, DRAFT, FILES, { promote: true });
  await registry.create({ ...ID, name: 'sick' }, DRAFT, FILES, { promote: true });
  writeFileSync(join(world.home, 'models/user/ann/sick/versions/1/manifest.json'), '');
  const { models, messages } = (await get()).json;
  expect(models).toMatchObject([{ name: 'iris', version: 2, versions: [1, 2] }]);
  expect(messages).toEqual([{ level: 'WARN', text: expect.stringContaining('"sick" version 1 is damaged') }]);

  const stranger = authorized(await world.head.token({ sub: 'bob' }));
  const refused = await ask(world.url('unix'), '/v1/models/delete', {
    headers: { ...stranger, 'content-type': 'application/json' },
    body: JSON.stringify({ namespace: 'user', name: 'iris' }),
  });
  expect(refused.json.error.code).toBe('model_not_found');
  const deleted = await post('/v1/models/delete', { namespace: 'user', name: 'iris', version: 1 });
  expect(deleted.json).toEqual({ namespace: 'user', name: 'iris', versions: [1] });
  expect((await get()).json.models[0].versions).toEqual([2]);
});

it('summarises a version', async () => {
  const template = findTemplate('LinearRegression');
  const features = { rows: 4, names: ['x'], columns: [Float64Array.of(1, 2, 3, 4)] };
  const target = { kind: 'number', name: 'y', values: Float64Array.of(3, 5, 7, 9) } as const;
  const context = { signal: new AbortController().signal, threads: 1, warn: () => 0, progress: () => 0 };
  const params = template.init({ fit_intercept: true }, { rows: 4, features: 1 });
  const state = await template.fit(params, { features, target }, context);
  const draft = { ...DRAFT, algorithm: 'LinearRegression' };
  const files = { 'state.bin': encodeState(state) };
  await registry.create({ ...ID, name: 'line' }, draft, files, { promote: true });
  const reply = await post('/v1/summary', { model: { namespace: 'user', name: 'line' }, options: {} });
  expect(reply.json.fields.slice(0, 2)).toEqual(['feature', 'coefficient']);
  const rows = Object.fromEntries(reply.json.rows.map((row: string[]) => [row[0], Number(row[1])]));
  expect(rows.x).toBeCloseTo(2, 9);
  expect(rows._intercept).toBeCloseTo(1, 9);
  const wrong = await post('/v1/summary', {
    model: { namespace: 'user', name: 'line' },
    options: { limt: '5' },
  });
  expect(wrong.json.error.code).toBe('invalid_arguments');
  expect(wrong.json.error.message).toContain('limt');
});

it('says that it lives, and whether it takes work', async () => {
  const health = (await ask(world.url('http'), '/healthz')).json;
  expect(health).toMatchObject({ status: 'ok', version: '0.1.0', uptime: expect.any(Number) });
  expect(health.eventLoopDelayMs.p99).toEqual(expect.any(Number));
  expect((await ask(world.url('http'), '/readyz')).json).toEqual({ status: 'ready', reasons: [] });
  world.jobs.up = false;
  const reply = await ask(world.url('http'), '/readyz');
  expect(reply.status).toBe(503);
  expect(reply.json.reasons).toEqual(['the workers are not up']);
  world.jobs.up = true;
});

it('shows a user its own jobs, and of others only how many', async () => {
  const job = { kind: 'fit', rows: 5, startedAt: 1, app: 'search', sid: '1' } as const;
  world.jobs.jobs = [
    { ...job, job: 'a', state: 'running', user: 'ann' },
    { ...job, job: 'b', state: 'queued', user: 'bob', position: 1 },
  ];
  const status = (await ask(world.url('unix'), '/v1/status', { headers })).json;
  expect(status.jobs.map(({ job }: { job: string }) => job)).toEqual(['a']);
  expect(status.allJobs).toEqual({ receiving: 0, queued: 1, running: 1, replying: 0 });
  world.jobs.jobs = [];
});

it('describes itself, with a schema for every reference', async () => {
  const document = (await ask(world.url('http'), '/openapi.json')).json;
  expect(document.openapi).toBe('3.1.0');
  expect(Object.keys(document.paths).sort()).toEqual(Object.values(PATHS).sort());
  const text = JSON.stringify(document);
  const references = [...text.matchAll(/#\/components\/schemas\/(\w+)/g)].map((match) => match[1]);
  expect(references.length).toBeGreaterThan(15);
  for (const name of references) expect(document.components.schemas).toHaveProperty(name);
  for (const name of Object.keys(document.components.schemas)) {
    const ajv = new Ajv2020({ strict: true, strictRequired: false, allowUnionTypes: true });
    ajv.addKeyword('components');
    ajv.addSchema({ $id: 'doc', components: document.components });
    expect(ajv.getSchema(`doc#/components/schemas/${name}`)).toEqual(expect.any(Function));
  }
  for (const code of Object.keys(ERRORS)) expect(text).toContain(code);
});
