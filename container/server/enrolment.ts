/**
 * How a runtime that runs elsewhere comes to trust a search head: it prints a one-time code while nobody is trusted, and takes
 * the public key that comes with that code. See `contract/enrolment.ts` for what the code holds.
 */
import { createHash, createPublicKey, randomBytes, timingSafeEqual } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { FINGERPRINT_BYTES, SECRET_BYTES, readCode, writeCode } from '../contract/enrolment.ts';
import { KeplerError } from '../contract/errors.ts';
import { replaceDurable, writeDurable } from '../registry/durable-files.ts';
import { storageError } from '../registry/storage-errors.ts';
import type { Log } from './log.ts';
import { keyId } from './trusted-keys.ts';

const LIFETIME_MS = 24 * 3600 * 1000;
const MOST_TRIES = 5;
const FILE = 'enrolment.json';

/** Folder of the keys that came by a code. */
export function enrolledFolder(home: string): string {
  return join(home, 'enrolled');
}

export class Enrolment {
  readonly #home: string;
  readonly #log: Log;
  readonly #now: () => number;
  #digest: Buffer | undefined;
  /** Offers the next code, where each that is taken is to be followed by another. */
  #next: (() => Promise<string>) | undefined;
  #endsAt = 0;
  #tries = 0;
  #turn: Promise<unknown> = Promise.resolve();

  /** @param now milliseconds since 1970 */
  constructor(home: string, log: Log, now: () => number = Date.now) {
    this.#home = home;
    this.#log = log;
    this.#now = now;
  }

  /** Removes the code of a runtime before this one. */
  async forget(): Promise<void> {
    await rm(this.#path, { force: true });
  }

  /**
   * Makes a code, prints it into the log and writes it to `enrolment.json`, for its owner alone.
   * @param fingerprint SHA-256 of the certificate, hexadecimal
   * @param again whether another code follows each that a search head has used, for the members of a cluster
   * @throws KeplerError storage_failed, disk_full
   */
  async offer(fingerprint: string, urls: readonly string[], again = false): Promise<string> {
    this.#next = again ? () => this.offer(fingerprint, urls, again) : undefined;
    const secret = randomBytes(SECRET_BYTES).toString('hex');
    const code = writeCode({ secret, fingerprint: fingerprint.slice(0, 2 * FINGERPRINT_BYTES) });
    this.#digest = digestOf(secret);
    this.#tries = 0;
    this.#endsAt = this.#now() + LIFETIME_MS;
    const expires = new Date(this.#endsAt).toISOString();
    try {
      await this.forget();
      await writeDurable(
        this.#path,
        `${JSON.stringify({ code, urls, fingerprint: `sha256:${fingerprint}`, expires })}\n`,
      );
    } catch (error) {
      throw storageError(error, 'write its enrolment code', this.#home);
    }
    this.#log.warn(
      { code, expires, file: this.#path },
      'this runtime takes a search head: enrol one with | keplerctl enrol main url=https://<this host>:<port> code=<code>',
    );
    return code;
  }

  /** Trusts the key that comes with the code; the code is then used up. @throws KeplerError enrolment_refused, bad_request, storage_failed */
  take(code: string, pem: string): Promise<{ kid: string }> {
    // One after another: a code is good for one.
    const mine = this.#turn.then(() => this.#take(code, pem));
    this.#turn = mine.catch(() => undefined);
    return mine;
  }

  async #take(code: string, pem: string): Promise<{ kid: string }> {
    if (!this.#digest)
      throw refused(
        'This runtime takes no enrolment: it has a search head that it trusts, or the code is used up.',
      );
    if (this.#now() > this.#endsAt) {
      await this.#close();
      throw refused('The code has run out: it was good for 24 hours.');
    }
    if (!timingSafeEqual(digestOf(readCode(code)?.secret ?? ''), this.#digest)) {
      const left = MOST_TRIES - ++this.#tries;
      this.#log.warn({ left }, 'somebody tried to enrol with a wrong code');
      if (left === 0) await this.#close();
      throw refused(
        left > 0
          ? `The code is wrong; ${left} more ${left === 1 ? 'try is' : 'tries are'} left.`
          : 'The code is wrong, and was tried too often: it is good no more.',
      );
    }
    const key = publicKey(pem);
    const kid = keyId(key);
    await this.#store(kid, key);
    await this.#close();
    this.#log.info({ kid }, 'a search head was enrolled');
    try {
      await this.#next?.();
    } catch (error) {
      // This search head is trusted all the same.
      this.#log.error({ err: error }, 'the next enrolment code could not be offered');
    }
    return { kid };
  }

  async #store(kid: string, key: KeyObject): Promise<void> {
    const folder = enrolledFolder(this.#home);
    const path = join(folder, `${kid}.pub.pem`);
    try {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await replaceDurable(path, key.export({ type: 'spki', format: 'pem' }));
    } catch (error) {
      throw storageError(error, "keep the search head's key", folder);
    }
  }

  async #close(): Promise<void> {
    this.#digest = undefined;
    await this.forget();
  }

  get #path(): string {
    return join(this.#home, FILE);
  }
}

function digestOf(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}

/** @throws KeplerError bad_request */
function publicKey(pem: string): KeyObject {
  try {
    const key = createPublicKey(pem);
    if (key.asymmetricKeyType === 'ed25519' && !pem.includes('PRIVATE')) return key;
  } catch {
    // Said below: whatever it is, it is no such key.
  }
  throw new KeplerError('bad_request', 'The key is no Ed25519 public key in PEM form.');
}

function refused(why: string): KeplerError {
  return new KeplerError(
    'enrolment_refused',
    `${why} Start the runtime anew for another code; where it trusts a search head already, with KEPLER_ENROL=true.`,
  );
}
