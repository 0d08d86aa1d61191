import { KeplerError } from '../contract/errors.ts';
import { plural } from '../contract/plural.ts';
import { roleName } from './quotas.ts';
import type { RoleLimit } from './quotas.ts';

/** On whose account a turn goes, and how many that one may have at the same time. */
export interface Account {
  readonly user: string;
  readonly limit?: RoleLimit;
}

interface Waiting {
  readonly who: unknown;
  readonly account: Account;
  readonly resolve: () => void;
  readonly reject: (error: KeplerError) => void;
}

/**
 * Lets so many work at the same time, and of one user so many as the quota allows; the others wait in the order in which they
 * came. Who waits for the own quota alone holds up nobody.
 */
export class Turns {
  readonly #most: number;
  readonly #maxWaiting: number;
  readonly #waiting: Waiting[] = [];
  readonly #working = new Map<unknown, Account>();

  constructor(most: number, maxWaiting: number) {
    this.#most = most;
    this.#maxWaiting = maxWaiting;
  }

  /** Resolves when it is `who`'s turn. @throws KeplerError queue_full */
  take(who: unknown, account: Account): Promise<void> {
    if (this.#working.size < this.#most && this.#mayWork(account)) {
      this.#working.set(who, account);
      return Promise.resolve();
    }
    if (this.#waiting.length >= this.#maxWaiting) {
      return Promise.reject(
        new KeplerError(
          'queue_full',
          `The runtime is busy: ${this.#waiting.length} fits wait already (KEPLER_MAX_QUEUED). Run the search again in a while.`,
        ),
      );
    }
    return new Promise((resolve, reject) => this.#waiting.push({ who, account, resolve, reject }));
  }

  /** 1 is next; 0: not waiting. */
  position(who: unknown): number {
    return this.#waiting.findIndex((one) => one.who === who) + 1;
  }

  /** Why `who` waits, in words; undefined where it does not. */
  reason(who: unknown): string | undefined {
    const waiting = this.#waiting.find((one) => one.who === who);
    if (!waiting) return undefined;
    const { limit } = waiting.account;
    if (limit && !this.#mayWork(waiting.account)) {
      return `${roleName(limit)} may run ${limit.most} ${plural(limit.most, 'fit', 'fits')} at a time`;
    }
    return `the runtime runs ${this.#most} at a time (KEPLER_FIT_WORKERS)`;
  }

  /** Gives a turn back. */
  done(who: unknown): void {
    this.#working.delete(who);
    for (let at = 0; at < this.#waiting.length && this.#working.size < this.#most;) {
      const { who: next, account, resolve } = this.#waiting[at];
      if (!this.#mayWork(account)) {
        at++;
        continue;
      }
      this.#waiting.splice(at, 1);
      this.#working.set(next, account);
      resolve();
    }
  }

  /** Takes `who` out of those that wait. */
  leave(who: unknown, error: KeplerError): void {
    const place = this.position(who) - 1;
    if (place >= 0) this.#waiting.splice(place, 1)[0].reject(error);
  }

  #mayWork({ user, limit }: Account): boolean {
    if (!limit) return true;
    let own = 0;
    for (const one of this.#working.values()) if (one.user === user) own++;
    return own < limit.most;
  }
}
