import { Agent } from 'node:http';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { randomBytes, randomUUID } from 'node:crypto';
import { until } from '../eventually.ts';
import { FIT_SPEC, ask, authorized, chunk, split, startWorld } from './harness.ts';
import type { World } from './harness.ts';

let world: World;
let token: string;
beforeAll(async () => {
  world = await startWorld({ KEPLER_MAX_CHUNK_BYTES: '3000000' });
  token = await world.head.token();
});
afterAll(() => world.end());

/** The raw bytes of a request, for those that no HTTP client would send. */
function raw(headers: Record<string, string | number>, body: Buffer, path = '/v1/apply'): Buffer {
  const lines = Object.entries({ host: 'kepler', ...headers }).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  );
  return Buffer.concat([Buffer.from(`POST ${path} HTTP/1.1\r\n${lines.join('')}\r\n`), body]);
}

function open(): Promise<Socket> {
  return new Promise((resolve) => {
    const socket = connect(world.url('unix').slice(5), () => resolve(socket));
    socket.on('error', () => undefined);
  });
}

/** What the runtime answers until it closes the connection or `enough` is there. */
function answer(socket: Socket, enough: (text: string) => boolean = () => false): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    socket.on('data', (bytes) => {
      text += bytes.toString('latin1');
      if (enough(text)) resolve(text);
    });
    socket.on('close', () => resolve(text));
  });
}

describe.each(['unix', 'http'] as const)('over %s', (kind) => {
  it.each([0, 1, 100, 65_536, 65_537, 2_900_000])('returns a chunk of %d bytes as it came', async (bytes) => {
    const csv = randomBytes(bytes);
    const reply = await ask(world.url(kind), '/v1/apply', chunk(token, csv));
    expect(reply.status).toBe(200);
    expect(reply.headers['content-type']).toBe('application/vnd.kepler.csv');
    expect(Number(reply.headers['content-length'])).toBe(reply.body.length);
    const { meta, body } = split(reply);
    expect(meta).toEqual({ messages: [], metrics: { bytes } });
    expect(body.equals(csv)).toBe(true);
  });
});

it('keeps one connection for many chunks, of every kind', async () => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const before = world.jobs.requests.length;
  const job = randomUUID();
  for (const [path, spec] of [
    ['fit', FIT_SPEC],
    ['score', { method: 'r2_score', options: {}, a: ['y'], b: ['p'] }],
    ['sample', { inverse: false, fieldName: 'partition_number' }],
  ] as const) {
    for (let i = 0; i < 8; i++) {
      const meta = { job, chunk: i, finished: i === 7, spec: i === 0 ? spec : undefined };
      const reply = await ask(world.url('unix'), `/v1/${path}`, {
        ...chunk(token, `a,b\n${i},2\n`, meta),
        agent,
      });
      expect(split(reply).body.toString()).toBe(`a,b\n${i},2\n`);
    }
  }
  agent.destroy();
  const requests = world.jobs.requests.slice(before);
  expect(requests).toHaveLength(24);
  expect(new Set(requests.map(({ connection }) => connection)).size).toBe(1);
  await until(() => world.jobs.gone.includes(requests[0].connection));
  expect(requests[0].principal).toEqual({
    user: 'ann',
    app: 'search',
    roles: ['user'],
    capabilities: [],
    acl: { read: ['*'], write: ['admin'] },
  });
});

it('reads metadata and CSV however they are cut', async () => {
  const { headers, body } = chunk(token, 'a,b\n1,2\n');
  const bytes = raw(headers, body);
  const socket = await open();
  const done = answer(socket, (text) => text.endsWith('a,b\n1,2\n'));
  for (const byte of bytes) socket.write(Buffer.from([byte]));
  expect(await done).toContain('HTTP/1.1 200');
  socket.destroy();
});

it('holds the sender back while the intake is busy', async () => {
  const csv = Buffer.concat([Buffer.from('slow\n'), randomBytes(2_000_000)]);
  const reply = await ask(world.url('http'), '/v1/apply', chunk(token, csv));
  expect(split(reply).body.equals(csv)).toBe(true);
});

it('answers with a splice list only who asks for it', async () => {
  const { headers, body } = chunk(token, 'a\n', {}, { accept: 'application/vnd.kepler.splice, */*' });
  const reply = await ask(world.url('unix'), '/v1/apply', { headers, body });
  expect(reply.headers['content-type']).toBe('application/vnd.kepler.splice');
});

