import { execFileSync } from 'node:child_process';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { bringUp } from '../../splunk_app/src/bridge/containers/lifecycle.ts';
import { openEngine } from '../../splunk_app/src/bridge/containers/engine.ts';
import { docker, engineHost, Stage, TRAINING, withEngine } from './stage.ts';

// The first of them builds the image.
jest.setTimeout(600_000);

withEngine('a runtime in a container', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await Stage.open();
  });
  afterAll(() => stage?.close());

  it('serves fit and apply to the command executables, confined, and shows no secret', async () => {
    const spec = stage.spec('serve');
    const secret = 'b1d3c0de-0000-4000-8000-5ec2e7000000';
    const handover = stage.handover({ hec_token: secret });
    const state = await stage.engine.create(spec, handover);
    expect(state).toMatchObject({ name: spec.name, mode: 'prod', restarts: 0, lastExit: undefined });
    expect(['running', 'starting']).toContain(state.state);
    expect(state.url).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);

    const fitted = await stage.search('fit', 'LinearRegression y from a into line', TRAINING, state);
    expect(fitted.errors).toEqual([]);
    const applied = await stage.search('apply', 'line', 'a\n100\n200\n', state);
    expect(applied.errors).toEqual([]);
    const predictions = applied.rows.slice(1).map((row) => Number(row.split(',')[1]));
    expect(predictions[0]).toBeCloseTo(302, 6);
    expect(predictions[1]).toBeCloseTo(602, 6);

    const shown = docker('inspect', state.container);
    const [info] = JSON.parse(shown) as {
      HostConfig: Record<string, unknown> & { PortBindings: Record<string, { HostIp: string }[]> };
      Config: { User: string; Env: string[] };
    }[];
    expect(info.HostConfig).toMatchObject({
      Memory: 512 * 1024 * 1024,
      MemorySwap: 512 * 1024 * 1024,
      NanoCpus: 1e9,
      PidsLimit: 256,
      ReadonlyRootfs: true,
      CapDrop: ['ALL'],
      SecurityOpt: ['no-new-privileges:true'],
      Privileged: false,
    });
    expect(info.Config.User).toBe('1001:0');
    expect(info.HostConfig.PortBindings['8443/tcp'][0].HostIp).toBe('127.0.0.1');
    const pem = Object.values(handover.trustedKeys)[0].split('\n')[1];
    for (const hidden of [secret, pem, 'PRIVATE KEY']) expect(shown).not.toContain(hidden);
    // It is there as a file, for the container's user alone, in a volume that the container can only read.
    const inside = (script: string) => docker('exec', state.container, 'node', '-e', script);
    expect(inside("process.stdout.write(require('fs').readFileSync('/etc/kepler/secrets/hec_token'))")).toBe(
      secret,
    );
    expect(
      inside("console.log((require('fs').statSync('/etc/kepler/tls/key.pem').mode & 0o777).toString(8))"),
    ).toBe('400');
    for (const path of ['/etc/kepler/x', '/app/x', '/x']) {
      expect(
        inside(
          `try { require('fs').writeFileSync('${path}', ''); console.log('written') } catch (e) { console.log(e.code) }`,
        ),
      ).toMatch(/^E(ROFS|ACCES)$/);
    }
  });

  it('tells stats, logs and events, is stopped, started and restarted', async () => {
    const { name } = stage.spec('serve');
    const stats = await stage.engine.stats(name);
    expect(stats.memoryBytes).toBeGreaterThan(20e6);
    expect(stats).toMatchObject({ memoryLimitBytes: 512 * 1024 * 1024, pidsLimit: 256 });
    expect(stats.pids).toBeGreaterThan(1);
    expect(stats.cpu).toBeGreaterThanOrEqual(0);

    const lines = await stage.engine.logs(name, 100);
    expect(lines.map(({ line }) => line).join('\n')).toMatch(/listening/);
    expect(Math.abs(lines[0].time - Date.now() / 1000)).toBeLessThan(3600);
    expect(await stage.engine.logs(name, 1)).toHaveLength(1);

    const stopped = await stage.engine.stop(name);
    expect(stopped).toMatchObject({ state: 'stopped', lastExit: { code: 0, oom: false }, remedy: '' });
    expect(await stage.engine.stop(name)).toMatchObject({ state: 'stopped' });
    const started = await stage.engine.start(name);
    expect(started.url).toBe(stopped.url);
    const again = await stage.search('apply', 'line', 'a\n100\n', started);
    expect(again.rows[1]).toMatch(/^100,302/);
    const restarted = await stage.engine.restart(name);
    expect(restarted.started).toBeGreaterThan(started.started!);

    const events = (await stage.engine.events(0, name)).map(({ event }) => event);
    for (const event of ['create', 'start', 'die', 'stop', 'restart']) expect(events).toContain(event);
    const died = (await stage.engine.events(0, name)).find(({ event }) => event === 'die');
    expect(died).toMatchObject({ name, exitCode: 0, text: 'ended with exit code 0' });
  });

  it('keeps its models when the container is removed, and gives them up only when told to', async () => {
    const spec = stage.spec('serve');
    await stage.engine.remove(spec.name);
    expect(await stage.engine.inspect(spec.name)).toBeUndefined();
    expect(docker('volume', 'ls', '-q')).not.toContain(`kepler-${spec.name}-handover`);
    const { done, state } = await bringUp(stage.engine, spec, stage.handover());
    expect(done).toBe('created');
    const applied = await stage.search('apply', 'line', 'a\n100\n', state);
    expect(applied.errors).toEqual([]);
    expect(applied.rows[1]).toMatch(/^100,302/);
    expect((await bringUp(stage.engine, spec, stage.handover())).done).toBe('already running');
    const changed = await bringUp(stage.engine, { ...spec, pids: 300 }, stage.handover());
    expect(changed).toMatchObject({ done: 'created anew', state: { limits: { pids: 300 } } });
    expect((await stage.search('apply', 'line', 'a\n100\n', changed.state)).rows[1]).toMatch(/^100,302/);

    await stage.engine.remove(spec.name, { volumes: true });
    expect(docker('volume', 'ls', '-q')).not.toContain(`kepler-${spec.name}`);
  });

  it('says that it was killed, and runs again when started', async () => {
    const spec = stage.spec('killed');
    const { container } = await stage.engine.create(spec, stage.handover());
    docker('kill', '--signal', 'KILL', container);
    const state = (await stage.engine.inspect(spec.name))!;
    expect(state).toMatchObject({ state: 'failed', lastExit: { code: 137, oom: false } });
    expect(state.reason).toMatch(/killed .*137/);
    expect(state.remedy).not.toBe('');
    const started = await stage.engine.start(spec.name);
    expect(started.lastExit).toMatchObject({ code: 137 });
    expect((await stage.search('fit', 'LinearRegression y from a', TRAINING, started)).errors).toEqual([]);
    await stage.engine.remove(spec.name, { volumes: true });
  });

  it('says that it ran out of memory: exit code 137, OOMKilled', async () => {
    const spec = stage.spec('oom', { memory_mb: '192', restart: 'no' });
    const { container } = await stage.engine.create(spec, stage.handover());
    fillMemory(container);
    const state = await until(
      () => stage.engine.inspect(spec.name).then((s) => s!),
      (s) => s.state === 'failed',
    );
    expect(state.lastExit).toMatchObject({ code: 137, oom: true });
    expect(state.reason).toMatch(/more memory than its 192 MB/);
    expect(state.remedy).toMatch(/memory_mb/);
    expect(docker('inspect', '--format', '{{.State.OOMKilled}}', container)).toBe('true');
    await stage.engine.remove(spec.name, { volumes: true });
  });

  it('is restarted by the engine after a crash, which is still told of', async () => {
    const spec = stage.spec('again', { memory_mb: '192', restart: 'on-failure' });
    const { container } = await stage.engine.create(spec, stage.handover());
    fillMemory(container);
    const state = await until(
      () => stage.engine.inspect(spec.name).then((s) => s!),
      (s) => s.restarts > 0 && s.state !== 'failed',
    );
    expect(state.lastExit).toMatchObject({ code: 137, oom: true });
    expect(state.reason).toMatch(/out of memory.*started again, 1 time by the engine/);
    await stage.engine.remove(spec.name, { volumes: true });
  });

  it('leaves alone what others made', async () => {
    const spec = stage.spec('foreign');
    const other = `kepler-${spec.name}`;
    docker('create', '--name', other, '--label', `kepler.runtime=${spec.name}`, stage.image);
    try {
      await expect(stage.engine.create(spec, stage.handover())).rejects.toMatchObject({
        code: 'container_exists',
      });
      for (const act of ['start', 'stop', 'restart', 'remove', 'stats'] as const) {
        await expect(stage.engine[act](spec.name)).rejects.toMatchObject({ code: 'container_not_found' });
      }
      expect((await stage.engine.list()).map(({ name }) => name)).not.toContain(spec.name);
      expect(docker('inspect', '--format', '{{.State.Status}}', other)).toBe('created');
      // Nothing of the attempt stays.
      expect(docker('volume', 'ls', '-q')).not.toContain(`kepler-${spec.name}`);
    } finally {
      docker('rm', '-f', '-v', other);
    }
    docker('volume', 'create', `kepler-${spec.name}-models`);
    try {
      await expect(stage.engine.create(spec, stage.handover())).rejects.toMatchObject({
        code: 'container_exists',
        message: expect.stringMatching(/volume = kepler-.*-models/),
      });
    } finally {
      docker('volume', 'rm', `kepler-${spec.name}-models`);
    }
  });

  it('keeps two installations on one engine apart', async () => {
    const other = await openEngine({ host: engineHost!, installation: `${stage.installation}-other` });
    const spec = stage.spec('mine');
    await stage.engine.create(spec, stage.handover());
    expect(await other.list()).toEqual([]);
    await expect(other.stop(spec.name)).rejects.toMatchObject({ code: 'container_not_found' });
    await expect(other.create(spec, stage.handover())).rejects.toMatchObject({ code: 'container_exists' });
    expect((await stage.engine.inspect(spec.name))!.state).not.toBe('stopped');
    await stage.engine.remove(spec.name, { volumes: true });
  });

  it('names what is wrong and what to do: image, port, settings, a runtime that does not come up', async () => {
    const create = (settings: Record<string, string>) =>
      stage.engine.create(stage.spec('wrong', settings), stage.handover());
    await expect(create({ image: 'kepler-nothing:1' })).rejects.toMatchObject({
      code: 'image_missing',
      message: expect.stringMatching(/kepler-nothing:1.*npm run image/),
    });
    const listener = createServer();
    await new Promise<void>((done) => listener.listen(0, '127.0.0.1', done));
    const { port } = listener.address() as AddressInfo;
    await expect(create({ port: String(port) })).rejects.toMatchObject({
      code: 'port_taken',
      message: expect.stringMatching(new RegExp(`Port ${port} is taken.*Choose another port`)),
    });
    listener.close();
    // One that ends at once.
    const dockerfile = `FROM ${stage.image}\nENTRYPOINT ["node", "-e", "console.log('no such luck'); process.exit(3)"]\n`;
    const image = `kepler-broken:${process.pid}`;
    execFileSync('docker', ['build', '-q', '-t', image, '-'], {
      input: dockerfile,
      env: { ...process.env, DOCKER_BUILDKIT: '0' },
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    await expect(create({ image, restart: 'no' })).rejects.toMatchObject({
      code: 'container_failed',
      message: expect.stringMatching(/exit code 3.*no such luck/),
      details: { exitCode: 3, oom: false },
    });
    docker('rmi', image);
    // Nothing of any attempt stays.
    expect(docker('ps', '-a', '--filter', `label=kepler.installation=${stage.installation}`, '-q')).toBe('');
    expect(docker('volume', 'ls', '-q')).not.toContain('kepler-wrong');
  });
});

/** Fills the container's small /tmp, which counts as its memory: the kernel then ends the largest process, the runtime. */
function fillMemory(container: string): void {
  const script = `const fs = require('fs'); for (let i = 0; i < 62; i++) fs.writeFileSync('/tmp/' + i, Buffer.alloc(1 << 20, 1)); const held = []; for (;;) held.push(Buffer.alloc(1 << 20, 1));`;
  try {
    docker('exec', container, 'node', '--max-old-space-size=20', '-e', script);
  } catch {
    // It ends with the container, or before it.
  }
}

async function until<T>(look: () => Promise<T>, met: (value: T) => boolean): Promise<T> {
  for (;;) {
    const value = await look();
    if (met(value)) return value;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
