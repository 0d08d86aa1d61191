import { X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TableSink } from '../../splunk_app/src/bridge/chunk-reply.ts';
import { fetchContext } from '../../splunk_app/src/bridge/roles.ts';
import { KeptChunk, Runtime } from '../../splunk_app/src/bridge/runtime.ts';
import { readSettings } from '../../splunk_app/src/bridge/settings.ts';
import { Weaver } from '../../splunk_app/src/bridge/weaver.ts';
import { sourceOf } from '../protocol/sources.ts';
import {
  appendTo,
  errorReply,
  jsonReply,
  reply,
  SmallRuntime,
  spliceReply,
  TEST_TLS,
} from './small-runtime.ts';

const claims = { sub: 'eve', app: 'search', roles: [], sid: '1.2', acl: { read: ['*'], write: ['admin'] } };
const fingerprint = `sha256:${new X509Certificate(TEST_TLS.cert).fingerprint256.replaceAll(':', '').toLowerCase()}`;

let home: string;
let server: SmallRuntime;
let runtime: Runtime;

async function start(transport: 'unix' | 'http' | 'https', env: Record<string, string> = {}): Promise<void> {
  server = await new SmallRuntime(transport).listen();
  runtime = new Runtime(readSettings({ SPLUNK_HOME: home, KEPLER_RUNTIME_URL: server.url, ...env }), claims);
}

beforeEach(() => (home = mkdtempSync(join(tmpdir(), 'kepler-home-'))));
afterEach(async () => {
  runtime.close();
  await server.close();
  rmSync(home, { recursive: true, force: true });
});

const bodyOf = (bytes: Buffer, step?: number) => ({
  bodyLength: bytes.length,
  read: sourceOf(bytes, step).read,
});

function table() {
  const pieces: Buffer[] = [];
  let announced = -1;
  const sink: TableSink = {
    begin: (_, bytes) => (announced = bytes),
    write: (bytes) => void pieces.push(Buffer.from(bytes)),
  };
  return { sink, text: () => Buffer.concat(pieces).toString(), announced: () => announced };
}

const chunk = Buffer.from('a,b\n1,"é"\n2,\n');

describe.each(['unix', 'http', 'https'] as const)('over %s', (transport) => {
  it('chunks and their replies go through, split at every byte, on one connection', async () => {
    await start(transport, transport === 'https' ? { KEPLER_RUNTIME_FINGERPRINT: fingerprint } : {});
    const weaver = new Weaver();
    for (let step = 1; step < 400; step += step < 20 ? 1 : 37) {
      server.handler = (request) =>
        spliceReply(
          { messages: [] },
          appendTo(request.body, 'p', (row) => `r${row}`),
          { step },
        );
      const out = table();
      await runtime.apply('/v1/apply', { chunk: step }, bodyOf(chunk, step), weaver, out.sink);
      expect(out.text()).toBe('a,b,p\n1,"é",r0\n2,,r1\n');
      expect(out.announced()).toBe(Buffer.byteLength(out.text()));

      server.handler = (request) => reply({ messages: [] }, request.body, { step });
      const passed = table();
      const { reply: said } = await runtime.collect('/v1/fit', {}, bodyOf(chunk, step), passed.sink, {
        last: true,
      });
      expect((await said).messages).toEqual([]);
      expect(passed.text()).toBe(chunk.toString());
    }
    expect(new Set(server.requests.map(({ connection }) => connection)).size).toBe(1);
    expect(server.requests[0].headers.get('accept')).toContain('vnd.kepler.splice');
    expect(server.requests[1].headers.get('accept')).toBe('application/vnd.kepler.csv');
  });

  it('questions and errors go through', async () => {
    await start(transport, transport === 'https' ? { KEPLER_RUNTIME_FINGERPRINT: fingerprint } : {});
    server.handler = () => jsonReply({ answer: 42 });
    expect(await runtime.ask('GET', '/v1/models', undefined, { repeatable: true })).toEqual({ answer: 42 });
    server.handler = () => errorReply('forbidden', 'Not yours.');
    await expect(runtime.ask('POST', '/v1/summary', { é: 1 }, { repeatable: true })).rejects.toMatchObject({
      code: 'forbidden',
      message: 'Not yours.',
    });
    expect(server.requests[1].meta).toEqual({ é: 1 });
  });
});

describe('trust', () => {
  it('ends at another certificate than the one that was named, before anything is sent', async () => {
    await start('https', { KEPLER_RUNTIME_FINGERPRINT: `sha256:${'0'.repeat(64)}` });
    await expect(runtime.ask('GET', '/', undefined, { repeatable: true })).rejects.toMatchObject({
      code: 'runtime_untrusted',
    });
    expect(server.requests).toHaveLength(0);
  });

  it('ends at a certificate that nobody vouches for', async () => {
    await start('https');
    await expect(runtime.ask('GET', '/', undefined, { repeatable: true })).rejects.toMatchObject({
      code: 'runtime_untrusted',
    });
  });
});