it.each([
  ['refuse\n', 422, 'invalid_csv', 'This is no CSV.'],
  ['fail\n', 422, 'target_missing', 'No field "y".'],
])('answers %j with its error, and the connection stays usable', async (start, status, code, message) => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const csv = Buffer.concat([Buffer.from(start), Buffer.alloc(1_000_000, 'x')]);
  const failed = await ask(world.url('unix'), '/v1/apply', { ...chunk(token, csv), agent });
  expect(failed.status).toBe(status);
  expect(failed.json.error).toEqual({ code, message, retryable: false });
  const good = await ask(world.url('unix'), '/v1/apply', { ...chunk(token, 'a\n1\n'), agent });
  expect(good.status).toBe(200);
  const [first, second] = world.jobs.requests.slice(-2);
  expect(first.connection).toBe(second.connection);
  await until(() => world.jobs.opened === 0);
  agent.destroy();
});

it('says nothing of what a bug threw, but logs it', async () => {
  const reply = await ask(world.url('unix'), '/v1/apply', chunk(token, 'bug\n'));
  expect(reply.status).toBe(500);
  expect(reply.json.error.code).toBe('internal');
  expect(reply.body.toString()).not.toContain('secret');
  expect(world.logged.join('')).toContain('secret detail');
});

it.each(['long\n', 'short'])('breaks the connection when a reply is not as declared (%s)', async (start) => {
  await expect(ask(world.url('unix'), '/v1/apply', chunk(token, `${start}123456789`))).rejects.toThrow();
});

describe('lengths', () => {
  it.each([
    [{ 'kepler-meta-length': 'x' }, 'body_length', 'kepler-meta-length'],
    [{ 'kepler-meta-length': '-1' }, 'body_length', 'kepler-meta-length'],
    [{ 'kepler-meta-length': 999_999 }, 'body_length', '999999'],
    [{ 'kepler-meta-length': 5 }, 'bad_request', 'not JSON'],
  ])('refuses %j', async (wrong, code, text) => {
    const { headers, body } = chunk(token, 'a\n1\n', {}, wrong);
    const reply = await ask(world.url('unix'), '/v1/apply', { headers, body });
    expect(reply.status).toBe(400);
    expect(reply.json.error.code).toBe(code);
    expect(reply.json.error.message).toContain(text);
  });

  it('refuses a body without a declared length', async () => {
    const { headers, body } = chunk(token, 'a\n1\n');
    delete headers['content-length'];
    const reply = await ask(world.url('unix'), '/v1/apply', {
      headers: { ...headers, 'transfer-encoding': 'chunked' },
      body,
    });
    expect(reply.json.error.code).toBe('body_length');
  });

  it('refuses a chunk over the limit without reading it all', async () => {
    const { headers, body } = chunk(token, 'a\n');
    const socket = await open();
    const done = answer(socket, (text) => text.includes('limit_body'));
    socket.write(raw({ ...headers, 'content-length': 50_000_000 }, body));
    const text = await done;
    expect(text).toContain('HTTP/1.1 413');
    expect(text).toContain('KEPLER_MAX_CHUNK_BYTES');
    socket.destroy();
  });

  it('gives up a chunk that is shorter than declared, and tells its job', async () => {
    const { headers, body } = chunk(token, 'a,b\n1,2\n');
    const socket = await open();
    const aborted = world.jobs.aborted.length;
    socket.write(raw({ ...headers, 'content-length': body.length + 10 }, body));
    await until(() => world.jobs.requests.at(-1)!.bytes === 18);
    socket.destroy();
    await until(() => world.jobs.aborted.length === aborted + 1);
    expect(world.jobs.aborted.at(-1)).toBe('body_length');
    await until(() => world.jobs.gone.includes(world.jobs.requests.at(-1)!.connection));
    expect(world.jobs.opened).toBe(0);
  });

  it('takes what follows a chunk that is longer than declared for no request', async () => {
    const { headers, body } = chunk(token, 'a\n1\n');
    const socket = await open();
    const done = answer(socket);
    socket.write(raw({ ...headers, 'content-length': body.length - 2 }, body));
    const text = await done;
    expect(text).toContain('HTTP/1.1 400');
    expect(text).toContain('longer than declared');
    await until(() => world.jobs.opened === 0);
  });
});

