import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SearchHead, ask, authorized } from './harness.ts';

const PROGRAM = join(__dirname, '../../dist/runtime/main.mjs');

let home: string;
let head: SearchHead;
const running = new Set<ChildProcess>();
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'kepler-process-'));
  head = new SearchHead();
  head.trustIn(join(home, 'keys'));
});
afterEach(() => {
  for (const process of running) process.kill('SIGKILL');
  rmSync(home, { recursive: true, force: true });
});

interface Program {
  readonly process: ChildProcess;
  readonly lines: () => Record<string, unknown>[];
  readonly ended: Promise<{ code: number | null; signal: string | null }>;
}

function start(environment: Record<string, string | undefined> = {}): Program {
  const child = spawn(process.execPath, [PROGRAM], {
    env: {
      PATH: process.env.PATH,
      KEPLER_HOME: join(home, 'state'),
      KEPLER_TRUSTED_KEYS: join(home, 'keys'),
      KEPLER_LISTEN: `unix:${home}/r.sock,http://127.0.0.1:0`,
      ...environment,
    },
  });
  running.add(child);
  let text = '';
  child.stdout.on('data', (piece: Buffer) => (text += piece.toString()));
  child.stderr.on('data', (piece: Buffer) => (text += piece.toString()));
  const ended = new Promise<{ code: number | null; signal: string | null }>((resolve) =>
    child.on('close', (code, signal) => {
      running.delete(child);
      resolve({ code, signal });
    }),
  );
  const lines = () =>
    text
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  return { process: child, lines, ended };
}

async function listening(program: Program): Promise<string[]> {
  for (let i = 0; i < 1000; i++) {
    const line = program.lines().find(({ msg }) => msg === 'listening');
    if (line) return line.urls as string[];
    await new Promise((done) => setTimeout(done, 10));
  }
  throw new Error(`not listening: ${JSON.stringify(program.lines())}`);
}

const runtimeFile = () => join(home, 'state', 'runtime.json');

it.each(['SIGTERM', 'SIGINT'] as const)('listens, answers, and ends in order on %s', async (signal) => {
  const program = start();
  const urls = await listening(program);
  expect(JSON.parse(readFileSync(runtimeFile(), 'utf8'))).toEqual({ pid: program.process.pid, urls });
  expect((await ask(urls[0], '/readyz')).json.status).toBe('ready');
  expect((await ask(urls[1], '/healthz')).json.status).toBe('ok');
  const models = await ask(urls[0], '/v1/models', { headers: authorized(await head.token()) });
  expect(models.json).toEqual({ models: [], messages: [] });
  program.process.kill(signal);
  expect(await program.ended).toEqual({ code: 0, signal: null });
  expect(program.lines().map(({ msg }) => msg)).toEqual(['listening', 'stopping', 'stopped']);
  expect(existsSync(runtimeFile())).toBe(false);
  expect(existsSync(join(home, 'r.sock'))).toBe(false);
});

it('starts again where it was killed, on the same socket', async () => {
  const first = start();
  await listening(first);
  first.process.kill('SIGKILL');
  await first.ended;
  expect(existsSync(join(home, 'r.sock'))).toBe(true);
  const second = start();
  const urls = await listening(second);
  expect((await ask(urls[0], '/healthz')).status).toBe(200);
  expect(readdirSync(join(home, 'state', 'models', '.aside'))).toEqual([]);
  second.process.kill('SIGTERM');
  expect((await second.ended).code).toBe(0);
});

it.each([
  [{ KEPLER_HOME: undefined }, 'KEPLER_HOME is not set'],
  [{ KEPLER_LISTEN: 'http://0.0.0.0:0' }, 'plain http'],
  [{ KEPLER_MAX_ROWS: 'x' }, 'KEPLER_MAX_ROWS'],
  [
    { KEPLER_LISTEN: 'https://127.0.0.1:0', KEPLER_TLS_CERT: '/nowhere', KEPLER_TLS_KEY: '/nowhere' },
    '/nowhere',
  ],
])('does not start with %j, and says why', async (environment, text) => {
  const program = start(environment);
  expect((await program.ended).code).toBe(1);
  expect(program.lines()).toHaveLength(1);
  expect(program.lines()[0]).toMatchObject({ level: 'fatal', msg: expect.stringContaining(text) });
  expect(existsSync(runtimeFile())).toBe(false);
});

it('does not start where it cannot write', async () => {
  mkdirSync(join(home, 'state'));
  // A file in the place of the folder: root may write to any folder.
  const program = start({ KEPLER_HOME: join(home, 'keys', 'key.pub.pem') });
  expect((await program.ended).code).toBe(1);
  expect(JSON.stringify(program.lines())).toContain('key.pub.pem');
});
