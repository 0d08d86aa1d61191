import { KeplerError } from '../contract/errors.ts';

/** Words that the main thread and a worker share. */
export const CONTROL_BYTES = 64;
/** Bytes of the chunk that are there. */
const FILLED = 0;
/** Why the worker is to stop, as a place in REASONS; 0: it is not. */
const STOP = 1;

const REASONS = ['', 'cancelled', 'limit_time', 'shutting_down', 'body_length'] as const;
export type StopReason = Exclude<(typeof REASONS)[number], ''>;

const TEXTS: Readonly<Record<StopReason, string>> = {
  cancelled: 'The search was cancelled.',
  limit_time:
    'The fit took longer than the runtime allows (KEPLER_MAX_FIT_SECONDS). Fit fewer rows with sample_count=, or raise the limit.',
  shutting_down: 'The runtime is shutting down. Run the search again once it is back.',
  body_length: 'The connection broke before all rows had arrived.',
};

export function stopError(reason: StopReason): KeplerError {
  return new KeplerError(reason, TEXTS[reason]);
}

/** How the main thread tells a worker what has arrived and when to stop, and how the worker waits. */
export class Control {
  readonly buffer: SharedArrayBuffer;
  readonly #words: Int32Array;

  constructor(buffer = new SharedArrayBuffer(CONTROL_BYTES)) {
    this.buffer = buffer;
    this.#words = new Int32Array(buffer);
  }

  reset(): void {
    Atomics.store(this.#words, FILLED, 0);
    Atomics.store(this.#words, STOP, 0);
  }

  startChunk(): void {
    Atomics.store(this.#words, FILLED, 0);
  }

  setFilled(bytes: number): void {
    Atomics.store(this.#words, FILLED, bytes);
    Atomics.notify(this.#words, FILLED);
  }

  stop(reason: StopReason): void {
    Atomics.compareExchange(this.#words, STOP, 0, REASONS.indexOf(reason));
    Atomics.notify(this.#words, FILLED);
  }

  get stopped(): StopReason | undefined {
    return REASONS[Atomics.load(this.#words, STOP)] || undefined;
  }

  /** @throws KeplerError of the reason, where the worker is to stop */
  check(): void {
    const reason = this.stopped;
    if (reason) throw stopError(reason);
  }

  /** Worker: sleeps until more than `have` bytes are there. Returns how many. */
  waitFor(have: number): number {
    for (;;) {
      this.check();
      const filled = Atomics.load(this.#words, FILLED);
      if (filled > have) return filled;
      Atomics.wait(this.#words, FILLED, filled, 200);
    }
  }

  /** A signal that tells what the words say at the very moment it is asked: loops that never yield can ask it. */
  signal(): AbortSignal {
    const { signal } = new AbortController();
    return Object.defineProperties(signal, {
      aborted: { get: () => this.stopped !== undefined },
      reason: { get: () => (this.stopped ? stopError(this.stopped) : undefined) },
      throwIfAborted: { value: () => this.check() },
    });
  }
}
