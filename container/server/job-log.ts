import type { Identity } from './authenticate.ts';
import type { Log } from './log.ts';

interface Tally {
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
    let tally = this.#open.get(place.job);
    if (!tally) {
      const startedAt = performance.now();
      tally = { kind, identity, connection, startedAt, chunks: 0, bytesIn: 0, bytesOut: 0 };
      this.#open.set(place.job, tally);
    }
    tally.chunks++;
    tally.bytesIn += bytes;
  }

  answered(place: ChunkPlace, bytes: number): void {
    const tally = this.#open.get(place.job);
    if (!tally) return;
    tally.bytesOut += bytes;
    if (place.finished) this.#close(place.job, tally, 'done');
  }

  failed(job: string, code: string): void {
    const tally = this.#open.get(job);
    if (tally) this.#close(job, tally, code);
  }

  disconnected(connection: number): void {
    for (const [job, tally] of this.#open) {
      if (tally.connection === connection) this.#close(job, tally, 'disconnected');
    }
  }

  #close(job: string, tally: Tally, outcome: string): void {
    this.#open.delete(job);
    this.#log.info(
      {
        job,
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
