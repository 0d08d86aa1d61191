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

/** The public keys of search heads: all `*.pub.pem` in one folder, by their kid. */
export class TrustedKeys {
  readonly #folder: string;
  readonly #log: Log;
  #keys: ReadonlyMap<KeyId, KeyObject> = new Map();
  #readAt = -Infinity;
  #reading: Promise<void> | undefined;

  constructor(folder: string, log: Log) {
    this.#folder = folder;
    this.#log = log;
  }

  async find(kid: KeyId): Promise<KeyObject | undefined> {
    const age = performance.now() - this.#readAt;
    if (age > (this.#keys.has(kid) ? FRESH_MS : REREAD_MS)) await this.#read();
    return this.#keys.get(kid);
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
    let names: string[];
    try {
      names = (await readdir(this.#folder)).filter((name) => name.endsWith('.pub.pem'));
    } catch (error) {
      this.#log.warn({ err: error, folder: this.#folder }, 'trusted keys cannot be read');
      names = [];
    }
    for (const name of names) {
      try {
        const key = createPublicKey(await readFile(join(this.#folder, name)));
        if (key.asymmetricKeyType !== 'ed25519') throw new Error(`a key of type ${key.asymmetricKeyType}`);
        keys.set(keyId(key), key);
      } catch (error) {
        this.#log.warn(
          { file: name, reason: (error as Error).message },
          'not an Ed25519 public key: passed over',
        );
      }
    }
    this.#keys = keys;
  }
}

/** The first 16 hexadecimal digits of the SHA-256 of the public key in SPKI DER form. */
export function keyId(key: KeyObject): KeyId {
  const der = key.export({ type: 'spki', format: 'der' });
  return createHash('sha256').update(der).digest('hex').slice(0, 16);
}
