/** One run of a template on a table: a thread of its own, what it tells, and how it ended. */
import { randomUUID } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { MessageChannel, Worker } from 'node:worker_threads';
import { KeplerError } from '../contract/errors.ts';
import type { FitSpec } from '../contract/requests.ts';
import type { RunEvent, RunFailure, RunLog, RunRequest, RunResult, RunState } from '../contract/workbench.ts';
import { asFailure, withLine } from './failure.ts';
import { Control } from '../jobs/control.ts';
import type { Principal } from '../registry/types.ts';
import { newSharedMemory } from '../table/table-memory.ts';
import { stageDraft } from './draft.ts';
import type { FromRun, RunOrder } from './run-messages.ts';
import type { WorkbenchServices } from './services.ts';

/** Log lines that are kept of a run, and how long one may be. */
const MOST_LOGS = 2000;
const LONGEST_LOG = 4000;
/** A thread that was told to stop and has not is ended. */
const STOP_MS = 5000;

export class Run {
  readonly id = randomUUID();
  readonly principal: Principal;
  readonly request: RunRequest;
  readonly #services: WorkbenchServices;
  readonly #started = Date.now();
  readonly #control = new Control();
  readonly #events = new EventEmitter();
  readonly #logs: RunLog[] = [];
  readonly #folder: string;
  #stage: Extract<RunEvent, { kind: 'stage' }> = { kind: 'stage', stage: 'checking the source' };
  #result: RunResult | undefined;
  /** Settles when all is over and nothing of the run is left on the disk. */
  readonly ended: Promise<RunResult>;

  constructor(services: WorkbenchServices, principal: Principal, request: RunRequest) {
    this.#services = services;
    this.principal = principal;
    this.request = request;
    this.#folder = join(services.home, 'runs', this.id);
    this.#events.setMaxListeners(50);
    this.ended = this.#run();
  }

  get result(): RunResult | undefined {
    return this.#result;
  }

  /** Everything told so far, then whatever comes. @returns what ends the listening */
  listen(hear: (event: RunEvent) => void): () => void {
    for (const log of this.#logs) hear({ kind: 'log', log });
    hear(this.#result ? { kind: 'end', result: this.#result } : this.#stage);
    this.#events.on('event', hear);
    return () => void this.#events.off('event', hear);
  }

  /** Ends it: what it computes, and the template's process. */
  stop(): void {
    this.#control.stop('cancelled');
  }

  async #run(): Promise<RunResult> {
    let outcome: Partial<RunResult> & { readonly state: RunState };
    try {
      outcome = await this.#work();
    } catch (error) {
      outcome = this.#failed(asFailure(error));
    }
    await rm(this.#folder, { recursive: true, force: true }).catch((err: unknown) =>
      this.#services.warn({ err }, 'what a run of the workbench left cannot be removed'),
    );
    const { file, data, target, options } = this.request;
    this.#result = {
      run: this.id,
      file,
      startedAt: this.#started / 1000,
      ms: Date.now() - this.#started,
      data,
      ...(target !== undefined && { target }),
      options,
      messages: [],
      timing: [],
      ...outcome,
      logs: this.#logs,
    };
    this.#tell({ kind: 'end', result: this.#result });
    return this.#result;
  }

  async #work(): Promise<Partial<RunResult> & { readonly state: RunState }> {
    const { jobs, publishing } = this.#services;
    const { file, text } = this.request;
    const templateFolder = join(this.#folder, 'templates');
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const checkedFrom = performance.now();
    const { name } = await stageDraft(this.#services, templateFolder, file, text, { tryOut: false });
    const check = { stage: 'checking the source', ms: Math.round(performance.now() - checkedFrom) };
    this.#control.check();
    const memory = newSharedMemory();
    const channel = this.#services.serve && new MessageChannel();
    if (channel) this.#services.serve?.(channel.port1, this.principal, this.id);
    const order: RunOrder = {
      memory,
      control: this.#control.buffer,
      settings: {
        ...jobs,
        templateFolder,
        modelFolder: join(this.#folder, 'models'),
        spoolFolder: this.#folder,
        // Those of the runtime: they are found beside the templates else.
        ...(publishing.python && { python: publishing.python.runtime }),
      },
      ...(channel && { calls: channel.port2 }),
      principal: this.principal,
      data: this.request.data,
      spec: this.#specOf(name),
    };
    const said = await this.#inThread(order).finally(() => channel?.port1.close());
    if ('found' in said) return { state: 'done', ...said.found, timing: [check, ...said.found.timing] };
    const { timing, ...failure } = said.failed;
    return { ...this.#failed(withLine(failure)), timing: [check, ...timing] };
  }

  #inThread(order: RunOrder): Promise<Extract<FromRun, { found: unknown } | { failed: unknown }>> {
    return new Promise((resolve, reject) => {
      const worker = new Worker(new URL('./workbench-run.mjs', import.meta.url), {
        workerData: order,
        transferList: order.calls ? [order.calls] : [],
        resourceLimits: { maxOldGenerationSizeMb: order.settings.maxMemoryMb },
      });
      const seconds = order.settings.maxFitSeconds;
      const timer = setTimeout(() => this.#control.stop('limit_time'), seconds * 1000);
      let ending: NodeJS.Timeout | undefined;
      const looking = setInterval(() => {
        if (this.#control.stopped) ending ??= setTimeout(() => void worker.terminate(), STOP_MS);
      }, 100);
      const over = () => {
        clearTimeout(timer);
        clearTimeout(ending);
        clearInterval(looking);
      };
      worker.on('message', (message: FromRun) => {
        if ('log' in message) return this.#log(message.log);
        if ('stage' in message) {
          this.#stage = { kind: 'stage', ...message };
          return this.#tell(this.#stage);
        }
        over();
        resolve(message);
        void worker.terminate();
      });
      worker.on('error', (error) => {
        over();
        reject(error);
      });
      worker.on('exit', () => {
        over();
        reject(new KeplerError('worker_lost', 'The thread of the run ended before it was done.'));
      });
    });
  }

  #specOf(algorithm: string): FitSpec {
    const { target, features, options, holdout } = this.request;
    return {
      algorithm,
      options,
      targets: target === undefined ? [] : [target],
      fields: features.length > 0 ? features : ['*'],
      by: [],
      into: { namespace: 'user', name: 'draft' },
      apply: true,
      partialFit: false,
      promote: true,
      ...(holdout !== undefined && { holdout }),
    };
  }

  #failed(failure: RunFailure): Partial<RunResult> & { readonly state: RunState } {
    return this.#control.stopped === 'cancelled' ? { state: 'stopped' } : { state: 'failed', failure };
  }

  #log({ level, text, fields }: Omit<RunLog, 'at'>): void {
    if (this.#logs.length > MOST_LOGS) return;
    const full = this.#logs.length === MOST_LOGS;
    const log: RunLog = {
      at: Date.now() - this.#started,
      level: full ? 'warn' : level,
      text: full ? `Only the first ${MOST_LOGS} lines are shown.` : text.slice(0, LONGEST_LOG),
      ...(fields && !full && { fields }),
    };
    this.#logs.push(log);
    this.#tell({ kind: 'log', log });
  }

  #tell(event: RunEvent): void {
    this.#events.emit('event', event);
  }
}
