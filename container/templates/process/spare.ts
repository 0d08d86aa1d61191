/**
 * A process that waits for the next save. While a template in Python is being written, most of the time from saving to serving
 * would go into importing its libraries: after each check one process imports what that version imports, and loads nothing.
 */
import type { TemplateProcess } from './template-process.ts';

/** A process, and what is to be done when it is not needed any more. */
export interface Standing {
  readonly process: TemplateProcess;
  end(): Promise<void>;
}

/** Not while the search that waits for the version starts processes of its own. */
const AFTER_MS = 2000;
/** Whoever has not saved for so long is doing something else. */
const IDLE_MS = 10 * 60_000;

export class Spare {
  #kept: { readonly key: string; readonly standing: Promise<Standing | undefined> } | undefined;
  #timer: NodeJS.Timeout | undefined;
  readonly #afterMs: number;

  constructor(afterMs = AFTER_MS) {
    this.#afterMs = afterMs;
  }

  /**
   * The process that waits for this, if there is one; it is the caller's from now on.
   * @param key says for what: a template's name, and the interpreter
   */
  async take(key: string): Promise<Standing | undefined> {
    const kept = this.#kept;
    if (kept?.key !== key) return undefined;
    this.#kept = undefined;
    clearTimeout(this.#timer);
    const standing = await kept.standing;
    if (standing?.process.alive) return standing;
    await standing?.end();
    return undefined;
  }

  /** Starts one soon, in place of the one before. */
  keep(key: string, start: () => Promise<Standing>): void {
    void this.end();
    this.#timer = setTimeout(() => {
      // What does not start now does not in the next check either, which says why.
      this.#kept = { key, standing: start().catch(() => undefined) };
      this.#timer = setTimeout(() => void this.end(), IDLE_MS).unref();
    }, this.#afterMs).unref();
  }

  async end(): Promise<void> {
    clearTimeout(this.#timer);
    const kept = this.#kept;
    this.#kept = undefined;
    await (await kept?.standing)?.end();
  }
}
