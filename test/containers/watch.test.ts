import { spawnSync } from 'node:child_process';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { spawn } from 'node:child_process';
import { EXECUTABLE } from '../../build/targets.ts';
import { headKey } from '../../splunk_app/src/bridge/identity.ts';
import { openEngine } from '../../splunk_app/src/bridge/containers/engine.ts';
import type { ContainerEngine } from '../../splunk_app/src/bridge/containers/types.ts';
import { docker, engineHost, Stage, TRAINING, withEngine } from './stage.ts';

// The first of them builds the image.
jest.setTimeout(600_000);

interface Told {
  event: string;
  runtime?: string;
  message: string;
  level: string;
  [detail: string]: unknown;
}

/** splunkd's part: what the input may read and write. */
class SmallSplunkd {
  readonly server: Server;
  readonly written: { path: string; form: URLSearchParams }[] = [];
  passwords: { realm: string; username: string; clear_password: string }[] = [];

  constructor() {
    this.server = createServer(
      (request, reply) =>
        void this.#answer(request).then((body) => {
          reply.writeHead(body === undefined ? 404 : 200, { 'content-type': 'application/json' });
          reply.end(JSON.stringify(body ?? { messages: [] }));
        }),
    );
  }

  async listen(): Promise<string> {
    await new Promise<void>((done) => this.server.listen(0, '127.0.0.1', done));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async #answer(request: IncomingMessage): Promise<unknown> {
    let text = '';
    for await (const piece of request) text += String(piece);
    const path = decodeURIComponent(request.url!.split('?')[0]);
    if (request.headers.authorization !== 'Splunk system-session') return undefined;
    if (path === '/services/authentication/current-context') {
      const capabilities = ['edit_kepler_runtimes', 'edit_kepler_models'];
      return {
        entry: [{ content: { username: 'splunk-system-user', roles: ['splunk-system-role'], capabilities } }],
      };
    }
    if (path.endsWith('/storage/passwords')) return { entry: this.passwords.map((content) => ({ content })) };
    if (path.includes('/configs/conf-kepler/runtime:')) {
      if (request.method === 'POST') this.written.push({ path, form: new URLSearchParams(text) });
      return { entry: [{ content: {} }] };
    }
    return undefined;
  }
}

