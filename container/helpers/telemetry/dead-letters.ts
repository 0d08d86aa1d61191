/** Events that the collector will never take: kept with the reason, so that they can be counted, looked at and sent by hand. */
import { appendFileSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

const MOST_BYTES = 100e6;

export class DeadLetters {
  readonly path: string;
  #count = 0;
  #bytes = 0;

  /** @param path A file of JSON lines; made at the first letter. */
  constructor(path: string) {
    this.path = path;
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    try {
      this.#bytes = statSync(path).size;
      this.#count = readFileSync(path, 'latin1').split('\n').length - 1;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }

  /** All that there ever were, those of earlier processes too. */
  get count(): number {
    return this.#count;
  }

  /** Keeps an event's line, and why it was refused. Beyond 100 MB only the count goes on. */
  add(line: string, reason: string): void {
    this.#count++;
    if (this.#bytes > MOST_BYTES) return;
    const letter = `${JSON.stringify({ time: new Date().toISOString(), reason, line })}\n`;
    this.#bytes += letter.length;
    appendFileSync(this.path, letter, { mode: 0o600 });
  }
}
