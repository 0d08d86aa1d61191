/** On what each template was published last, so that a change of it in another editor is tried on the same rows. */
import { readFile } from 'node:fs/promises';
import { KeplerError } from '../contract/errors.ts';
import type { Params } from '../contract/template.ts';
import { replaceDurable } from '../registry/durable-files.ts';
import type { Principal } from '../registry/types.ts';
import type { TrialRows } from '../templates/trial-rows.ts';
import { SAMPLE, openData } from './data.ts';

/** A choice of rows, and who chose: with whose rights they are read. */
export interface Tried {
  readonly principal: Principal;
  /** Of an entry of the list of data. */
  readonly data: string;
  readonly target?: string;
  readonly features: readonly string[];
  /** Checked options. */
  readonly params: Params;
}

export class Trials {
  readonly #path: string;
  readonly #datasets: string;
  #writing: Promise<unknown> = Promise.resolve();

  /**
   * @param path a JSON file; made at the first choice
   * @param datasets folder of staged data sets
   */
  constructor(path: string, datasets: string) {
    this.#path = path;
    this.#datasets = datasets;
  }

  /** Undefined where none were chosen, or they are not there any more. */
  async rowsFor(name: string): Promise<TrialRows | undefined> {
    const tried = (await this.#read())[name];
    if (!tried) return undefined;
    try {
      return await this.open(tried);
    } catch (error) {
      if (error instanceof KeplerError) return undefined;
      throw error;
    }
  }

  /** @throws KeplerError as `openData` */
  async open({ principal, data, target, features, params }: Tried): Promise<TrialRows> {
    return {
      table: await openData(this.#datasets, data, principal),
      ...(target !== undefined && { target }),
      ...(features.length > 0 && { fields: features }),
      params,
      called: data.endsWith(SAMPLE) ? 'sample' : 'staged',
    };
  }

  /** @param tried undefined: on made-up rows from now on */
  async keep(name: string, tried: Tried | undefined): Promise<void> {
    const kept = this.#writing.then(async () => {
      const trials = { ...(await this.#read()), [name]: tried };
      await replaceDurable(this.#path, JSON.stringify(trials));
    });
    this.#writing = kept.catch(() => undefined);
    await kept;
  }

  async #read(): Promise<Readonly<Record<string, Tried | undefined>>> {
    try {
      return JSON.parse(await readFile(this.#path, 'utf8')) as Record<string, Tried>;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
      throw error;
    }
  }
}