describe('what is sent again', () => {
  it('is a chunk of apply, once, whole, and only before a byte of the reply', async () => {
    await start('unix');
    const weaver = new Weaver();
    let count = 0;
    server.handler = (request) =>
      ++count === 1
        ? { close: true }
        : spliceReply(
            { messages: [] },
            appendTo(request.body, 'p', () => 'x'),
          );
    const out = table();
    await runtime.apply('/v1/apply', {}, bodyOf(chunk, 3), weaver, out.sink);
    expect(out.text()).toBe('a,b,p\n1,"é",x\n2,,x\n');
    expect(server.requests.map(({ body }) => body.toString())).toEqual([chunk.toString(), chunk.toString()]);

    server.handler = () => ({ close: true });
    const twice = runtime.apply('/v1/apply', {}, bodyOf(chunk), weaver, out.sink);
    await expect(twice).rejects.toMatchObject({ code: 'runtime_lost' });
    expect(server.requests).toHaveLength(4);

    server.handler = () => ({ bytes: Buffer.from('H'), close: true });
    const began = runtime.apply('/v1/apply', {}, bodyOf(chunk), weaver, out.sink);
    await expect(began).rejects.toMatchObject({ code: 'runtime_lost' });
    expect(server.requests).toHaveLength(5);
  });

  it('is never a chunk of a fit', async () => {
    await start('unix');
    server.handler = () => ({ close: true });
    const lost = runtime
      .collect('/v1/fit', {}, bodyOf(chunk), table().sink, { last: false })
      .then((sent) => sent.reply);
    await expect(lost).rejects.toMatchObject({ code: 'runtime_lost' });
    expect(server.requests).toHaveLength(1);
  });
});

describe('limits', () => {
  it('of silence end a request with what to do', async () => {
    await start('unix');
    server.handler = () => new Promise(() => {});
    await expect(
      runtime.ask('GET', '/', undefined, { repeatable: true, silenceMs: 50 }),
    ).rejects.toMatchObject({
      code: 'runtime_timeout',
      message: expect.stringContaining('reply_timeout'),
    });
  });

  it('of size refuse a chunk before it is read', async () => {
    await start('unix');
    const huge = { bodyLength: 600 << 20, read: () => 0 };
    await expect(runtime.apply('/v1/apply', {}, huge, new Weaver(), table().sink)).rejects.toMatchObject({
      code: 'limit_body',
      message: expect.stringContaining('max_chunk_mb'),
    });
  });

  it('let a reply that comes before the whole request be heard', async () => {
    await start('unix');
    server.handler = () => errorReply('limit_rows', 'Too many rows.');
    const kept = new KeptChunk();
    const sent = await runtime.collect('/v1/fit', {}, bodyOf(chunk), table().sink, {
      last: false,
      keep: kept,
    });
    await expect(sent.reply).rejects.toMatchObject({ code: 'limit_rows' });
    expect(kept.bytes.toString()).toBe(chunk.toString());
  });
});

describe('roles', () => {
  let splunkd: Server;
  let status = 200;
  let body = '';
  let authorization = '';
  const uri = () => `https://127.0.0.1:${(splunkd.address() as AddressInfo).port}`;

  beforeEach(async () => {
    await start('unix');
    splunkd = createServer(TEST_TLS, (request, response) => {
      authorization = request.headers.authorization ?? '';
      response.writeHead(status).end(request.url?.includes('current-context?output_mode=json') ? body : '');
    });
    await new Promise<void>((resolve) => splunkd.listen(0, '127.0.0.1', resolve));
  });
  afterEach(() => new Promise((resolve) => splunkd.close(resolve)));

  it("come from splunkd, with the search's session key, though it signs its own certificate", async () => {
    status = 200;
    const capabilities = ['search', 'edit_kepler_models', 'edit_user'];
    body = JSON.stringify({
      entry: [{ content: { roles: ['user', 'power'], capabilities, username: 'eve' } }],
    });
    expect(await fetchContext(uri(), 'key1')).toEqual({
      roles: ['user', 'power'],
      capabilities: ['edit_kepler_models'],
    });
    expect(authorization).toBe('Splunk key1');
  });

  it('are unknown with a reason', async () => {
    await expect(fetchContext(uri(), '')).rejects.toThrow(/gave this search no session key/);
    status = 401;
    await expect(fetchContext(uri(), 'x')).rejects.toThrow(/does not know the session key/);
    status = 200;
    body = '{"entry":[]}';
    await expect(fetchContext(uri(), 'x')).rejects.toThrow(/something else than a context/);
    await expect(fetchContext('https://127.0.0.1:1', 'x')).rejects.toThrow(/cannot be asked/);
    await expect(fetchContext('nowhere', 'x')).rejects.toThrow(/no address/);
  });
});
