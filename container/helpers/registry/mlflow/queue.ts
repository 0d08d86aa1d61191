/** Fits on their way to MLflow: a file each, so that none is lost with the process; sent one after the other, again until done. */
import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { KeplerError } from '../../../contract/errors.ts';
import { backoffMs } from '../../telemetry/backoff.ts';
import { MlflowClient, MlflowError } from './client.ts';
import type { MlflowSettings } from './client.ts';
import { logVersion } from './log-version.ts';
import type { LoggedVersion, Progress } from './log-version.ts';

export interface MlflowState {
  readonly state: 'off' | 'idle' | 'sending' | 'retrying';
  /** Fits that wait. */
  readonly queued: number;
  /** Since the start. */
  readonly logged: number;
  /** Fits that MLflow will never take: they lie in the folder `failed`. */
  readonly failed: number;
  readonly reason?: string;
}

export interface QueueParts {
  readonly folder: string;
  readonly settings: MlflowSettings;
  /** The graph of a version; undefined where it has none. @throws where the version is gone */
  readonly graph: (model: LoggedVersion['model']) => Promise<Uint8Array | undefined>;
  readonly told: (what: { logged?: object; failed?: KeplerError; retrying?: KeplerError }) => void;
}

interface Entry {
  readonly told: LoggedVersion;
  readonly progress: Progress;
}

/** More would only be the trace of a server that is gone for good. */
const MOST_QUEUED = 10_000;

export class MlflowQueue {
  readonly #parts: QueueParts;
  readonly #client: MlflowClient;
  readonly #closing = new AbortController();
  readonly #names: string[];
  readonly #running: Promise<void>;
  #wake: () => void = () => undefined;
  #logged = 0;
  #failed: number;
  #state: MlflowState['state'] = 'idle';
  #reason: string | undefined;

  /** Goes on with what an earlier process left. */
  constructor(parts: QueueParts) {
    this.#parts = parts;
    this.#client = new MlflowClient(parts.settings);
    for (const name of ['queue', 'failed'])
      mkdirSync(join(parts.folder, name), { recursive: true, mode: 0o700 });
    this.#names = entries(join(parts.folder, 'queue'));
    this.#failed = entries(join(parts.folder, 'failed')).length;
    this.#running = this.#run();
  }

  get state(): MlflowState {
    return {
      state: this.#state,
      queued: this.#names.length,
      logged: this.#logged,
      failed: this.#failed,
      ...(this.#reason !== undefined && { reason: this.#reason }),
    };
  }

  /** @throws where it cannot be written down */
  async put(told: LoggedVersion): Promise<void> {
    if (this.#names.length >= MOST_QUEUED) {
      throw new KeplerError(
        'mlflow_unreachable',
        `${MOST_QUEUED} fits wait for MLflow at ${this.#parts.settings.url} already; this one is not logged there.`,
      );
    }
    // So that they sort by the time they came.
    const name = `${Date.now()}-${randomUUID()}.json`;
    await this.#write(name, { told, progress: {} });
    this.#names.push(name);
    this.#wake();
  }

  async close(): Promise<void> {
    this.#closing.abort();
    this.#wake();
    // What is on its way breaks off, and goes on with the next process.
    await this.#client.close();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { signal } = this.#closing;
    for (let failures = 0; !signal.aborted;) {
      const [name] = this.#names;
      if (name === undefined) {
        this.#state = 'idle';
        await this.#pause();
        continue;
      }
      this.#state = failures === 0 ? 'sending' : 'retrying';
      const error = await this.#send(name);
      if (error === undefined) {
        failures = 0;
        this.#reason = undefined;
        continue;
      }
      this.#reason = error.message;
      if (mayPass(error)) {
        this.#state = 'retrying';
        this.#parts.told({ retrying: error });
        await this.#pause(backoffMs(++failures));
      } else {
        await this.#giveUp(name, error);
      }
    }
  }

  /** @returns what went wrong */
  async #send(name: string): Promise<KeplerError | undefined> {
    try {
      const path = join(this.#parts.folder, 'queue', name);
      const { told, progress } = JSON.parse(await readFile(path, 'utf8')) as Entry;
      const logged = await logVersion(
        {
          client: this.#client,
          graph: () => this.#parts.graph(told.model),
          note: (now) => this.#write(name, { told, progress: now }),
        },
        told,
        progress,
      );
      await rm(path, { force: true });
      this.#names.shift();
      this.#logged++;
      this.#parts.told({ logged: { model: told.model, mlflow: logged } });
      return undefined;
    } catch (error) {
      return error instanceof KeplerError
        ? error
        : new KeplerError('internal', (error as Error).message, { cause: error });
    }
  }

  async #giveUp(name: string, error: KeplerError): Promise<void> {
    this.#names.shift();
    this.#failed++;
    this.#parts.told({ failed: error });
    await rename(join(this.#parts.folder, 'queue', name), join(this.#parts.folder, 'failed', name)).catch(
      () => undefined,
    );
  }

  async #write(name: string, entry: Entry): Promise<void> {
    const folder = join(this.#parts.folder, 'queue');
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const aside = join(folder, `.${name}`);
    await writeFile(aside, JSON.stringify(entry), { mode: 0o600 });
    await rename(aside, join(folder, name));
  }

  async #pause(ms?: number): Promise<void> {
    if (this.#closing.signal.aborted) return;
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      // New ones do not shorten the wait for a server that is away.
      this.#wake =
        ms === undefined || this.#closing.signal.aborted
          ? resolve
          : () => this.#closing.signal.aborted && resolve();
      if (ms !== undefined) timer = setTimeout(resolve, ms).unref();
    });
    clearTimeout(timer);
    this.#wake = () => undefined;
  }
}

/** A server that is away, busy, or whose token is wrong may take it later; anything else never. */
function mayPass(error: KeplerError): boolean {
  if (error instanceof MlflowError) return error.passing || [401, 403].includes(error.httpStatus);
  return error.code === 'mlflow_unreachable';
}

function entries(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => /^\d+-.*\.json$/.test(name))
    .sort();
}
