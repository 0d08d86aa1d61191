import type { Identity } from './authenticate.ts';
import type { Log } from './log.ts';

interface Tally {
  readonly job: string;
  readonly kind: string;
  readonly identity: Identity;
  readonly connection: number;
  readonly startedAt: number;
  chunks: number;
  bytesIn: number;
  bytesOut: number;
}

export interface ChunkPlace {
  readonly job: string;
  readonly finished: boolean;
}

/** One access line a job: chunks are only counted. */
export class JobLog {
  readonly #log: Log;
  readonly #open = new Map<string, Tally>();

  constructor(log: Log) {
    this.#log = log;
  }

  received(kind: string, place: ChunkPlace, identity: Identity, connection: number, bytes: number): void {
    const key = keyOf(place.job, connection);
    let tally = this.#open.get(key);
    if (!tally) {
      const startedAt = performance.now();
      tally = { job: place.job, kind, identity, connection, startedAt, chunks: 0, bytesIn: 0, bytesOut: 0 };
      this.#open.set(key, tally);
    }
    tally.chunks++;
    tally.bytesIn += bytes;
  }

  answered(place: ChunkPlace, connection: number, bytes: number): void {
    const key = keyOf(place.job, connection);
    const tally = this.#open.get(key);
    if (!tally) return;
    tally.bytesOut += bytes;
    if (place.finished) this.#close(key, tally, 'done');
  }

  failed(place: ChunkPlace, connection: number, code: string): void {
    const key = keyOf(place.job, connection);
    const tally = this.#open.get(key);
    if (tally) this.#close(key, tally, code);
  }

  disconnected(connection: number): void {
    for (const [key, tally] of this.#open) {
      if (tally.connection === connection) this.#close(key, tally, 'disconnected');
    }
  }

  #close(key: string, tally: Tally, outcome: string): void {
    this.#open.delete(key);
    this.#log.info(
      {
        job: tally.job,
        kind: tally.kind,
        outcome,
        user: tally.identity.principal.user,
        app: tally.identity.principal.app,
        sid: tally.identity.sid,
        chunks: tally.chunks,
        bytesIn: tally.bytesIn,
        bytesOut: tally.bytesOut,
        ms: Math.round(performance.now() - tally.startedAt),
      },
      'job',
    );
  }
}

/** The job's name is the client's choice; the connection tells two clients apart who chose the same. */
function keyOf(job: string, connection: number): string {
  return `${connection} ${job}`;
}