withEngine('the input kepler_watch', () => {
  let stage: Stage;
  let engine: ContainerEngine;
  const splunkd = new SmallSplunkd();
  let serverUri: string;
  let name: string;

  beforeAll(async () => {
    stage = await Stage.open();
    serverUri = await splunkd.listen();
    // As the input opens it: containers of this search head.
    engine = await openEngine({ host: engineHost!, installation: headKey(stage.splunkHome).kid });
    name = stage.spec('watched').name;
  });
  afterAll(async () => {
    if (await engine?.inspect(name)) await engine.remove(name, { volumes: true });
    splunkd.server.close();
    await stage?.close();
  });

  /** One pass, as splunkd starts it. */
  async function pass(): Promise<Told[]> {
    const checkpoints = join(stage.folder, 'checkpoints');
    mkdirSync(checkpoints, { recursive: true });
    const xml = `<?xml version="1.0" encoding="UTF-8"?><input><server_host>sh1</server_host><server_uri>${serverUri}</server_uri><session_key>system-session</session_key><checkpoint_dir>${checkpoints}</checkpoint_dir><configuration><stanza name="kepler_watch://default" app="kepler"><param name="interval">30</param></stanza></configuration></input>`;
    const program = existsSync(EXECUTABLE.output)
      ? [resolve(EXECUTABLE.output)]
      : [process.execPath, resolve(EXECUTABLE.launcherBundle)];
    const child = spawn(program[0], [...program.slice(1), 'kepler_watch'], {
      env: { PATH: process.env.PATH, SPLUNK_HOME: stage.splunkHome, DOCKER_HOST: engineHost },
    });
    child.stdin.end(xml);
    let output = '';
    let errors = '';
    child.stdout.on('data', (piece: Buffer) => (output += piece.toString()));
    child.stderr.on('data', (piece: Buffer) => (errors += piece.toString()));
    const status = await new Promise((done) => child.on('close', done));
    expect({ status, errors }).toEqual({ status: 0, errors: '' });
    expect(output).toMatch(/^<stream>\n[^]*<\/stream>\n$/);
    return [...output.matchAll(/<data>([^]*?)<\/data>/g)].map(
      ([, data]) =>
        JSON.parse(data.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')) as Told,
    );
  }

  it('tells once of a runtime that is configured but has no container, and leaves it where its policy says so', async () => {
    stage.conf(
      `[runtime:${name}]\nengine = docker\nrestart = no\nimage = ${stage.image}\nmemory_mb = 512\ncpu = 1\n`,
    );
    const [told, ...more] = await pass();
    expect(more).toEqual([]);
    expect(told).toMatchObject({
      event: 'missing',
      runtime: name,
      level: 'WARN',
      remedy: expect.stringContaining(`keplerctl runtime start ${name}`),
    });
    expect(await pass()).toEqual([]);
    const removed = `[runtime:${name}]\nengine = docker\nremoved = true\nimage = ${stage.image}\n`;
    stage.conf(removed);
    expect(await pass()).toEqual([]);
    expect(await engine.inspect(name)).toBeUndefined();
  });

  it('says why a missing container cannot be created, and tries again after a pause', async () => {
    rmSync(join(stage.folder, 'checkpoints'), { recursive: true });
    stage.conf(`[runtime:${name}]\nengine = docker\nimage = kepler-nothing:1\n`);
    expect(await pass()).toEqual([
      expect.objectContaining({ event: 'missing', remedy: expect.stringContaining('within a minute') }),
    ]);
    expect(await pass()).toEqual([
      expect.objectContaining({
        event: 'create_failed',
        runtime: name,
        code: 'image_missing',
        remedy: 'The next try comes in 10 s.',
      }),
    ]);
    const checkpoint = JSON.parse(
      readFileSync(join(stage.folder, 'checkpoints/kepler_watch.json'), 'utf8'),
    ) as { restarts: object };
    expect(checkpoint.restarts).toMatchObject({ [name]: { tries: 1 } });
    rmSync(join(stage.folder, 'checkpoints'), { recursive: true });
  });

  it('creates one that is missing, in the pass after it was told, and connects it', async () => {
    stage.conf(`[runtime:${name}]\nengine = docker\nimage = ${stage.image}\nmemory_mb = 512\ncpu = 1\n`);
    expect(await pass()).toEqual([expect.objectContaining({ event: 'missing' })]);
    expect(await pass()).toEqual([expect.objectContaining({ event: 'created', runtime: name, try: 1 })]);
    const state = (await engine.inspect(name))!;
    expect(splunkd.written.map(({ form }) => Object.fromEntries(form))).toEqual([
      { url: state.url, fingerprint: state.fingerprint },
    ]);
    splunkd.written.length = 0;
    expect((await stage.search('fit', 'LinearRegression y from a', TRAINING, state)).errors).toEqual([]);
    await engine.remove(name);
    rmSync(join(stage.folder, 'checkpoints'), { recursive: true });
  });

  it('writes where it is reached into kepler.conf', async () => {
    const spec = stage.spec('watched');
    const state = await engine.create(spec, stage.handover());
    const told = await pass();
    expect(told).toEqual([expect.objectContaining({ event: 'connected', runtime: name })]);
    expect(splunkd.written).toHaveLength(1);
    const { path, form } = splunkd.written[0];
    expect(path).toContain(`conf-kepler/runtime:${name}`);
    expect(Object.fromEntries(form)).toEqual({ url: state.url, fingerprint: state.fingerprint });
    stage.conf(
      `[runtime:${name}]\nengine = docker\nimage = ${stage.image}\nmemory_mb = 512\ncpu = 1\nurl = ${state.url}\nfingerprint = ${state.fingerprint}\n`,
    );
    expect(await pass()).toEqual([]);
  });

  it('reports a crash with exit code and last lines, and starts the runtime again', async () => {
    const { container } = (await engine.inspect(name))!;
    docker('kill', '--signal', 'KILL', container);
    const told = await pass();
    expect(told.map(({ event }) => event)).toEqual(['crash', 'restarted']);
    expect(told[0]).toMatchObject({
      runtime: name,
      level: 'ERROR',
      exit_code: 137,
      oom: false,
      message: expect.stringMatching(/killed/),
    });
    expect((told[0].last_lines as string[]).join('\n')).toMatch(/listening/);
    const state = (await engine.inspect(name))!;
    expect(state.state).not.toBe('failed');
    expect((await stage.search('fit', 'LinearRegression y from a', TRAINING, state)).errors).toEqual([]);
    expect(await pass()).toEqual([]);
  });

  it('waits before it starts again what crashed again soon after', async () => {
    // However long a pass takes here: the last try was just now.
    const path = join(stage.folder, 'checkpoints/kepler_watch.json');
    const kept = JSON.parse(readFileSync(path, 'utf8')) as { restarts: Record<string, { at: number }> };
    kept.restarts[name].at = Date.now() / 1000 + 3600;
    writeFileSync(path, JSON.stringify(kept));
    docker('kill', '--signal', 'KILL', (await engine.inspect(name))!.container);
    const [told, ...more] = await pass();
    expect(told).toMatchObject({ event: 'crash', exit_code: 137 });
    expect(more).toEqual([]);
    expect((await engine.inspect(name))!.state).toBe('failed');
    const checkpoint = JSON.parse(
      readFileSync(join(stage.folder, 'checkpoints/kepler_watch.json'), 'utf8'),
    ) as { restarts: object };
    expect(checkpoint.restarts).toMatchObject({ [name]: { tries: 1 } });
    await engine.start(name);
  });

  it('leaves a runtime alone that somebody stopped', async () => {
    await engine.stop(name);
    expect(await pass()).toEqual([]);
    expect((await engine.inspect(name))!.state).toBe('stopped');
    await engine.start(name);
  });

  it('hands the token for telemetry to the runtime, as a file that nothing shows, and takes it back', async () => {
    const { container } = (await engine.inspect(name))!;
    const token = '0b5c0000-1111-4222-8333-444455556666';
    const kept = () =>
      docker(
        'exec',
        container,
        'node',
        '-e',
        "try { process.stdout.write(require('fs').readFileSync('/var/lib/kepler/secrets/hec_token')) } catch (e) { console.log(e.code) }",
      );
    splunkd.passwords = [
      { realm: 'other', username: 'hec_token', clear_password: 'not ours' },
      { realm: 'kepler', username: 'hec_token', clear_password: token },
    ];
    expect(await pass()).toEqual([expect.objectContaining({ event: 'secrets_handed_over', runtime: name })]);
    expect(kept()).toBe(token);
    expect(await pass()).toEqual([]);
    expect(docker('inspect', container)).not.toContain(token);
    expect(readFileSync(join(stage.folder, 'checkpoints/kepler_watch.json'), 'utf8')).not.toContain(token);
    splunkd.passwords = [];
    expect(await pass()).toEqual([
      expect.objectContaining({ event: 'secrets_handed_over', message: expect.stringMatching(/taken back/) }),
    ]);
    expect(kept()).toBe('ENOENT');
  });

  it('says that settings have changed since the container was created', async () => {
    const { url, fingerprint } = (await engine.inspect(name))!;
    stage.conf(
      `[runtime:${name}]\nengine = docker\nimage = ${stage.image}\nmemory_mb = 768\ncpu = 1\nurl = ${url}\nfingerprint = ${fingerprint}\n`,
    );
    expect(await pass()).toEqual([expect.objectContaining({ event: 'changed', runtime: name })]);
    expect(await pass()).toEqual([]);
  });

  it('says that the engine cannot be reached, and goes on', async () => {
    const { url, fingerprint } = (await engine.inspect(name))!;
    stage.conf(
      `[engine]\nhost = unix:///nonexistent/docker.sock\n[runtime:${name}]\nengine = docker\nimage = ${stage.image}\nurl = ${url}\nfingerprint = ${fingerprint}\n`,
    );
    expect(await pass()).toEqual([
      expect.objectContaining({
        event: 'engine_failed',
        code: 'engine_unreachable',
        message: expect.stringMatching(/nonexistent.*start Docker/),
      }),
    ]);
    expect(await pass()).toEqual([]);
  });
});

describe('the scheme of kepler_watch', () => {
  const program = [process.execPath, resolve(EXECUTABLE.bundle), 'kepler_watch'];
  const run = (args: string[], input = '') =>
    spawnSync(program[0], [...program.slice(1), ...args], { input, encoding: 'utf8' });

  it('is told, and arguments are checked', () => {
    const scheme = run(['--scheme']);
    expect(scheme.status).toBe(0);
    expect(scheme.stdout).toMatch(/^<scheme>[^]*<streaming_mode>xml<\/streaming_mode>[^]*<\/scheme>\n$/);
    const items = (lines: string) =>
      `<items><server_uri>x</server_uri><item name="one"><param name="last_lines">${lines}</param></item></items>`;
    expect(run(['--validate-arguments'], items('50'))).toMatchObject({ status: 0, stdout: '' });
    const wrong = run(['--validate-arguments'], items('&lt;9'));
    expect(wrong.status).toBe(1);
    expect(wrong.stdout).toBe(
      '<error><message>last_lines = &lt;9 must be a whole number from 0 to 200 (inputs.conf [kepler_watch://&lt;name&gt;]).</message></error>\n',
    );
  });

  it('is started by its script as by a link of its name', () => {
    const { status, stdout } = spawnSync('splunk_app/bin/kepler_watch.sh', ['--scheme'], {
      encoding: 'utf8',
    });
    expect(status).toBe(0);
    expect(stdout).toMatch(/^<scheme>/);
  });
});
