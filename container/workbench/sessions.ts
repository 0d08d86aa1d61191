/**
 * Who may use the workbench: a link that is signed, good once and for minutes, is exchanged for a session that lasts hours. Both
 * are of this process alone: after a restart a new link is needed.
 */
import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { KeplerError } from '../contract/errors.ts';
import type { Principal } from '../registry/types.ts';

const LINK_MS = 5 * 60_000;
const SESSION_MS = 8 * 3600_000;
/** A session that nobody uses ends sooner. */
const IDLE_MS = 2 * 3600_000;
/** Links that were not opened, and sessions, kept at most. */
const MOST = 1000;

export interface Session {
  readonly principal: Principal;
  /** `https://host:port`: what a browser must have said where a request comes from. */
  readonly origin: string;
  /** Milliseconds since 1970. */
  readonly until: number;
}

export class Sessions {
  readonly #key = randomBytes(32);
  readonly #now: () => number;
  readonly #links = new Map<string, Session>();
  readonly #sessions = new Map<string, Session & { usedAt: number }>();
  /** The cookie's name: runtimes on one host, whatever their ports, share a browser's cookies. */
  readonly cookie = `kepler_workbench_${randomBytes(4).toString('hex')}`;

  /** @param now milliseconds since 1970 */
  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** A token for a link, and until when it is good (milliseconds since 1970). */
  offer(principal: Principal, origin: string): { token: string; until: number } {
    const until = this.#now() + LINK_MS;
    const id = randomBytes(18).toString('base64url');
    makeRoom(this.#links, ({ until: end }) => end <= this.#now());
    this.#links.set(id, { principal, origin, until });
    const said = `${id}.${until}`;
    return { token: `${said}.${this.#sign(said)}`, until };
  }

  /**
   * Takes a link's token, which is then used up.
   * @returns the cookie's value @throws KeplerError unauthenticated, token_expired
   */
  open(token: string): { value: string; session: Session } {
    const [, id, until, signature] = /^([\w-]{1,64})\.(\d{1,16})\.([\w-]{1,64})$/.exec(token) ?? [];
    if (id === undefined || !equal(signature, this.#sign(`${id}.${until}`))) {
      throw new KeplerError(
        'unauthenticated',
        `This link was not made by this runtime, or it was made before its last start. ${HOW}`,
      );
    }
    const offered = this.#links.get(id);
    this.#links.delete(id);
    if (Number(until) <= this.#now())
      throw new KeplerError('token_expired', `This link has run out: it was good for five minutes. ${HOW}`);
    if (!offered) throw new KeplerError('unauthenticated', `This link was used already. ${HOW}`);
    const value = randomBytes(32).toString('base64url');
    const session = { ...offered, until: this.#now() + SESSION_MS, usedAt: this.#now() };
    makeRoom(this.#sessions, (one) => this.#isOver(one));
    this.#sessions.set(digest(value), session);
    return { value, session };
  }

  /** Whose session a request's cookies name. @throws KeplerError unauthenticated, token_expired */
  find(cookies: string | undefined): Session {
    const value = valueOf(cookies, this.cookie);
    const key = value === undefined ? '' : digest(value);
    const session = this.#sessions.get(key);
    if (!session) throw new KeplerError('unauthenticated', `You are not signed in to the workbench. ${HOW}`);
    if (this.#isOver(session)) {
      this.#sessions.delete(key);
      throw new KeplerError('token_expired', `Your session in the workbench has ended. ${HOW}`);
    }
    session.usedAt = this.#now();
    return session;
  }

  /** Ends the session that the cookies name. */
  close(cookies: string | undefined): void {
    const value = valueOf(cookies, this.cookie);
    if (value !== undefined) this.#sessions.delete(digest(value));
  }

  #isOver({ until, usedAt }: Session & { usedAt: number }): boolean {
    return until <= this.#now() || usedAt + IDLE_MS <= this.#now();
  }

  #sign(text: string): string {
    return createHmac('sha256', this.#key).update(text).digest('base64url');
  }
}

/** How one gets in. */
export const HOW =
  'Run | keplerctl workbench in Splunk, or press “Open the workbench” on its page, for a new link.';

function digest(value: string): string {
  return createHash('sha256').update(value).digest('base64');
}

function equal(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

/** Drops what is over; where that is not enough, the oldest. */
function makeRoom<T>(kept: Map<string, T>, isOver: (one: T) => boolean): void {
  if (kept.size < MOST) return;
  for (const [key, one] of kept) if (isOver(one)) kept.delete(key);
  for (const key of kept.keys()) {
    if (kept.size < MOST) return;
    kept.delete(key);
  }
}

function valueOf(cookies: string | undefined, name: string): string | undefined {
  for (const cookie of (cookies ?? '').split(';')) {
    const equals = cookie.indexOf('=');
    if (cookie.slice(0, equals).trim() === name) return cookie.slice(equals + 1).trim();
  }
  return undefined;
}