describe('metadata', () => {
  it.each([
    [{ job: 'x' }, 'job'],
    [{ chunk: -1 }, 'chunk'],
    [{ spec: { model: { namespace: 'other', name: 'm' }, options: {} } }, 'must be one of user, app'],
    [{ spec: { model: { namespace: 'user' }, options: {} } }, 'lacks "name"'],
    [{ spec: { model: { namespace: 'user', name: 'm' }, options: { k: 2 } } }, 'spec.options.k'],
    [{ finshed: true }, 'did you mean "finished"?'],
  ])('refuses %j', async (wrong, text) => {
    const reply = await ask(world.url('unix'), '/v1/apply', chunk(token, 'a\n1\n', wrong));
    expect(reply.status).toBe(400);
    expect(reply.json.error.message).toContain(text);
  });

  it('wants a spec with chunk 0 of a fit', async () => {
    const reply = await ask(world.url('unix'), '/v1/fit', chunk(token, 'a\n', { spec: undefined }));
    expect(reply.json.error.message).toContain('lacks "spec"');
  });
});

it('ends the jobs of a client that leaves while it waits', async () => {
  const { headers, body } = chunk(token, 'wait\n', { spec: FIT_SPEC });
  const socket = await open();
  socket.write(raw(headers, body, '/v1/fit'));
  const count = world.jobs.requests.length;
  await until(() => world.jobs.requests.length === count + 1);
  const { released } = world.jobs;
  socket.destroy();
  await until(() => world.jobs.gone.includes(world.jobs.requests.at(-1)!.connection));
  world.jobs.proceed();
  await until(() => world.jobs.released === released + 1);
});

it('frees the reply of a client that stops reading and leaves', async () => {
  const { headers, body } = chunk(token, randomBytes(2_900_000));
  const socket = await open();
  const { released, requests } = world.jobs;
  const count = requests.length;
  socket.pause();
  socket.write(raw(headers, body));
  // The whole request is there, and its reply fills the buffers.
  await until(() => requests.length === count + 1 && world.jobs.opened === 0);
  await new Promise((done) => setTimeout(done, 200));
  expect(world.jobs.released).toBe(released);
  socket.destroy();
  await until(() => world.jobs.released === released + 1);
});

it('gives up a client that falls silent in mid-chunk', async () => {
  const quick = await startWorld({ KEPLER_IDLE_SECONDS: '1' });
  const { headers, body } = chunk(await quick.head.token(), 'a\n1\n');
  const socket = connect(quick.url('unix').slice(5));
  const done = answer(socket);
  socket.write(raw({ ...headers, 'content-length': body.length + 1 }, body));
  await done;
  await until(() => quick.jobs.aborted.length > 0);
  expect(quick.jobs.aborted).toEqual(['limit_time']);
  await quick.end();
});

it('logs a job, not its chunks, and neither data nor the search nor the token', async () => {
  const job = randomUUID();
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  world.logged.length = 0;
  for (let i = 0; i < 3; i++) {
    const meta = { job, chunk: i, finished: i === 2, search: { sid: '1', search: 'index=secret | apply' } };
    await ask(world.url('unix'), '/v1/apply', { ...chunk(token, 'field\nvalue123\n', meta), agent });
  }
  agent.destroy();
  await until(() => world.logged.some((line) => line.includes(job)));
  const lines = world.logged.filter((line) => line.includes(job)).map((line) => JSON.parse(line));
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatchObject({ kind: 'apply', outcome: 'done', user: 'ann', chunks: 3, bytesIn: 45 });
  expect(world.logged.join('')).not.toMatch(/value123|index=secret|eyJ/);
});

it('refuses an unknown path and method in JSON', async () => {
  for (const [path, method, status, text] of [
    ['/v1/nothing', 'GET', 404, 'nothing at /v1/nothing'],
    ['/v1/fit', 'GET', 405, 'does not take GET'],
    ['/', 'GET', 404, 'nothing at /'],
  ] as const) {
    const reply = await ask(world.url('http'), path, { method, headers: authorized(token) });
    expect(reply.status).toBe(status);
    expect(reply.json.error.message).toContain(text);
  }
});
