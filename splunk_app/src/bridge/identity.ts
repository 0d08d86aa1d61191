import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  randomBytes,
  randomUUID,
  sign,
  type KeyObject,
} from 'node:crypto';
import { chmodSync, linkSync, mkdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { KeplerError } from '../../../container/contract/errors.ts';
import { TOKEN_LIFETIME_S, type KeyId, type TokenClaims } from '../../../container/contract/token.ts';

/** The key with which this search head signs for its users. */
export interface HeadKey {
  readonly key: KeyObject;
  readonly kid: KeyId;
}

/** `$SPLUNK_HOME/var/lib/kepler`: key.pem (private, mode 600) and key.pub.pem, which the runtime is given. */
export function keyFolder(splunkHome: string): string {
  return join(splunkHome, 'var', 'lib', 'kepler');
}

/**
 * Reads this search head's key, or makes it at first need. Two commands that start at once agree on one key: the first file
 * that appears wins. Throws `configuration` where the folder cannot be used.
 */
export function headKey(splunkHome: string): HeadKey {
  const folder = keyFolder(splunkHome);
  const path = join(folder, 'key.pem');
  try {
    return load(readFileSync(path, 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw unusable(path, error);
  }
  try {
    create(folder, path);
    const made = load(readFileSync(path, 'utf8'));
    publish(folder, made.key);
    return made;
  } catch (error) {
    throw unusable(path, error);
  }
}

function create(folder: string, path: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  chmodSync(folder, 0o700);
  const { privateKey } = generateKeyPairSync('ed25519');
  // Whole or not at all, and never over an existing key: written aside, then linked to its name.
  const aside = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
  writeFileSync(aside, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600, flag: 'wx' });
  try {
    linkSync(aside, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    unlinkSync(aside);
  }
}

function publish(folder: string, key: KeyObject): void {
  const pem = createPublicKey(key).export({ type: 'spki', format: 'pem' });
  writeFileSync(join(folder, 'key.pub.pem'), pem, { mode: 0o644 });
}

function load(pem: string): HeadKey {
  const key = createPrivateKey(pem);
  if (key.asymmetricKeyType !== 'ed25519') throw new Error('it is not an Ed25519 key');
  return { key, kid: kidOf(key) };
}

/** An Ed25519 public key in SPKI DER form is these bytes and the key's 32: put together here, OpenSSL's encoder takes 1 ms. */
const SPKI_HEAD = Buffer.from('302a300506032b6570032100', 'hex');

function kidOf(key: KeyObject): KeyId {
  const raw = Buffer.from(key.export({ format: 'jwk' }).x as string, 'base64url');
  const der = Buffer.concat([SPKI_HEAD, raw]);
  return createHash('sha256').update(der).digest('hex').slice(0, 16);
}

/** Names a job. Here, because the global `crypto` would load another module for it. */
export const jobName = (): string => randomUUID();

const unusable = (path: string, error: unknown): KeplerError =>
  new KeplerError(
    'configuration',
    `This search head's key ${path} cannot be read or made: ${(error as Error).message}. Check who owns the folder; delete a damaged key to have a new one made (the runtime must then be given the new key.pub.pem).`,
    { cause: error },
  );

export type Claims = Omit<TokenClaims, 'iss' | 'aud' | 'iat' | 'exp'>;

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value), 'utf8').toString('base64url');

/** An EdDSA JWT for the claims, valid from `now` (seconds since 1970) for TOKEN_LIFETIME_S. By hand: `jose` takes three times as long to load. */
export function signToken(head: HeadKey, claims: Claims, now: number): string {
  const all: TokenClaims = {
    iss: 'kepler-search-head',
    aud: 'kepler-runtime',
    ...claims,
    iat: now,
    exp: now + TOKEN_LIFETIME_S,
  };
  const text = `${encode({ alg: 'EdDSA', typ: 'JWT', kid: head.kid })}.${encode(all)}`;
  return `${text}.${sign(null, Buffer.from(text, 'latin1'), head.key).toString('base64url')}`;
}
