import type { ErrorCode } from '../contract/errors.ts';
import type { FitSpec, ModelName, ReplyMeta, ResolvedModel, TellAs } from '../contract/requests.ts';
import type { Identity } from './authenticate.ts';
import type { Log } from './log.ts';
import type { Run, RunKind, RunModel } from './usage/run.ts';

interface Tally {
  readonly job: string;
  readonly kind: RunKind;
  readonly identity: Identity;
  readonly connection: number;
  readonly startedAt: number;
  readonly named: ModelName | undefined;
  model: ResolvedModel | undefined;
  algorithm: string | undefined;
  readonly tell: TellAs | undefined;
  /** When the chunk came that is being worked on. */
  chunkAt: number;
  /** Milliseconds of the chunks that were answered. */
  busyMs: number;
  readonly stages: Record<string, number>;
  /** The last reply is made, and on its way. */
  finishing: boolean;
  rows: number;
  chunks: number;
  bytesIn: number;
  bytesOut: number;
}

/** What of a chunk's metadata the log reads. */
export interface ChunkPlace {
  readonly job: string;
  readonly finished: boolean;
  readonly spec?: object;
}

/** Follows jobs over their chunks, and tells of each once: a line in the runtime's log, a run in its usage. */
export class JobLog {
  readonly #log: Log;
  readonly #record: (run: Run) => void;
  readonly #open = new Map<string, Tally>();

  constructor(log: Log, record: (run: Run) => void) {
    this.#log = log;
    this.#record = record;
  }

  received(kind: RunKind, place: ChunkPlace, identity: Identity, connection: number, bytes: number): void {
    const key = keyOf(place.job, connection);
    const now = performance.now();
    let tally = this.#open.get(key);
    if (!tally) {
      tally = {
        job: place.job,
        kind,
        identity,
        connection,
        startedAt: now,
        named: modelOf(place.spec),
        model: undefined,
        algorithm: (place.spec as Partial<FitSpec> | undefined)?.algorithm,
        tell: (place.spec as Partial<FitSpec> | undefined)?.tell,
        chunkAt: now,
        busyMs: 0,
        stages: {},
        finishing: false,
        rows: 0,
        chunks: 0,
        bytesIn: 0,
        bytesOut: 0,
      };
      this.#open.set(key, tally);
    }
    tally.chunkAt = now;
    tally.chunks++;
    tally.bytesIn += bytes;
  }

  /** A chunk's reply is made. */
  replying(place: ChunkPlace, connection: number, bytes: number, meta: ReplyMeta): void {
    const tally = this.#open.get(keyOf(place.job, connection));
    if (!tally) return;
    tally.finishing = place.finished;
    tally.bytesOut += bytes;
    tally.model = meta.version ?? tally.model;
    tally.algorithm = meta.algorithm ?? tally.algorithm;
    for (const [name, value] of Object.entries(meta.metrics ?? {})) {
      if (name.endsWith('_ms')) tally.stages[name] = (tally.stages[name] ?? 0) + value;
    }
    const rows = meta.metrics?.rows ?? 0;
    // The last reply of a job that collects tells of all its rows.
    if (tally.kind !== 'apply' && place.finished) tally.rows = Math.max(tally.rows, rows);
    else tally.rows += rows;
  }

  /** The reply is out, but for its last bytes. */
  answered(place: ChunkPlace, connection: number): void {
    const key = keyOf(place.job, connection);
    const tally = this.#open.get(key);
    if (!tally) return;
    tally.busyMs += performance.now() - tally.chunkAt;
    if (place.finished) this.#close(key, tally, 'done');
  }

  failed(place: ChunkPlace, connection: number, code: ErrorCode, message: string): void {
    const key = keyOf(place.job, connection);
    const tally = this.#open.get(key);
    if (!tally) return;
    tally.busyMs += performance.now() - tally.chunkAt;
    this.#close(key, tally, code, message);
  }

  disconnected(connection: number): void {
    for (const [key, tally] of this.#open) {
      if (tally.connection !== connection) continue;
      // Who has the last reply may be gone before the runtime has noticed that it is out.
      if (tally.finishing) tally.busyMs += performance.now() - tally.chunkAt;
      this.#close(key, tally, tally.finishing ? 'done' : 'disconnected');
    }
  }

  #close(key: string, tally: Tally, outcome: 'done' | 'disconnected' | ErrorCode, message?: string): void {
    this.#open.delete(key);
    const {
      job,
      kind,
      identity,
      chunks,
      bytesIn,
      bytesOut,
      startedAt,
      rows,
      busyMs,
      stages,
      algorithm,
      tell,
    } = tally;
    const { principal, sid } = identity;
    const { user, app } = principal;
    const ms = Math.round(performance.now() - startedAt);
    this.#log.info({ job, kind, outcome, user, app, sid, chunks, bytesIn, bytesOut, ms }, 'job');
    const cancelled = outcome === 'disconnected' || outcome === 'cancelled';
    const model = runModel(tally);
    this.#record({
      time: Date.now() / 1000,
      kind,
      ...(model && { model }),
      user,
      app,
      sid,
      rows,
      ms: Math.round(busyMs * 100) / 100,
      ...(algorithm !== undefined && { algorithm }),
      ...(tell && { tell }),
      ...(Object.keys(stages).length > 0 && { stages }),
      status: outcome === 'done' ? 'ok' : cancelled ? 'cancelled' : 'error',
      ...(outcome !== 'done' && outcome !== 'disconnected' && { code: outcome, message }),
    });
  }
}

/** The model that a fit makes or an apply reads; rows that are staged make none. */
function modelOf(
  spec: { into?: ModelName; model?: ModelName; mode?: 'stage' } | undefined,
): ModelName | undefined {
  if (spec?.mode === 'stage') return undefined;
  return spec?.model ?? spec?.into;
}

/** The one that was resolved, else the one that the search named. */
function runModel({ model, named, identity }: Tally): RunModel | undefined {
  const one: (ModelName & { version?: number }) | undefined = model ?? named;
  if (!one) return undefined;
  const { user, app } = identity.principal;
  const owner = one.namespace === 'user' ? user : app;
  return {
    namespace: one.namespace,
    owner,
    name: one.name,
    ...(one.version !== undefined && { version: one.version }),
  };
}

/** The job's name is the client's choice; the connection tells two clients apart who chose the same. */
function keyOf(job: string, connection: number): string {
  return `${connection} ${job}`;
}
