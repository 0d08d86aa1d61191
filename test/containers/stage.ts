import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  rmdirSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { EXECUTABLE } from '../../build/targets.ts';
import { openEngine } from '../../splunk_app/src/bridge/containers/engine.ts';
import { headHandover } from '../../splunk_app/src/bridge/containers/lifecycle.ts';
import { runtimeSpec } from '../../splunk_app/src/bridge/containers/runtime-specs.ts';
import type {
  ContainerEngine,
  ContainerState,
  RuntimeSpec,
} from '../../splunk_app/src/bridge/containers/types.ts';
import { CommandProcess, errorsOf } from '../app/splunkd.ts';

const DEFAULT = '/var/run/docker.sock';
export const engineHost = process.env.DOCKER_HOST || (existsSync(DEFAULT) ? `unix://${DEFAULT}` : undefined);

function answers(): boolean {
  if (!engineHost) return false;
  const { status } = spawnSync('docker', ['version', '--format', '{{.Server.Version}}'], { stdio: 'ignore' });
  return status === 0;
}

/** Tests that need a real engine; where none answers they are skipped, saying so. */
export const withEngine: jest.Describe = answers()
  ? describe
  : (((name: string, body: () => void) =>
      describe.skip(
        `${name} (skipped: no container engine answers at DOCKER_HOST or ${DEFAULT}, or there is no docker command)`,
        body,
      )) as jest.Describe);

export const docker = (...args: string[]): string =>
  execFileSync('docker', args, { encoding: 'utf8' }).trim();

function newest(path: string): number {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(0, ...readdirSync(path).map((name) => newest(join(path, name))));
}

const LOCK = 'dist/image.lock';

/** The runtime's image, built by the real program from the sources as they are; once for all test files. */
export async function imageForTests(): Promise<{ image: string; log: string }> {
  // For who runs one file again and again: an image that is there, whatever has changed since.
  if (process.env.KEPLER_TEST_IMAGE) return { image: process.env.KEPLER_TEST_IMAGE, log: '' };
  const sources = Math.max(...['container', 'build', 'Dockerfile', 'package-lock.json'].map(newest));
  const version = `test-${createHash('sha256').update(String(sources)).digest('hex').slice(0, 12)}`;
  const image = `kepler-cpu:${version}`;
  mkdirSync('dist', { recursive: true });
  while (!took()) await sleep(200);
  try {
    const present = spawnSync('docker', ['image', 'inspect', image], { stdio: 'ignore' }).status === 0;
    if (present) return { image, log: '' };
    // The engine of the test runs has no registry, but a base made of this machine's Node.js, without librt.
    const bare = spawnSync('docker', ['image', 'inspect', 'node-base:1'], { stdio: 'ignore' }).status === 0;
    const base = bare ? ['--base', 'node-base:1', '--library', 'librt.so.1'] : [];
    const args = ['tsx', 'build/image/main.ts', 'cpu', '--version', version, '--accept-advisories', ...base];
    const built = spawnSync('npx', args, {
      encoding: 'utf8',
      env: { ...process.env, DOCKER_BUILDKIT: bare ? '0' : '1' },
    });
    if (built.status !== 0) throw new Error(`the image was not built:\n${built.stderr}\n${built.stdout}`);
    return { image, log: `${built.stderr}\n${built.stdout}` };
  } finally {
    rmdirSync(LOCK);
  }
}

function took(): boolean {
  try {
    mkdirSync(LOCK);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    // Somebody was killed while building.
    if (Date.now() - statSync(LOCK).mtimeMs > 5 * 60_000) rmSync(LOCK, { recursive: true });
    return false;
  }
}

/** A search head of the test's own, with an installation id of its own on the engine. */
export class Stage {
  readonly folder = mkdtempSync(join(tmpdir(), 'kepler-containers-'));
  readonly splunkHome = join(this.folder, 'splunk');
  readonly image: string;
  readonly engine: ContainerEngine;
  readonly installation: string;

  private constructor(image: string, engine: ContainerEngine, installation: string) {
    this.image = image;
    this.engine = engine;
    this.installation = installation;
    mkdirSync(join(this.splunkHome, 'etc/apps/kepler/local'), { recursive: true });
    mkdirSync(join(this.splunkHome, 'var/lib'), { recursive: true });
  }

  static async open(): Promise<Stage> {
    const { image } = await imageForTests();
    const installation = `test-${process.pid}-${Date.now()}`;
    return new Stage(image, await openEngine({ host: engineHost!, installation }), installation);
  }

  handover(secrets?: Record<string, string>) {
    return headHandover(this.splunkHome, secrets);
  }

  /** Names are the engine's own: another test file's must not be met. */
  spec(name: string, settings: Record<string, string> = {}): RuntimeSpec {
    const all = { image: this.image, memory_mb: '512', cpu: '1', ...settings };
    return runtimeSpec(`${name}-${process.pid}`, new Map(Object.entries(all)));
  }

  conf(text: string): void {
    writeFileSync(join(this.splunkHome, 'etc/apps/kepler/local/kepler.conf'), text);
  }

  /** A search command over one chunk, by the real executable against the runtime in the container. */
  async search(command: string, args: string, csv: string, { url, fingerprint }: ContainerState) {
    const program = existsSync(EXECUTABLE.output)
      ? [resolve(EXECUTABLE.output)]
      : [process.execPath, resolve(EXECUTABLE.launcherBundle)];
    const env = {
      SPLUNK_HOME: this.splunkHome,
      KEPLER_RUNTIME_URL: url,
      KEPLER_RUNTIME_FINGERPRINT: fingerprint,
    };
    const child = new CommandProcess(command, env, program);
    const info = await child.getinfo(args);
    if (info.metadata.error) throw new Error(info.metadata.error);
    const reply = await child.execute(csv, true);
    await child.end();
    return { rows: reply.body.trimEnd().split('\n'), errors: errorsOf(reply) };
  }

  async close(): Promise<void> {
    for (const { name } of await this.engine.list()) await this.engine.remove(name, { volumes: true });
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** y = 3 a + 2, and a class. */
export const TRAINING =
  ['a,y,kind', ...Array.from({ length: 60 }, (_, i) => `${i},${3 * i + 2},${i < 30 ? 'low' : 'high'}`)].join(
    '\n',
  ) + '\n';
