import { closeSync, mkdirSync, openSync, readSync, rmSync, unlinkSync, writeSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { KeplerError } from '../contract/errors.ts';

/**
 * The rows of a collecting job on disk: a private file without a name, so that it is gone with the process however that
 * ends. Rows lie one behind the other, each with its line end; headers are not in it.
 */
export class Spool {
  readonly #folder: string;
  readonly #maxBytes: number;
  #file: number | undefined;
  #path: string | undefined;
  bytes = 0;

  constructor(folder: string, maxBytes: number) {
    this.#folder = folder;
    this.#maxBytes = maxBytes;
  }

  /** @throws KeplerError limit_body, disk_full, storage_failed */
  write(rows: Buffer): void {
    if (this.bytes + rows.length > this.#maxBytes) {
      throw new KeplerError(
        'limit_body',
        `The search results are larger than the ${Math.floor(this.#maxBytes / 2 ** 20)} MB that the runtime keeps for one search (KEPLER_MAX_SPOOL_BYTES). Use apply=f, keep fewer fields with "fields", or raise the limit.`,
      );
    }
    try {
      this.#file ??= this.#open();
      for (let written = 0; written < rows.length;) {
        written += writeSync(this.#file, rows, written, rows.length - written, this.bytes + written);
      }
    } catch (error) {
      throw spoolError(error, this.#folder);
    }
    this.bytes += rows.length;
  }

  /** Fills `target` with the bytes from `at` on. */
  read(target: Buffer, at: number): void {
    if (target.length === 0) return;
    if (this.#file === undefined)
      throw new KeplerError('internal', 'The spool was read before it was written.');
    try {
      for (let done = 0; done < target.length;) {
        const got = readSync(this.#file, target, done, target.length - done, at + done);
        if (got === 0) throw new KeplerError('internal', 'The spool is shorter than it should be.');
        done += got;
      }
    } catch (error) {
      throw spoolError(error, this.#folder);
    }
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
    if (this.#path !== undefined) rmSync(this.#path, { force: true });
  }

  #open(): number {
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    const path = join(this.#folder, `${process.pid}-${randomUUID()}.rows`);
    const file = openSync(path, 'wx+', 0o600);
    try {
      unlinkSync(path);
    } catch {
      // Windows keeps the name as long as the file is open: `close` removes it.
      this.#path = path;
    }
    return file;
  }
}

function spoolError(error: unknown, folder: string): unknown {
  if (error instanceof KeplerError) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new KeplerError(
      'disk_full',
      `The disk of the runtime's spool (${folder}), where rows wait to be given back, is full. Free space there, or search for fewer rows; fit with apply=f needs no spool.`,
      { cause: error },
    );
  }
  return new KeplerError(
    'storage_failed',
    `The runtime cannot keep the rows in its spool (${folder}): ${message}. Make it a folder that the runtime's user may write; fit with apply=f needs no spool.`,
    { cause: error },
  );
}
