/**
 * Environments of templates in Python: made from their requirements, locked at the first build, found by the hash of the lock.
 *
 *   <folder>/<hash>/            a virtual environment, and environment.json; appears whole or not at all
 *   <folder>/locks/<key>.lock   what the same requirements came to when they were first installed
 *
 * They are built beside whatever the runtime does, one after the other.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { KeplerError } from '../../contract/errors.ts';
import { writeDurable } from '../../registry/durable-files.ts';
import { findInterpreter } from './interpreter.ts';
import { linesOf, lockOf } from './lock.ts';
import { redacted } from './pip-settings.ts';
import type { PipSettings } from './pip-settings.ts';
import type { Requirements } from './requirements.ts';

export interface Environment {
  readonly hash: string;
  readonly lock: string;
  readonly executable: string;
}

/** Of the environment that is being built for a template. */
export interface BuildState {
  readonly stage: string;
  readonly since: number;
}

export interface EnvironmentsOptions {
  readonly folder: string;
  /** The interpreter that environments are made of. */
  readonly command: string;
  readonly pip: () => PipSettings;
  readonly log?: (text: string, fields: Readonly<Record<string, unknown>>) => void;
}

/** A build that takes longer is stuck. */
const BUILD_SECONDS = 1800;
const LAST_WORDS = 4000;

export class Environments {
  readonly #options: EnvironmentsOptions;
  readonly #building = new Map<string, BuildState>();
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: EnvironmentsOptions) {
    this.#options = options;
  }

  /** What is being done for which template. */
  get building(): ReadonlyMap<string, BuildState> {
    return this.#building;
  }

  /**
   * The environment for these requirements; made where there is none yet.
   * @param name the template's
   * @throws KeplerError template_invalid with the last words of what installs
   */
  async ensure(name: string, requirements: Requirements): Promise<Environment> {
    const { folder, command } = this.#options;
    const { version } = await findInterpreter(command);
    const key = digest([version, process.platform, process.arch, ...requirements.lines, requirements.local]);
    const lockFile = join(folder, 'locks', `${key}.lock`);
    const lock = existsSync(lockFile) ? await readFile(lockFile, 'utf8') : undefined;
    if (lock !== undefined) {
      const made = this.#find(lock, version);
      if (made) return made;
    }
    return this.#build(name, version, lock, async (tool) => {
      const written = lock ?? (await tool.install(requirements.lines, requirements.local));
      if (lock === undefined) {
        await mkdir(join(folder, 'locks'), { recursive: true, mode: 0o755 });
        await writeDurable(lockFile, written);
      } else await tool.install(linesOf(lock), undefined);
      return written;
    });
  }

  /** Makes the environment of a lock again, where it is gone. @throws KeplerError template_invalid */
  async restore(name: string, lock: string): Promise<Environment> {
    const { version } = await findInterpreter(this.#options.command);
    return (
      this.#find(lock, version) ??
      this.#build(name, version, lock, async (tool) => {
        await tool.install(linesOf(lock), undefined);
        return lock;
      })
    );
  }

  #find(lock: string, version: string): Environment | undefined {
    const hash = hashOf(lock, version);
    const executable = join(this.#options.folder, hash, 'bin', 'python');
    return existsSync(executable) ? { hash, lock, executable } : undefined;
  }

  /** One at a time: each takes the network and the disk. */
  #build(
    name: string,
    version: string,
    lock: string | undefined,
    fill: (tool: Installer) => Promise<string>,
  ): Promise<Environment> {
    const build = this.#last.then(async () => {
      // Another template may have asked for the same meanwhile.
      const made = lock === undefined ? undefined : this.#find(lock, version);
      return made ?? (await this.#make(name, version, fill));
    });
    this.#building.set(name, { stage: 'waiting for another environment', since: Date.now() });
    this.#last = build.catch(() => undefined);
    return build.finally(() => this.#building.delete(name));
  }

  async #make(
    name: string,
    version: string,
    fill: (tool: Installer) => Promise<string>,
  ): Promise<Environment> {
    const { folder, command, pip, log } = this.#options;
    const since = Date.now();
    await mkdir(folder, { recursive: true, mode: 0o755 });
    const aside = await mkdtemp(join(folder, '.building-'));
    const settings = pip();
    const tell = (stage: string) => this.#building.set(name, { stage: redacted(stage, settings), since });
    try {
      const installer = new Installer(aside, command, settings, tell);
      await installer.create();
      const lock = await fill(installer);
      const hash = hashOf(lock, version);
      const place = join(folder, hash);
      const seconds = Math.round((Date.now() - since) / 1000);
      const about = { tool: installer.tool, python: version, packages: linesOf(lock).length, seconds };
      await writeFile(join(aside, 'environment.json'), `${JSON.stringify(about)}\n`);
      if (!existsSync(place)) await rename(aside, place);
      log?.('an environment for templates is ready', { template: name, environment: hash, ...about });
      return { hash, lock, executable: join(place, 'bin', 'python') };
    } catch (error) {
      const words = redacted((error as Error).message, settings);
      throw new KeplerError(
        'template_invalid',
        `The environment of the template ${name} could not be made: ${words}`,
        { cause: error },
      );
    } finally {
      await rm(aside, { recursive: true, force: true });
    }
  }
}

