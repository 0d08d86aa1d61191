import { resolve } from 'node:path';
import { Worker } from 'node:worker_threads';
import { KeplerError } from '../../contract/errors.ts';
import type { FromTypes, ToTypes, TypeProblem, TypesData } from './messages.ts';

/** Checks the types of templates in TypeScript against module `kepler`, in a thread that is started at the first of them. */
export class TypeChecker {
  readonly #program: URL;
  readonly #data: TypesData;
  readonly #waiting = new Map<
    number,
    { resolve(problems: readonly TypeProblem[] | undefined): void; reject(error: Error): void }
  >();
  #thread: Worker | undefined;
  #asked = 0;

  /**
   * @param program the thread's, `template-types.mjs`
   * @param sdk the source of module `kepler`; where it is not there, nothing is checked
   */
  constructor(program: URL, sdk: string) {
    this.#program = program;
    this.#data = { sdk };
  }

  /**
   * @param file path of the source: what it imports is found from there
   * @returns what is wrong, in the order of the source; undefined where types cannot be checked here: the compiler is not
   * installed, or the source is JavaScript
   */
  check(file: string, text: string): Promise<readonly TypeProblem[] | undefined> {
    if (!/\.m?ts$/.test(file)) return Promise.resolve(undefined);
    const id = ++this.#asked;
    return new Promise((settle, reject) => {
      this.#waiting.set(id, { resolve: settle, reject });
      this.#open().postMessage({ id, file: resolve(file), text } satisfies ToTypes);
    });
  }

  /** Reads the compiler ahead, so that the first check does not wait for it. */
  warm(): void {
    this.#open();
  }

  async close(): Promise<void> {
    await this.#thread?.terminate();
  }

  #open(): Worker {
    if (this.#thread) return this.#thread;
    const thread = new Worker(this.#program, { workerData: this.#data });
    thread.unref();
    thread.on('message', (reply: FromTypes) => this.#take(reply));
    thread.on('error', (error) => this.#lost(error));
    thread.on('exit', () => this.#lost(new Error('its thread ended')));
    this.#thread = thread;
    return thread;
  }

  #take({ id, problems, failed }: FromTypes): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (failed === undefined) waiting?.resolve(problems);
    else waiting?.reject(failure(failed));
  }

  #lost(error: Error): void {
    this.#thread = undefined;
    for (const { reject } of this.#waiting.values()) reject(failure(error.message));
    this.#waiting.clear();
  }
}

function failure(why: string): KeplerError {
  return new KeplerError('internal', `The types of the template could not be checked: ${why}.`);
}
