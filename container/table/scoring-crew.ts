import { Worker } from 'node:worker_threads';
import scoringBytes from '#kernels/scoring.wasm';
import { KeplerError } from '../contract/errors.ts';
import {
  BLOCK_ROWS,
  CREW_BYTES,
  HELPED,
  scoreRange,
  shareCall,
  STATE,
  State,
  takeBlocks,
} from './scoring-share.ts';
import type { TreeCall } from './scoring-share.ts';
import type { ScoringKernels } from './kernels.ts';

/** Less work than so many steps down a tree (some half a millisecond) is done before a second thread is awake. */
const WORTH_STEPS = 200_000;
/** A block takes milliseconds: who is silent for so long has died. */
const SILENT_MS = 30_000;

/** What is handed to the second thread. */
export interface CrewData {
  readonly memory: WebAssembly.Memory;
  readonly module: WebAssembly.Module;
  readonly words: SharedArrayBuffer;
}

/**
 * Scores by trees on two threads: rows are shared out in blocks, by a counter from which whoever is free takes the next. The
 * second thread is started at the first costly block. The worker never depends on it: what it does not take in time is done
 * here. It ends with the worker.
 */
export class ScoringCrew {
  readonly #memory: WebAssembly.Memory;
  readonly #kernels: ScoringKernels;
  readonly #script: URL;
  readonly #words = new Int32Array(new SharedArrayBuffer(CREW_BYTES));
  #started = false;

  /** @param script The second thread's program. */
  constructor(memory: WebAssembly.Memory, kernels: ScoringKernels, script: URL) {
    this.#memory = memory;
    this.#kernels = kernels;
    this.#script = script;
  }

  /** Blocks of rows that the second thread has scored. */
  get helped(): number {
    return Atomics.load(this.#words, HELPED);
  }

  /** Scores rows 0 … rows. @param steps How far down all trees together a row goes. */
  trees(call: TreeCall, rows: number, steps: number): void {
    if (rows <= BLOCK_ROWS || rows * steps < WORTH_STEPS) return scoreRange(this.#kernels, call, 0, rows);
    this.#start();
    const words = this.#words;
    shareCall(words, call, rows);
    Atomics.store(words, STATE, State.open);
    Atomics.notify(words, STATE);
    takeBlocks(words, this.#kernels);
    if (Atomics.compareExchange(words, STATE, State.open, State.closed) === State.open) return;
    while (Atomics.load(words, STATE) === State.helping) {
      if (Atomics.wait(words, STATE, State.helping, SILENT_MS) === 'timed-out') {
        throw new KeplerError(
          'worker_lost',
          'The runtime lost a thread that scored rows. Run the search again.',
        );
      }
    }
    Atomics.store(words, STATE, State.closed);
  }

  #start(): void {
    if (this.#started) return;
    this.#started = true;
    const data: CrewData = {
      memory: this.#memory,
      module: new WebAssembly.Module(scoringBytes),
      words: this.#words.buffer as SharedArrayBuffer,
    };
    const helper = new Worker(this.#script, { workerData: data });
    // Without it one thread scores all rows; the next costly block tries again.
    helper.once('error', () => (this.#started = false));
    helper.unref();
  }
}
