/** A worker thread's way to containers: what is said when it does not lead there. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { KeplerError } from '../../../container/contract/errors.ts';
import { PeerDoor } from '../../../container/templates/dsdl/peer-door.ts';
import { takeTurn } from '../../../container/templates/dsdl/turns.ts';
import { until } from '../../eventually.ts';

const PROGRAM = pathToFileURL(resolve('dist/runtime/dsdl-peer.mjs'));
let folder: string;
let silent: Server;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'kepler-peers-'));
  // Takes connections, and answers nothing.
  silent = createServer((socket) => void socket.resume().on('error', () => undefined));
  await new Promise<void>((done) => silent.listen(0, '127.0.0.1', done));
});
afterAll(() => {
  silent.close();
  rmSync(folder, { recursive: true, force: true });
});

const door = (variables: Record<string, string>, check: () => void = () => undefined) =>
  new PeerDoor(PROGRAM, { variables, secrets: folder }, 1 << 20, check);
const port = (server: Server) => (server.address() as AddressInfo).port;

function call(variables: Record<string, string>, check?: () => void): unknown {
  const asked = door({ KEPLER_DSDL_PEER_TOKEN: 'secret', ...variables }, check);
  return asked.call(asked.peer('main'), '/fit', Buffer.from('{}'));
}

const failure = (task: () => unknown): KeplerError => {
  try {
    task();
  } catch (error) {
    if (error instanceof KeplerError) return error;
    throw error;
  }
  throw new Error('it did not fail');
};

it('names a container that is not there', () => {
  const error = failure(() => call({ KEPLER_DSDL_PEER_URL: 'http://127.0.0.1:1' }));
  expect(error.code).toBe('peer_unreachable');
  expect(error.message).toMatch(/"main" \(http:\/\/127\.0\.0\.1:1\) cannot be reached: .*ECONNREFUSED/);
  expect(error.message).not.toContain('secret');
});

it('gives up one that does not answer', () => {
  const url = `http://127.0.0.1:${port(silent)}`;
  const error = failure(() => call({ KEPLER_DSDL_PEER_URL: url, KEPLER_DSDL_PEER_SECONDS: '0.2' }));
  expect([error.code, error.message]).toEqual([
    'limit_time',
    expect.stringMatching(/did not answer \/fit within 0\.2 seconds/) as string,
  ]);
});

it('ends with its search', () => {
  let looks = 0;
  const check = () => {
    if (++looks > 2) throw new KeplerError('cancelled', 'The search was cancelled.');
  };
  const url = `http://127.0.0.1:${port(silent)}`;
  expect(failure(() => call({ KEPLER_DSDL_PEER_URL: url }, check)).code).toBe('cancelled');
});

it('is asked by one search at a time, in turn; who gives up waits no longer', async () => {
  const { signal } = new AbortController();
  const first = await takeTurn('http://one', signal);
  const other = await takeTurn('http://other', signal);
  const order: string[] = [];
  const waiting = ['b', 'c'].map(async (name) => {
    const turn = await takeTurn('http://one', signal);
    order.push(name);
    await new Promise(setImmediate);
    order.push(`${name} over`);
    turn.end();
  });
  const given = new AbortController();
  const gone = takeTurn('http://one', given.signal);
  given.abort(new Error('cancelled'));
  await expect(gone).rejects.toThrow('cancelled');
  expect(order).toEqual([]);
  first.end();
  other.end();
  await Promise.all(waiting);
  expect([order[1], order[3]]).toEqual([`${order[0]} over`, `${order[2]} over`]);
});

describe('answers', () => {
  let answering: Worker;
  let url: string;
  let heard: string[];

  // In a thread of its own: the one that asks stands still.
  const start = async (status: number, body: string) => {
    heard = [];
    answering = new Worker(
      `const { createServer } = require('node:http');
       const { parentPort, workerData } = require('node:worker_threads');
       createServer((request, response) => {
         request.resume().on('end', () => {
           parentPort.postMessage(request.headers.authorization);
           response.writeHead(workerData.status).end(workerData.body);
         });
       }).listen(0, '127.0.0.1', function () { parentPort.postMessage(this.address().port); });`,
      { eval: true, workerData: { status, body } },
    );
    url = await new Promise((done) =>
      answering.once('message', (at: number) => done(`http://127.0.0.1:${at}`)),
    );
    answering.on('message', (token: string) => heard.push(token));
  };
  afterEach(() => answering.terminate());

  it.each([
    [200, '{"status":"error","message":"größer: \\"10\\" 😀"}', 'template_failed', 'größer: "10" 😀'],
    [200, '{"status":"other"}', 'template_failed', "another form than DSDL's"],
    [200, '[1]', 'template_failed', "another form than DSDL's"],
    [200, 'null', 'template_failed', "another form than DSDL's"],
    [200, '<html>', 'template_failed', 'what is no JSON: <html>'],
    [401, '{"detail":"Invalid token"}', 'peer_refused', 'refused the token: Invalid token'],
    [500, 'Internal Server Error', 'template_failed', 'status 500: Internal Server Error'],
    [422, '{"detail":[{"msg":"field required"}]}', 'template_failed', 'field required'],
    [200, `"${'x'.repeat(2 << 20)}"`, 'limit_memory', 'more than 1048576 bytes'],
  ])('%d %.40s', async (status, body, code, words) => {
    await start(status, body);
    const error = failure(() => call({ KEPLER_DSDL_PEER_URL: url }));
    expect([error.code, error.message]).toEqual([code, expect.stringContaining(words) as string]);
    expect(error.message).not.toContain('secret');
  });

  it('bear the results, and the token went as it is', async () => {
    await start(200, '{"status":"success","message":"done","results":"a\\n1\\n"}');
    expect(call({ KEPLER_DSDL_PEER_URL: `${url}/` })).toEqual({
      status: 'success',
      message: 'done',
      results: 'a\n1\n',
    });
    await until(() => heard.length > 0);
    expect(heard).toEqual(['secret']);
  });

  it('of a summary stand in JSON inside JSON', async () => {
    await start(200, JSON.stringify(JSON.stringify({ app: 'x', model_summary: { a: 1 } })));
    const asked = door({ KEPLER_DSDL_PEER_TOKEN: 'secret', KEPLER_DSDL_PEER_URL: url });
    expect(asked.summary(asked.peer('main'))).toEqual({ app: 'x', model_summary: { a: 1 } });
  });
});

describe('where a container is', () => {
  it('comes from the environment, by its name', () => {
    const token = join(folder, 'token');
    writeFileSync(token, 'of a file\n');
    const asked = door({
      KEPLER_DSDL_PEER_GPU_1_URL: 'https://gpu:5000',
      KEPLER_DSDL_PEER_GPU_1_TOKEN_FILE: token,
      KEPLER_DSDL_PEER_GPU_1_FINGERPRINT: 'sha256:AB',
      KEPLER_DSDL_PEER_GPU_1_VERIFY: 'false',
    });
    expect(asked.peer('gpu_1')).toEqual({
      name: 'gpu_1',
      url: 'https://gpu:5000',
      token: 'of a file',
      seconds: 600,
      fingerprint: 'AB',
      anyCertificate: true,
    });
  });

  it('or from what the search head handed over, looked up at each call', () => {
    const asked = door({});
    expect(failure(() => asked.peer('other')).message).toMatch(
      /address of the container "other" is not set: url below \[dsdl:other\] in kepler\.conf/,
    );
    writeFileSync(join(folder, 'dsdl_other_url'), 'https://other:5000\n');
    expect(failure(() => asked.peer('other')).message).toMatch(/token of the container "other" is not set/);
    writeFileSync(join(folder, 'dsdl_other_token'), 't');
    expect(asked.peer('other')).toMatchObject({ url: 'https://other:5000', token: 't' });
    expect(readFileSync(join(folder, 'dsdl_other_token'), 'utf8')).toBe('t');
  });

  it.each(['../x', 'A', '', 'a-b', 'x'.repeat(40)])('is never a path: %s', (name) => {
    mkdirSync(join(folder, 'x'), { recursive: true });
    expect(failure(() => door({}).peer(name)).code).toBe('invalid_arguments');
  });

  it('must be an address', () => {
    const error = failure(() =>
      door({ KEPLER_DSDL_PEER_URL: 'host:5000', KEPLER_DSDL_PEER_TOKEN: 'x' }).peer('main'),
    );
    expect(error.message).toMatch(/must be such as https:\/\/host:5000, not "host:5000"/);
  });
});
