import { mkdir, open, rename, stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { RawOptions } from '../contract/requests.ts';
import type { Change } from '../registry/model-changes.ts';
import { asKeplerError } from './error-handler.ts';
import { storageError, unlessMissing } from '../registry/storage-errors.ts';
import type { Principal } from '../registry/types.ts';

/** A file of this size makes room for the next; so many are kept. */
const MOST_BYTES = 16 * 1024 * 1024;
const KEPT = 5;
/** What no log may say. */
const SECRET = /token|password|secret|code|key$/i;

export interface AuditLine {
  readonly verb: string;
  readonly name?: string;
  readonly options: RawOptions;
  readonly outcome: 'done' | 'refused' | 'failed';
  readonly code?: string;
  readonly message?: string;
  readonly changes?: readonly Change[];
}

/**
 * `$KEPLER_HOME/audit.log`: a JSON line for each use of a verb, also a refused one. Nothing is changed that could not be
 * written down: the file is opened before.
 */
export class Audit {
  readonly #home: string;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(home: string) {
    this.#home = home;
  }

  /**
   * Does `change` and writes down what came of it.
   * @throws KeplerError storage_failed, disk_full, before anything was changed; and what `change` throws
   */
  async of<T>(
    who: Principal & { readonly sid: string },
    verb: Pick<AuditLine, 'verb' | 'name' | 'options'>,
    change: () => Promise<T>,
    changesOf: (result: T) => readonly Change[],
  ): Promise<T> {
    const file = await this.#open();
    let result: T;
    try {
      result = await change();
    } catch (error) {
      const { status, code, message } = asKeplerError(error);
      await this.#write(file, who, { ...verb, outcome: status < 500 ? 'refused' : 'failed', code, message });
      await file.close();
      throw error;
    }
    try {
      await this.#write(file, who, { ...verb, outcome: 'done', changes: changesOf(result) });
    } finally {
      await file.close();
    }
    return result;
  }

  async #open(): Promise<FileHandle> {
    // One after another: two must not make room at the same time.
    const turn = this.#turn.then(async () => {
      const path = join(this.#home, 'audit.log');
      try {
        await mkdir(this.#home, { recursive: true, mode: 0o700 });
        const size = (await unlessMissing(stat(path), undefined))?.size ?? 0;
        if (size > MOST_BYTES) await this.#makeRoom(path);
        return await open(path, 'a', 0o600);
      } catch (error) {
        throw storageError(error, 'write its audit log, without which nothing is changed', this.#home);
      }
    });
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  async #makeRoom(path: string): Promise<void> {
    for (let n = KEPT - 1; n >= 1; n--)
      await unlessMissing(rename(`${path}.${n}`, `${path}.${n + 1}`), undefined);
    await rename(path, `${path}.1`);
  }

  async #write(file: FileHandle, who: Principal & { sid: string }, line: AuditLine): Promise<void> {
    const { user, app, roles, capabilities, sid } = who;
    const options = Object.fromEntries(
      Object.entries(line.options).map(([name, value]) => [name, SECRET.test(name) ? '(not shown)' : value]),
    );
    const text = JSON.stringify({
      time: new Date().toISOString(),
      user,
      app,
      roles,
      capabilities,
      sid,
      ...line,
      options,
    });
    await file.appendFile(`${text}\n`);
    await file.sync();
  }
}
