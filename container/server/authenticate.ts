import { createHash } from 'node:crypto';
import { decodeProtectedHeader, errors, jwtVerify } from 'jose';
import { KeplerError } from '../contract/errors.ts';
import { TOKEN_CLAIMS } from '../contract/schemas.ts';
import { TOKEN_LIFETIME_S } from '../contract/token.ts';
import type { Principal } from '../registry/types.ts';
import type { TrustedKeys } from './trusted-keys.ts';
import { validator } from './validation.ts';

/** Two machines' clocks may differ by so much. */
const LEEWAY_S = 15;
/** Verified tokens kept: each is one search. */
const MOST_KEPT = 5000;
const LONGEST_TOKEN = 32_768;

export interface Identity {
  readonly principal: Principal;
  readonly sid: string;
}

interface Kept extends Identity {
  readonly until: number;
}

const claimsOf = validator(TOKEN_CLAIMS, 'The token', 'unauthenticated');

/**
 * Who sent a request, from its signed token. A token is verified once and then known by its digest until it runs out, so
 * that the chunks of a search cost no signature check.
 */
export class Authenticator {
  readonly #keys: TrustedKeys;
  readonly #kept = new Map<string, Kept>();
  readonly #now: () => number;

  /** @param now seconds since 1970 */
  constructor(keys: TrustedKeys, now: () => number = () => Date.now() / 1000) {
    this.#keys = keys;
    this.#now = now;
  }

  /** The identity of a token seen before, at once; else a promise. @throws KeplerError unauthenticated, token_expired */
  identify(authorization: string | undefined): Identity | Promise<Identity> {
    const token = bearer(authorization);
    const digest = createHash('sha256').update(token).digest('base64');
    const kept = this.#kept.get(digest);
    if (!kept) return this.#verify(token, digest);
    if (kept.until > this.#now()) return kept;
    this.#kept.delete(digest);
    throw expired();
  }

  async #verify(token: string, digest: string): Promise<Identity> {
    const key = await this.#keyOf(token);
    let payload: unknown;
    try {
      ({ payload } = await jwtVerify(token, key, {
        algorithms: ['EdDSA'],
        issuer: 'kepler-search-head',
        audience: 'kepler-runtime',
        clockTolerance: LEEWAY_S,
        maxTokenAge: TOKEN_LIFETIME_S,
        requiredClaims: ['exp', 'iat', 'sub'],
        currentDate: new Date(this.#now() * 1000),
      }));
    } catch (error) {
      throw refused(error);
    }
    const claims = claimsOf(payload);
    const { sub: user, app, roles, capabilities = [], acl, apps, sid } = claims;
    const identity: Kept = {
      principal: { user, app, roles, capabilities, acl, ...(apps && { apps }) },
      sid,
      until: Math.min(claims.exp, claims.iat + TOKEN_LIFETIME_S) + LEEWAY_S,
    };
    this.#keep(digest, identity);
    return identity;
  }

  async #keyOf(token: string) {
    let kid: unknown;
    try {
      kid = decodeProtectedHeader(token).kid;
    } catch (error) {
      throw new KeplerError('unauthenticated', `The token cannot be read: it is no JWT. ${ADVICE}`, {
        cause: error,
      });
    }
    if (typeof kid !== 'string') {
      throw new KeplerError('unauthenticated', `The token does not say which key signed it (kid). ${ADVICE}`);
    }
    const key = await this.#keys.find(kid);
    if (key) return key;
    throw new KeplerError(
      'unauthenticated',
      `The token was signed by a key that this runtime does not trust (kid ${kid.slice(0, 64).replace(/[^\w-]/g, '?')}). ` +
        "Enrol this search head (| keplerctl enrol), or copy its public key, $SPLUNK_HOME/var/lib/kepler/key.pub.pem, into the folder that the runtime's KEPLER_TRUSTED_KEYS names.",
    );
  }

  #keep(digest: string, identity: Kept): void {
    if (this.#kept.size >= MOST_KEPT) {
      const now = this.#now();
      for (const [other, { until }] of this.#kept) if (until <= now) this.#kept.delete(other);
      // Still full: the oldest go; they are verified again should they come once more.
      for (const other of this.#kept.keys()) {
        if (this.#kept.size < MOST_KEPT) break;
        this.#kept.delete(other);
      }
    }
    this.#kept.set(digest, identity);
  }
}

const ADVICE = "Requests are signed by Kepler's search commands: run the search through Splunk.";

function bearer(authorization: string | undefined): string {
  const match = /^Bearer +([\w.~+/=-]+) *$/i.exec(authorization ?? '');
  if (match && match[1].length <= LONGEST_TOKEN) return match[1];
  const what = authorization === undefined ? 'carries no token' : 'carries a token that cannot be read';
  throw new KeplerError('unauthenticated', `The request ${what}. ${ADVICE}`);
}

function expired(): KeplerError {
  return new KeplerError(
    'token_expired',
    `The search's token has run out: it is good for ${TOKEN_LIFETIME_S} seconds. Run the search again; if that does not help, set the clocks of search head and runtime right.`,
  );
}

function refused(error: unknown): KeplerError {
  if (error instanceof errors.JWTExpired) return expired();
  if (error instanceof errors.JWSSignatureVerificationFailed) {
    return new KeplerError(
      'unauthenticated',
      `The token's signature is wrong: it was altered, or signed by another key than it names. ${ADVICE}`,
    );
  }
  if (error instanceof errors.JWTClaimValidationFailed) {
    if (error.claim === 'iat' && error.reason === 'check_failed') {
      return new KeplerError(
        'unauthenticated',
        'The token was signed in the future. Set the clocks of search head and runtime right.',
      );
    }
    return new KeplerError(
      'unauthenticated',
      `The token is not meant for this: its "${error.claim}" is wrong. ${ADVICE}`,
    );
  }
  if (error instanceof errors.JOSEError) {
    return new KeplerError('unauthenticated', `The token cannot be read (${error.code}). ${ADVICE}`, {
      cause: error,
    });
  }
  throw error;
}
