import { execFileSync, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { Agent } from 'node:http';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FIT_SPEC, ask, chunk, split, startWorld } from './harness.ts';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'kepler-life-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('says where it listens, on a socket that only its user may open, and takes both away at the end', async () => {
  const world = await startWorld();
  const file = join(world.home, 'runtime.json');
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ pid: process.pid, urls: world.runtime.urls });
  expect(statSync(join(world.home, 'r.sock')).mode & 0o777).toBe(0o600);
  expect(world.runtime.urls[1]).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  await world.runtime.stop();
  expect(existsSync(file)).toBe(false);
  expect(existsSync(join(world.home, 'r.sock'))).toBe(false);
  expect(world.jobs.closed).toBe(1000);
  await expect(ask(world.url('http'), '/healthz')).rejects.toThrow('ECONNREFUSED');
  rmSync(world.home, { recursive: true });
});

it('takes over the socket of a runtime that died, not of one that lives, and no other file', async () => {
  const path = join(folder, 'r.sock');
  const listen = () => `unix:${path}`;
  // A process that is killed leaves its socket behind.
  const code = `require('net').createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, 'SIGKILL'))`;
  spawnSync(process.execPath, ['-e', code]);
  expect(statSync(path).isSocket()).toBe(true);
  const world = await startWorld({}, listen);
  expect((await ask(world.url('unix'), '/healthz')).status).toBe(200);
  await expect(startWorld({}, listen)).rejects.toThrow(/Another runtime listens/);
  expect((await ask(world.url('unix'), '/healthz')).status).toBe(200);
  await world.end();
  writeFileSync(path, 'precious');
  await expect(startWorld({}, listen)).rejects.toThrow(/no socket/);
  expect(readFileSync(path, 'utf8')).toBe('precious');
});

it('names a port that is taken', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await new Promise((done) => other.once('listening', done));
  const { port } = other.address() as AddressInfo;
  await expect(startWorld({}, () => `http://127.0.0.1:${port}`)).rejects.toThrow(
    new RegExp(`127.0.0.1:${port}: EADDRINUSE`),
  );
  other.close();
});

const openssl = spawnSync('openssl', ['version']).status === 0;
(openssl ? it : it.skip)(
  `speaks TLS (${openssl ? 'certificate by openssl' : 'skipped: no openssl here'})`,
  async () => {
    const cert = join(folder, 'cert.pem');
    const key = join(folder, 'tls.pem');
    execFileSync(
      'openssl',
      // prettier-ignore
      ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2', '-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', key, '-out', cert],
      { stdio: 'pipe' },
    );
    const world = await startWorld(
      { KEPLER_TLS_CERT: cert, KEPLER_TLS_KEY: key },
      () => 'https://127.0.0.1:0',
    );
    const tls = { ca: readFileSync(cert) };
    const csv = randomBytes(500_000);
    const sent = chunk(await world.head.token(), csv);
    const reply = await ask(world.url('https'), '/v1/apply', { ...sent, tls });
    expect(split(reply).body.equals(csv)).toBe(true);
    await expect(ask(world.url('https'), '/healthz')).rejects.toThrow(/self.signed/);
    await expect(ask(world.url('https').replace('https', 'http'), '/healthz')).rejects.toThrow();
    await world.end();
  },
);

it('lets what runs finish, tells the rest, and only then ends', async () => {
  const world = await startWorld();
  const token = await world.head.token();
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const url = world.url('http');
  await ask(url, '/v1/apply', { ...chunk(token, 'a\n'), agent });
  // One fit is being answered, another is between two chunks.
  const running = ask(url, '/v1/fit', chunk(token, 'wait\n', { spec: FIT_SPEC }));
  while (world.jobs.requests.length < 2) await new Promise((done) => setTimeout(done, 5));
  world.jobs.jobs = [
    {
      job: 'a',
      kind: 'fit',
      state: 'receiving',
      user: 'ann',
      app: 'search',
      sid: '1',
      rows: 1,
      startedAt: 1,
    },
  ];
  const stopped = world.runtime.stop();
  expect((await running).status).toBe(200);
  const late = await ask(url, '/v1/apply', { ...chunk(token, 'a\n'), agent });
  expect(late.status).toBe(503);
  expect(late.json.error).toMatchObject({ code: 'shutting_down', retryable: true });
  await stopped;
  await expect(ask(url, '/healthz')).rejects.toThrow('ECONNREFUSED');
  agent.destroy();
  rmSync(world.home, { recursive: true });
});

it('does not take the runtime.json of a successor away', async () => {
  const world = await startWorld();
  const file = join(world.home, 'runtime.json');
  writeFileSync(file, '{"pid":1,"urls":[]}');
  await world.runtime.stop();
  expect(existsSync(file)).toBe(true);
  rmSync(world.home, { recursive: true });
});
