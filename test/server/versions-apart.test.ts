import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KeplerError } from '../../container/contract/errors.ts';
import { KEPLER_VERSION, releaseOrder, whatToUpgrade } from '../../container/contract/version.ts';
import { Runtime } from '../../splunk_app/src/bridge/runtime.ts';
import { ask, authorized, startWorld } from './harness.ts';
import type { World } from './harness.ts';

it('knows which release is older', () => {
  expect(releaseOrder('0.1.0', '0.2.0')).toBeLessThan(0);
  expect(releaseOrder('0.10.0', '0.9.9')).toBeGreaterThan(0);
  expect(releaseOrder('1.0.0', '1.0.0')).toBe(0);
  expect(releaseOrder('what', '1.0.0')).toBe(0);
  expect(whatToUpgrade('0.2.0', '0.1.0')).toMatch(/upgrade the runtime/);
  expect(whatToUpgrade('0.1.0', '0.2.0')).toMatch(/upgrade the app/);
  expect(whatToUpgrade('0.1.0', '0.1.0')).toBe('');
});

describe('this runtime', () => {
  let world: World;
  beforeAll(async () => (world = await startWorld()));
  afterAll(() => world.end());

  async function send(body: object, headers: Record<string, string> = {}, path = '/v1/read') {
    const all = { ...authorized(await world.head.token()), 'content-type': 'application/json', ...headers };
    return ask(world.url('unix'), path, { headers: all, body: JSON.stringify(body) });
  }
  const newer = { 'kepler-release': '99.0.0' };

  it('serves an older app, whose token says nothing of capabilities', async () => {
    const reply = await send({ noun: 'models', options: {} }, { 'kepler-release': '0.0.1' });
    expect(reply.status).toBe(200);
    expect(reply.headers).toMatchObject({ 'kepler-contract': '1', 'kepler-release': KEPLER_VERSION });
  });

  it('serves a newer app that says nothing new', async () => {
    expect((await send({ noun: 'models', options: {} }, newer)).status).toBe(200);
  });

  it.each([
    ['a noun', { noun: 'forecasts', options: {} }, '/v1/read'],
    ['an option', { noun: 'models', options: { shape: 'x' } }, '/v1/read'],
    ['a field', { noun: 'models', options: {}, wish: 1 }, '/v1/read'],
    ['a verb', { verb: 'forget', options: {} }, '/v1/change'],
    ['an address', {}, '/v1/forecast'],
  ])('tells a newer app to upgrade the runtime for %s that it does not know', async (_what, body, path) => {
    const { json } = await send(body, newer, path);
    expect(json.error.message).toMatch(/older than the app \(99\.0\.0\): upgrade the runtime\.$/);
    const same = await send(body, { 'kepler-release': KEPLER_VERSION }, path);
    expect(same.json.error.message).not.toMatch(/upgrade/);
  });

  it.each([
    ['2', /older than the app: upgrade the runtime/],
    ['0', /older than the runtime: upgrade the app/],
    ['one', /Install the same version/],
  ])('refuses contract %s and says which side to upgrade', async (contract, advice) => {
    const { status, json } = await send({ noun: 'models', options: {} }, { 'kepler-contract': contract });
    expect([status, json.error.code]).toEqual([426, 'contract_mismatch']);
    expect(json.error.message).toMatch(advice);
  });
});

it('this app tells of a runtime that knows nothing of what it asks', async () => {
  // A runtime of before there were nouns and verbs.
  const old = createServer((_request, response) => {
    const body = JSON.stringify(new KeplerError('not_found', 'There is nothing at /v1/read.').toBody());
    const head = {
      'content-type': 'application/json',
      'content-length': body.length,
      'kepler-contract': '1',
    };
    response.writeHead(404, head).end(body);
  });
  await new Promise<void>((done) => old.listen(0, '127.0.0.1', done));
  const { port } = old.address() as AddressInfo;
  const splunkHome = mkdtempSync(join(tmpdir(), 'kepler-old-'));
  const runtime = new Runtime(
    {
      splunkHome,
      address: { kind: 'tcp', url: `http://127.0.0.1:${port}`, host: '127.0.0.1', port },
      connectMs: 1000,
      replyMs: 1000,
      workMs: 1000,
      maxChunkBytes: 1 << 20,
    },
    { sub: 'ann', app: 'search', roles: [], sid: '1', acl: { read: [], write: [] } },
  );
  const failure = runtime.ask('POST', '/v1/read', {}, { repeatable: true });
  await expect(failure).rejects.toMatchObject({
    code: 'not_found',
    message: expect.stringMatching(/nothing at \/v1\/read.*upgrade the runtime/),
  });
  runtime.close();
  old.closeAllConnections();
  old.close();
  rmSync(splunkHome, { recursive: true });
});
