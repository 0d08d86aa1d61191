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

/** Threads of one fit. They start while their orders are still being made ready. */
export class TrainingThreads {
  readonly #workers: readonly Worker[];

  constructor(count: number) {
    const url = program();
    this.#workers = Array.from({ length: count }, () => new Worker(url));
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
      const finished = this.#workers.map(
        (worker, i) =>
          new Promise<void>((resolve, reject) => {
            worker.on('message', (news: ThreadNews) => (news.kind === 'done' ? resolve() : onNews(news)));
            worker.once('error', reject);
            worker.once('exit', (code) => reject(new Error(`A training thread ended with status ${code}.`)));
            worker.postMessage(orders[i]);
          }),
      );
      await Promise.race([Promise.all(finished), stopped]);
    } finally {
      clearInterval(watch);
      signal.removeEventListener('abort', stop);
    }
  }

  /** Ends all, wherever they are. */
  async end(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }
}
