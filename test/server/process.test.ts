import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SearchHead, ask, authorized } from './harness.ts';
import { killAll, listening, startProgram } from './program.ts';

let home: string;
let head: SearchHead;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'kepler-process-'));
  head = new SearchHead();
  head.trustIn(join(home, 'keys'));
});
afterEach(() => {
  killAll();
  rmSync(home, { recursive: true, force: true });
});

const runtimeFile = () => join(home, 'state', 'runtime.json');

it.each(['SIGTERM', 'SIGINT'] as const)('listens, answers, and ends in order on %s', async (signal) => {
  const program = startProgram(home);
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
  const first = startProgram(home);
  await listening(first);
  first.process.kill('SIGKILL');
  await first.ended;
  expect(existsSync(join(home, 'r.sock'))).toBe(true);
  const second = startProgram(home);
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
  const program = startProgram(home, environment);
  expect((await program.ended).code).toBe(1);
  expect(program.lines()).toHaveLength(1);
  expect(program.lines()[0]).toMatchObject({ level: 'fatal', msg: expect.stringContaining(text) });
  expect(existsSync(runtimeFile())).toBe(false);
});

it('does not start where it cannot write', async () => {
  mkdirSync(join(home, 'state'));
  // A file in the place of the folder: root may write to any folder.
  const program = startProgram(home, { KEPLER_HOME: join(home, 'keys', 'key.pub.pem') });
  expect((await program.ended).code).toBe(1);
  expect(JSON.stringify(program.lines())).toContain('key.pub.pem');
});
