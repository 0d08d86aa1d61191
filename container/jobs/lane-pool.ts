import { KeplerError } from '../contract/errors.ts';
import { stopError } from './control.ts';
import type { StopReason } from './control.ts';
import { Lane } from './lane.ts';
import type { JobSettings, Listeners } from './types.ts';

/** How long a worker may take to notice that it is to stop, before it is ended. */
const STOP_MS = 1000;

/** Slow clients may hold so many workers beyond the most that there are to be. */
const MOST_SLOW = 16;
/** Half of them one user's: whose templates do not come back keeps nobody else waiting. */
const MOST_SLOW_OF_ONE = 8;

interface Waiting {
  readonly user: string | undefined;
  readonly resolve: (lane: Lane) => void;
  readonly reject: (error: KeplerError) => void;
}

/** Workers that are kept for the next job; more are made up to `most`, and then jobs wait for one. */
export class LanePool {
  readonly #script: URL;
  readonly #settings: JobSettings;
  readonly #most: number;
  readonly #kept: number;
  readonly #maxWaiting: number;
  readonly #givesWay: boolean;
  readonly #idle: Lane[] = [];
  readonly #listeners: Listeners;
  readonly #waiting: Waiting[] = [];
  /** Who uses a worker. */
  readonly #users = new Map<Lane, string>();
  readonly #all = new Set<Lane>();
  /** Those that wait for their client. */
  readonly #slow = new Set<Lane>();
  /** Made with settings of before. */
  readonly #old = new WeakSet<Lane>();
  #closed = false;

  /**
   * @param most Workers there are at most. @param kept Idle ones that are kept. @param maxWaiting Who may wait for one.
   * @param givesWay Whether the workers give way to other threads.
   */
  constructor(
    script: URL,
    settings: JobSettings,
    most: number,
    kept: number,
    maxWaiting: number,
    givesWay: boolean,
    listeners: Listeners,
  ) {
    this.#givesWay = givesWay;
    this.#listeners = listeners;
    this.#maxWaiting = maxWaiting;
    this.#script = script;
    this.#settings = settings;
    this.#most = most;
    this.#kept = kept;
  }

  /** Starts so many workers ahead of the first job. */
  warm(count: number): void {
    while (this.#all.size < count) this.#idle.push(this.#make());
  }

  /**
   * @param user for whom; one user holds a share of the workers at most
   * @throws KeplerError queue_full, shutting_down
   */
  acquire(user?: string): Promise<Lane> {
    if (this.#closed) return Promise.reject(stopError('shutting_down'));
    const mayHave = this.#mayHave(user);
    for (let lane = mayHave && this.#idle.pop(); lane; lane = this.#idle.pop()) {
      if (!lane.lost) return Promise.resolve(this.#given(lane, user));
      this.#all.delete(lane);
    }
    if (mayHave && this.#mayGrow()) return Promise.resolve(this.#given(this.#make(), user));
    if (this.#waiting.length >= this.#maxWaiting) {
      return Promise.reject(
        new KeplerError(
          'queue_full',
          `The runtime is busy: it holds ${this.#all.size + this.#waiting.length} searches of this kind already (KEPLER_MAX_QUEUED). Run the search again in a while.`,
        ),
      );
    }
    return new Promise((resolve, reject) => this.#waiting.push({ user, resolve, reject }));
  }

  /** The lane waits for a client that takes its time: until it comes back, another worker may take its place. */
  slow(lane: Lane): void {
    this.#slow.add(lane);
    if (!this.#mayGrow()) return;
    const next = this.#next();
    next?.resolve(this.#given(this.#make(), next.user));
  }

  /** Whether a worker is up. Where all have ended, another is started. */
  ready(): boolean {
    if (this.#closed) return false;
    for (const lane of this.#idle.filter(({ lost }) => lost)) {
      this.#idle.splice(this.#idle.indexOf(lane), 1);
      this.#all.delete(lane);
    }
    this.warm(1);
    return [...this.#all].some(({ up }) => up);
  }

  /** Workers that were made with settings of before are not used again. */
  renew(): void {
    for (const lane of this.#all) this.#old.add(lane);
    for (const lane of this.#idle.splice(0)) {
      this.#all.delete(lane);
      void lane.end();
    }
    this.warm(1);
  }

  /** Takes a lane back that is not being asked anything. */
  release(lane: Lane): void {
    // With the job the searcher's session is forgotten.
    lane.caller = undefined;
    this.#slow.delete(lane);
    this.#users.delete(lane);
    const next = this.#closed ? undefined : this.#next();
    if (lane.lost || this.#old.has(lane)) {
      this.#all.delete(lane);
      if (!lane.lost) void lane.end();
      if (!next) return;
      lane = this.#make();
    }
    lane.control.reset();
    if (next) next.resolve(this.#given(lane, next.user));
    else if (this.#closed || this.#idle.length >= this.#kept) {
      this.#all.delete(lane);
      void lane.end();
    } else this.#idle.push(lane);
  }

  /**
   * Stops what the lane does, and takes it back: its worker is given a moment to notice, then it is ended.
   * @param running What it was asked, settled or not.
   */
  async stop(lane: Lane, reason: StopReason, running: Promise<unknown> | undefined): Promise<void> {
    lane.control.stop(reason);
    if (running && lane.busy) {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise((resolve) => (timer = setTimeout(resolve, STOP_MS, 'late')));
      const first = await Promise.race([running.catch(() => 'ended'), late]);
      clearTimeout(timer);
      if (first === 'late') await lane.end(stopError(reason));
    }
    this.release(lane);
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const { reject } of this.#waiting.splice(0)) reject(stopError('shutting_down'));
    this.#idle.length = 0;
    await Promise.all([...this.#all].map((lane) => lane.end(stopError('shutting_down'))));
  }

  #given(lane: Lane, user: string | undefined): Lane {
    if (user !== undefined) this.#users.set(lane, user);
    return lane;
  }

  /** The first of those that wait who may have a worker; it waits no longer. */
  #next(): Waiting | undefined {
    const at = this.#waiting.findIndex(({ user }) => this.#mayHave(user));
    return at < 0 ? undefined : this.#waiting.splice(at, 1)[0];
  }

  #mayHave(user: string | undefined): boolean {
    if (user === undefined) return true;
    let own = 0;
    for (const other of this.#users.values()) if (other === user) own++;
    return own < Math.max(this.#most, MOST_SLOW_OF_ONE);
  }

  #mayGrow(): boolean {
    const { size } = this.#all;
    return size - this.#slow.size < this.#most && size < this.#most + MOST_SLOW;
  }

  #make(): Lane {
    const lane = new Lane(this.#script, this.#settings, this.#givesWay, this.#listeners);
    this.#all.add(lane);
    return lane;
  }
}
