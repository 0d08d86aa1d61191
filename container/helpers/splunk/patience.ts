/** How long a connection that breaks again and again is tried. */
import { setTimeout as sleep } from 'node:timers/promises';
import { KeplerError } from '../../contract/errors.ts';
import { backoffMs } from '../telemetry/backoff.ts';
import { SplunkAnswerError, SplunkConnectionError } from './client.ts';

/** Failures in a row, without a row in between: some 40 seconds. */
const MOST_FAILURES = 9;

export class Patience {
  #failures = 0;
  readonly #signal: AbortSignal | undefined;

  constructor(signal?: AbortSignal) {
    this.#signal = signal;
  }

  /** Something came: failures are counted anew. */
  progress(): void {
    this.#failures = 0;
  }

  /**
   * Waits before the next try.
   * @throws the error itself where another try is of no use
   */
  async after(error: unknown): Promise<void> {
    const passing =
      (error instanceof SplunkConnectionError && !error.untrusted) ||
      (error instanceof SplunkAnswerError && (error.httpStatus >= 500 || error.httpStatus === 429));
    if (!passing || ++this.#failures > MOST_FAILURES) throw error;
    try {
      await sleep(backoffMs(this.#failures), undefined, { signal: this.#signal });
    } catch {
      throw new KeplerError('cancelled', 'The search was cancelled.');
    }
  }
}
