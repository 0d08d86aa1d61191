import { outputIsOpen } from './output-watch.ts';

const PERIOD_MS = 500;
const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;

/**
 * Ends the process, quietly, when the search is over while the command waits for the runtime: its parent is gone, nobody reads
 * its output any more, or it is told to end. That closes the connection to the runtime, and with it the job there.
 * While the command reads, the end of input says the same.
 */
export class EndWatch {
  readonly #parent = process.ppid;
  #listening = false;
  readonly #end = (): void => process.exit(0);

  constructor() {
    setInterval(() => this.#look(), PERIOD_MS).unref();
  }

  /**
   * To be called before a read that blocks: then no handler could run, so a signal must do what it does by itself.
   */
  beforeBlocking(): void {
    if (!this.#listening) return;
    this.#listening = false;
    for (const signal of SIGNALS) process.removeListener(signal, this.#end);
  }

  /** Runs only when nothing blocks, so the command has been waiting for the runtime. */
  #look(): void {
    if (process.ppid !== this.#parent || !outputIsOpen(1)) this.#end();
    if (this.#listening) return;
    this.#listening = true;
    for (const signal of SIGNALS) process.once(signal, this.#end);
  }
}
