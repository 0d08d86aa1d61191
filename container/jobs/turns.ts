import { KeplerError } from '../contract/errors.ts';

/** Lets so many work at the same time; the others wait in the order in which they came. */
export class Turns {
  readonly #most: number;
  readonly #maxWaiting: number;
  readonly #waiting: { who: unknown; resolve: () => void; reject: (error: KeplerError) => void }[] = [];
  #working = 0;

  constructor(most: number, maxWaiting: number) {
    this.#most = most;
    this.#maxWaiting = maxWaiting;
  }

  /** Resolves when it is `who`'s turn. @throws KeplerError queue_full */
  take(who: unknown): Promise<void> {
    if (this.#working < this.#most) {
      this.#working++;
      return Promise.resolve();
    }
    if (this.#waiting.length >= this.#maxWaiting) {
      return Promise.reject(
        new KeplerError(
          'queue_full',
          `The runtime is busy: ${this.#waiting.length} fits wait already (KEPLER_MAX_QUEUED). Run the search again in a while.`,
        ),
      );
    }
    return new Promise((resolve, reject) => this.#waiting.push({ who, resolve, reject }));
  }

  /** 1 is next; 0: not waiting. */
  position(who: unknown): number {
    return this.#waiting.findIndex((one) => one.who === who) + 1;
  }

  /** Gives a turn back. */
  done(): void {
    const next = this.#waiting.shift();
    if (next) next.resolve();
    else this.#working--;
  }

  /** Takes `who` out of those that wait. */
  leave(who: unknown, error: KeplerError): void {
    const place = this.position(who) - 1;
    if (place >= 0) this.#waiting.splice(place, 1)[0].reject(error);
  }
}
