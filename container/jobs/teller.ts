import type { Progress } from './messages.ts';

/** How often shares are told, in milliseconds; a new stage is told at once. */
const EVERY_MS = 250;

/** Worker: tells the main thread what it does, a few times a second at most. */
export class Teller {
  readonly #send: (progress: Progress) => void;
  #told = 0;

  constructor(send: (progress: Progress) => void) {
    this.#send = send;
  }

  stage(stage: string): void {
    this.#told = 0;
    this.#send({ answer: 'progress', stage });
  }

  share(stage: string, share: number): void {
    const now = performance.now();
    if (this.#told > 0 && now - this.#told < EVERY_MS) return;
    this.#told = now;
    this.#send({ answer: 'progress', stage, share: Math.min(1, Math.max(0, share)) });
  }
}
