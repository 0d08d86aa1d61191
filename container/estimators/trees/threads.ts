import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import type { BoostJob, BoostMemory, Boosted } from './boosting.ts';
import type { FinishedTree } from './ensemble.ts';
import type { ForestJob } from './forest.ts';
import type { HistogramPool } from './histogram-pool.ts';
import type { Workspace } from './kernels.ts';
import type { TeamMemory } from './team.ts';

/** What a training thread is started with. All arrays are views of shared memory, or copied. */
export type ThreadOrder = {
  readonly memory: WebAssembly.Memory;
  readonly work: Workspace;
  readonly pool: HistogramPool | null;
} & (
  | {
      readonly kind: 'forest';
      readonly job: ForestJob;
      /** Number of the next tree that nobody has taken. */
      readonly next: Int32Array;
    }
  | {
      readonly kind: 'boosting';
      readonly job: BoostJob;
      readonly numbers: BoostMemory;
      readonly thread: number;
      readonly threads: number;
      readonly team: TeamMemory;
    }
);

export type ThreadNews =
  | { readonly kind: 'tree'; readonly index: number; readonly tree: FinishedTree }
  | { readonly kind: 'round'; readonly rounds: number }
  | { readonly kind: 'boosted'; readonly boosted: Boosted }
  | { readonly kind: 'done' };

/** Beside the bundle that this is part of; from the sources, where the build puts it. */
function program(): URL {
  const beside = new URL('./training-thread.mjs', import.meta.url);
  return existsSync(beside) ? beside : new URL('../../../dist/runtime/training-thread.mjs', import.meta.url);
}

/**
 * How long a thread without work is kept. What it has compiled is worth a quarter of a fit of two seconds to the next one;
 * it is compiled beside the work, on the same cores.
 */
const KEPT_MS = 30_000;

/** A thread that worked on more bytes is not kept: it would hold them until it collects its garbage, in its next fit. */
const MOST_HELD = 64 << 20;

/** Threads of this worker that are done with their last fit, each with what takes it out of here. */
const idle = new Map<Worker, () => void>();

function take(): Worker {
  for (const [worker, leave] of idle) {
    leave();
    worker.ref();
    return worker;
  }
  return new Worker(program());
}

/** A thread that waits keeps the process from ending no more than one that broke is given out again. */
function keep(worker: Worker): void {
  const timer = setTimeout(() => {
    leave();
    void worker.terminate();
  }, KEPT_MS).unref();
  // Not removeAllListeners: a worker listens to itself.
  const leave = (): void => {
    clearTimeout(timer);
    worker.off('error', leave).off('exit', leave);
    idle.delete(worker);
  };
  worker.on('error', leave).on('exit', leave).unref();
  idle.set(worker, leave);
}

/** Gives a thread an order; settles with the thread done, failed or gone. */
async function carryOut(
  worker: Worker,
  order: ThreadOrder,
  onNews: (news: ThreadNews) => void,
): Promise<void> {
  const ends = new AbortController();
  const { signal } = ends;
  const gone = once(worker, 'exit', { signal }).then(([code]) => {
    throw new Error(`A training thread ended with status ${code as number}.`);
  });
  try {
    await new Promise<void>((resolve, reject) => {
      const hear = (news: ThreadNews): void => (news.kind === 'done' ? resolve() : onNews(news));
      worker.on('message', hear);
      signal.addEventListener('abort', () => worker.off('message', hear));
      gone.catch(reject);
      worker.postMessage(order);
    });
  } finally {
    ends.abort();
  }
}

/** Threads of one fit. They start while their orders are still being made ready. */
export class TrainingThreads {
  readonly #workers: readonly Worker[];
  #reusable = false;

  constructor(count: number) {
    this.#workers = Array.from({ length: count }, take);
  }

  /**
   * Gives each thread an order and waits until all are done. When the signal is raised or a thread fails, the others may be
   * anywhere in their work: end them.
   *
   * @throws The signal's reason, or what a thread threw.
   */
  async run(
    orders: readonly ThreadOrder[],
    signal: AbortSignal,
    onNews: (news: ThreadNews) => void,
  ): Promise<void> {
    let stop = (): void => undefined;
    const stopped = new Promise<never>((_, reject) => {
      stop = () => reject(signal.reason);
    });
    // Some signals are raised by a flag that another thread sets, and tell nobody: ask as well as listen.
    const watch = setInterval(() => {
      if (signal.aborted) stop();
    }, 50);
    signal.addEventListener('abort', stop);
    try {
      const finished = this.#workers.map((worker, i) => carryOut(worker, orders[i]!, onNews));
      await Promise.race([Promise.all(finished), stopped]);
      this.#reusable = orders.every(({ memory }) => memory.buffer.byteLength <= MOST_HELD);
    } finally {
      clearInterval(watch);
      signal.removeEventListener('abort', stop);
    }
  }

  /** Keeps threads that did all they were asked, for the next fit; ends the others, wherever they are. */
  async end(): Promise<void> {
    if (this.#reusable) this.#workers.forEach(keep);
    else await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }
}