/** Fills one environment, with uv where it is found, else with pip. */
class Installer {
  readonly #folder: string;
  readonly #command: string;
  readonly #settings: PipSettings;
  readonly #tell: (stage: string) => void;
  tool: 'uv' | 'pip' = 'pip';

  constructor(folder: string, command: string, settings: PipSettings, tell: (stage: string) => void) {
    this.#folder = folder;
    this.#command = command;
    this.#settings = settings;
    this.#tell = tell;
  }

  async create(): Promise<void> {
    this.#tell('making an environment');
    const { executable } = await findInterpreter(this.#command);
    try {
      await this.#run('uv', ['--version']);
      this.tool = 'uv';
    } catch {
      // Not there: pip does the same, more slowly.
    }
    if (this.tool === 'uv') {
      await this.#run('uv', [
        'venv',
        '--quiet',
        '--relocatable',
        '--allow-existing',
        '--python',
        executable,
        this.#folder,
      ]);
    } else await this.#run(executable, ['-I', '-m', 'venv', this.#folder]);
  }

  /** @returns the lock: what is installed, each in its exact version */
  async install(lines: readonly string[], local: string | undefined): Promise<string> {
    this.#tell(`installing ${lines.length} packages and what they need`);
    const file = join(this.#folder, 'requirements.txt');
    await writeFile(file, `${lines.join('\n')}\n`);
    // A lock names everything that is needed.
    const locked = local === undefined ? ['--no-deps'] : [];
    if (this.tool === 'uv') {
      await this.#run('uv', [
        'pip',
        'install',
        '--python',
        this.#python,
        ...locked,
        '--compile-bytecode',
        '-r',
        file,
      ]);
    } else {
      await this.#run(this.#python, [
        '-I',
        '-m',
        'pip',
        'install',
        '--no-input',
        '--disable-pip-version-check',
        ...locked,
        '-r',
        file,
      ]);
    }
    const frozen =
      this.tool === 'uv'
        ? await this.#run('uv', ['pip', 'freeze', '--python', this.#python])
        : await this.#run(this.#python, ['-I', '-m', 'pip', 'freeze', '--disable-pip-version-check']);
    return lockOf(frozen, lines, local, this.#settings);
  }

  get #python(): string {
    return join(this.#folder, 'bin', 'python');
  }

  #run(command: string, args: readonly string[]): Promise<string> {
    const { environment, indexUrl, extraIndexUrls } = this.#settings;
    const index = {
      ...(indexUrl !== undefined && { PIP_INDEX_URL: indexUrl, UV_DEFAULT_INDEX: indexUrl }),
      ...(extraIndexUrls.length > 0 && {
        PIP_EXTRA_INDEX_URL: extraIndexUrls.join(' '),
        UV_INDEX: extraIndexUrls.join(' '),
      }),
    };
    return new Promise((resolve, reject) => {
      const child = spawn(command, args, {
        cwd: this.#folder,
        env: { ...environment, ...index },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      // Not spawn's own: it goes on where the program was not found.
      const timer = setTimeout(() => child.kill('SIGKILL'), BUILD_SECONDS * 1000).unref();
      let printed = '';
      let words = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => (printed += text));
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        words = (words + text).slice(-LAST_WORDS);
        const line = text.trim().split('\n').at(-1);
        if (line) this.#tell(line.slice(0, 200));
      });
      child.once('error', (error) => {
        clearTimeout(timer);
        reject(error);
      });
      child.once('close', (code, signal) => {
        clearTimeout(timer);
        if (code === 0) return resolve(printed);
        const said = (words.trim() || printed.trim()).slice(-LAST_WORDS);
        reject(
          new Error(
            `${command.split('/').at(-1)} ${args.find((one) => /^[a-z]/.test(one)) ?? ''} ended with ${signal ?? code}. ${said}`,
          ),
        );
      });
    });
  }
}

function hashOf(lock: string, version: string): string {
  return digest([lock, version, process.platform, process.arch]).slice(0, 32);
}

function digest(parts: readonly string[]): string {
  return createHash('sha256').update(parts.join('\n')).digest('hex');
}
