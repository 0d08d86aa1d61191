import { createHash, createPublicKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { KeyId } from '../contract/token.ts';
import type { Log } from './log.ts';

/** A kid that is not known makes the folder be read again, but not more often than this. */
const REREAD_MS = 1000;
/** A key taken out of the folder stops counting after so long. */
const FRESH_MS = 60_000;

/** The public keys of search heads: all `*.pub.pem` in some folders, by their kid. */
export class TrustedKeys {
  readonly #folders: readonly string[];
  readonly #log: Log;
  #keys: ReadonlyMap<KeyId, KeyObject> = new Map();
  #readAt = -Infinity;
  #reading: Promise<void> | undefined;
  /** What was said last of the folder: it is read again every minute. */
  #complaint = '';

  /** @param folders the first is the one of the settings; the others may be missing */
  constructor(folders: readonly string[], log: Log) {
    this.#folders = folders;
    this.#log = log;
  }

  async find(kid: KeyId): Promise<KeyObject | undefined> {
    const age = performance.now() - this.#readAt;
    if (age > (this.#keys.has(kid) ? FRESH_MS : REREAD_MS)) await this.#read();
    return this.#keys.get(kid);
  }

  /** Whether nobody is trusted. */
  async none(): Promise<boolean> {
    await this.#read();
    // Asked at the start: a search head whose key comes a moment later must not wait for the next reading.
    this.#readAt = -Infinity;
    return this.#keys.size === 0;
  }

  /** All who ask at the same time wait for one reading. */
  #read(): Promise<void> {
    this.#reading ??= this.#load().finally(() => {
      this.#readAt = performance.now();
      this.#reading = undefined;
    });
    return this.#reading;
  }

  async #load(): Promise<void> {
    const keys = new Map<KeyId, KeyObject>();
    for (const folder of this.#folders) await this.#loadFrom(folder, keys);
    this.#keys = keys;
  }

  async #loadFrom(folder: string, keys: Map<KeyId, KeyObject>): Promise<void> {
    let names: string[];
    try {
      names = (await readdir(folder)).filter((name) => name.endsWith('.pub.pem'));
    } catch (error) {
      const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
      if (!missing || folder === this.#folders[0]) this.#complain(folder, (error as Error).message);
      names = [];
    }
    for (const name of names) {
      try {
        const key = createPublicKey(await readFile(join(folder, name)));
        if (key.asymmetricKeyType !== 'ed25519') throw new Error(`a key of type ${key.asymmetricKeyType}`);
        keys.set(keyId(key), key);
      } catch (error) {
        this.#log.warn(
          { file: name, reason: (error as Error).message },
          'not an Ed25519 public key: passed over',
        );
      }
    }
  }

  #complain(folder: string, reason: string): void {
    if (reason === this.#complaint) return;
    this.#complaint = reason;
    this.#log.warn({ folder, reason }, 'trusted keys cannot be read');
  }
}

/** The first 16 hexadecimal digits of the SHA-256 of the public key in SPKI DER form. */
export function keyId(key: KeyObject): KeyId {
  const der = key.export({ type: 'spki', format: 'der' });
  return createHash('sha256').update(der).digest('hex').slice(0, 16);
}
