import { KeplerError } from '../contract/errors.ts';
import type { CollectMeta, FitSpec, Message } from '../contract/requests.ts';
import { MEDIA } from '../contract/wire.ts';
import { stopError } from './control.ts';
import type { StopReason } from './control.ts';
import type { Lane } from './lane.ts';
import type { LanePool } from './lane-pool.ts';
import type { Answer, CollectSpec } from './messages.ts';
import { quotaOf, roleName } from './quotas.ts';
import type { UserQuota } from './quotas.ts';
import type { Turns } from './turns.ts';
import { callerOf, workOf } from './types.ts';
import type { ChunkReply, ChunkRequest, Intake, JobInfo, JobSettings } from './types.ts';

type Reply = Extract<Answer, { answer: 'reply' }>;

/** Main thread: one `fit`, `score` or `sample`, across its chunks, with a worker of its own. */
export class CollectJob {
  readonly #pool: LanePool;
  readonly #turns: Turns;
  readonly #settings: JobSettings;
  readonly #lane: Lane;
  readonly #ended: () => void;
  readonly #request: ChunkRequest<CollectMeta<unknown>>;
  readonly #startedAt = Date.now();
  readonly #quota: UserQuota;
  readonly kind: CollectSpec['kind'];
  readonly connection: number;
  #state: JobInfo['state'] = 'receiving';
  #running: Promise<unknown> | undefined;
  #nextChunk = 0;
  #rows = 0;
  #stopped: StopReason | undefined;
  #idle: NodeJS.Timeout | undefined;
  #closed = false;

  private constructor(
    pool: LanePool,
    turns: Turns,
    settings: JobSettings,
    lane: Lane,
    kind: CollectSpec['kind'],
    request: ChunkRequest<CollectMeta<unknown>>,
    ended: () => void,
  ) {
    this.#pool = pool;
    this.#turns = turns;
    this.#settings = settings;
    this.#lane = lane;
    this.kind = kind;
    this.#request = request;
    this.#quota = kind === 'fit' ? quotaOf(settings.quotas, request.principal.roles) : {};
    this.connection = request.connection;
    this.#ended = ended;
  }

  /** Takes a worker and opens the job in it. `ended` is called once, when the job is over in whatever way. */
  static async open(
    pool: LanePool,
    turns: Turns,
    settings: JobSettings,
    spec: CollectSpec,
    request: ChunkRequest<CollectMeta<unknown>>,
    ended: () => void,
  ): Promise<CollectJob> {
    const lane = await pool.acquire();
    const job = new CollectJob(pool, turns, settings, lane, spec.kind, request, ended);
    const { principal, meta } = request;
    lane.work = workOf(request, job.#model);
    lane.caller = callerOf(request, job.#model);
    try {
      lane.forgetPlace();
      const columnsAlone = request.accept === 'columns';
      await lane.ask({ ask: 'open', job: spec, principal, search: meta.search, columnsAlone }, 'done');
    } catch (error) {
      job.#close();
      throw error;
    }
    return job;
  }

  /** As the search names it; only a fit makes one. */
  get #model(): string | undefined {
    const { into, mode } = (this.#request.meta.spec ?? {}) as Partial<FitSpec>;
    if (mode === 'stage') return undefined;
    return into && `${into.namespace === 'app' ? 'app:' : ''}${into.name}`;
  }

  info(): JobInfo {
    const position = this.#turns.position(this);
    return {
      job: this.#request.meta.job,
      kind: this.kind,
      state: position > 0 ? 'queued' : this.#state,
      user: this.#request.principal.user,
      app: this.#request.principal.app,
      sid: this.#request.meta.search?.sid ?? '',
      search: this.#request.meta.search?.search,
      model: this.#model,
      rows: this.#rows,
      startedAt: this.#startedAt,
      ...(position > 0 ? { position, reason: this.#turns.reason(this) } : this.#stage()),
      ...(this.#quota.fits && { role: this.#quota.fits.role }),
    };
  }

  /** What it does just now, as far as that can be told. */
  #stage(): Pick<JobInfo, 'stage' | 'progress'> {
    if (this.#state === 'receiving') return { stage: 'receiving rows' };
    if (this.#state === 'replying') return { stage: 'sending the rows back' };
    const { stage, share } = this.#lane.progress ?? {};
    return { ...(stage !== undefined && { stage }), ...(share !== undefined && { progress: share }) };
  }

  /** @throws KeplerError limit_rows where the user's roles allow no fit of so many rows */
  #checkRows(): void {
    const { rows } = this.#quota;
    if (!rows || this.#rows <= rows.most) return;
    throw new KeplerError(
      'limit_rows',
      `${roleName(rows)} may fit ${rows.most.toLocaleString('en-US')} rows at most (KEPLER_QUOTAS), and the search has more: ${this.#rows.toLocaleString('en-US')} so far. Search fewer rows, or put "| sample ${rows.most}" before fit.`,
    );
  }

  /**
   * The next chunk.
   * @throws KeplerError unknown_job where it is not the one that comes next
   */
  async chunk(request: ChunkRequest<CollectMeta<unknown>>): Promise<Intake> {
    clearTimeout(this.#idle);
    const { meta, bytes, accept } = request;
    if (this.#closed || meta.chunk !== this.#nextChunk || this.#running) {
      throw new KeplerError(
        'unknown_job',
        `Chunk ${meta.chunk} of the search does not follow on what the runtime has (it awaits chunk ${this.#nextChunk}). Run the search again.`,
      );
    }
    this.#nextChunk++;
    let answer: Promise<Reply>;
    try {
      await this.#track(this.#lane.startChunk(bytes));
      answer = this.#lane.ask({ ask: 'collect', bytes, accept }, 'reply');
    } catch (error) {
      this.#close();
      throw this.#reasonOf(error);
    }
    this.#running = answer;
    answer.catch(() => undefined);
    return {
      write: (piece) => this.#lane.write(piece),
      end: async () => {
        try {
          this.#lane.flush();
          const reply = await answer;
          this.#running = undefined;
          this.#rows += reply.rows;
          if (this.#stopped) throw stopError(this.#stopped);
          this.#checkRows();
          if (meta.finished) return await this.#finish(reply);
          this.#awaitNext();
          return this.#chunkReply(reply, () => undefined);
        } catch (error) {
          this.#close();
          throw this.#reasonOf(error);
        }
      },
      abort: () => void this.stop('body_length'),
    };
  }

  /** Ends the job wherever it is. */
  async stop(reason: StopReason): Promise<void> {
    if (this.#closed || this.#stopped) return;
    this.#stopped = reason;
    this.#turns.leave(this, stopError(reason));
    const running = this.#running;
    this.#closed = true;
    this.#ended();
    clearTimeout(this.#idle);
    this.#lane.control.stop(reason);
    if (running && this.#lane.busy) {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise((resolve) => (timer = setTimeout(resolve, 1000, 'late')));
      const first = await Promise.race([running.catch(() => 'ended'), late]);
      clearTimeout(timer);
      if (first === 'late') await this.#lane.end(stopError(reason));
    }
    await this.#giveBack();
  }

  async #finish(reply: Reply): Promise<ChunkReply> {
    const echoed = reply.bytes > 0 ? Buffer.from(this.#lane.read(reply.start, reply.bytes)) : undefined;
    const messages: Message[] = [];
    // What a template imports may take its time: nobody's turn is used up by it.
    if (this.kind === 'fit') await this.#track(this.#lane.ask({ ask: 'ready' }, 'done'));
    const waitedFrom = performance.now();
    const { position, reason } = await this.#turn();
    const queueMs = performance.now() - waitedFrom;
    if (position > 0) {
      messages.push({
        level: 'INFO',
        text: `The ${this.kind} was at position ${position} in the queue and waited ${(queueMs / 1000).toFixed(1)} s for its turn: ${reason}.`,
      });
    }
    const timer = setTimeout(() => this.#expire(), this.#settings.maxFitSeconds * 1000);
    let result: Extract<Answer, { answer: 'result' }>;
    try {
      this.#state = 'running';
      result = await this.#track(this.#lane.ask({ ask: 'finish' }, 'result'));
    } finally {
      clearTimeout(timer);
      this.#turns.done(this);
    }
    this.#state = 'replying';
    const meta = {
      ...result.meta,
      messages: [...messages, ...result.meta.messages],
      metrics: {
        ...result.meta.metrics,
        ...(position > 0 && { queue_position: position, queue_ms: queueMs }),
      },
    };
    // apply=f: the last chunk goes back as every one before it.
    if (echoed) {
      this.#close();
      return { meta, media: reply.media, bytes: echoed.length, body: [echoed], release: () => undefined };
    }
    return {
      meta,
      media: MEDIA.csv,
      bytes: result.bytes,
      body: this.#pieces(),
      release: () => this.#close(),
    };
  }

  /** Waits for a turn; answers the position that the job had to begin with, 0 where it came at once, and why it waited. */
  async #turn(): Promise<{ position: number; reason: string | undefined }> {
    const { user } = this.#request.principal;
    const turn = this.#turns.take(this, { user, limit: this.#quota.fits });
    const position = this.#turns.position(this);
    const reason = this.#turns.reason(this);
    await turn;
    return { position, reason };
  }

  /** Time is up: as a stop, but the one who waits for the answer is told why. */
  #expire(): void {
    const { control } = this.#lane;
    control.stop('limit_time');
    const running = this.#running;
    setTimeout(() => {
      if (this.#running === running && this.#lane.busy) void this.#lane.end(stopError('limit_time'));
    }, 1000).unref();
  }

  async *#pieces(): AsyncGenerator<Uint8Array> {
    let next = this.#lane.ask({ ask: 'piece' }, 'piece');
    for (;;) {
      const piece = await this.#track(next);
      if (piece.bytes === 0) return;
      // The worker makes the next piece elsewhere while this one is written out.
      next = this.#lane.ask({ ask: 'piece' }, 'piece');
      this.#running = next;
      next.catch(() => undefined);
      yield this.#lane.read(piece.start, piece.bytes);
    }
  }

  #chunkReply(reply: Reply, release: () => void): ChunkReply {
    const { meta, media, bytes } = reply;
    const body = bytes > 0 ? [this.#lane.read(reply.start, bytes)] : [];
    return { meta, media, bytes, body, release };
  }

  /** Remembers what the worker is asked, for `stop` to wait for. */
  async #track<T>(asked: Promise<T>): Promise<T> {
    this.#running = asked;
    try {
      return await asked;
    } finally {
      if (this.#running === asked) this.#running = undefined;
    }
  }

  #awaitNext(): void {
    this.#idle = setTimeout(() => void this.stop('cancelled'), this.#settings.idleSeconds * 1000);
    this.#idle.unref();
  }

  #reasonOf(error: unknown): unknown {
    return this.#stopped ? stopError(this.#stopped) : error;
  }

  #close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#ended();
    clearTimeout(this.#idle);
    void this.#giveBack();
  }

  async #giveBack(): Promise<void> {
    try {
      await this.#running?.catch(() => undefined);
      if (!this.#lane.lost) await this.#lane.ask({ ask: 'close' }, 'done').catch(() => this.#lane.end());
    } finally {
      this.#pool.release(this.#lane);
    }
  }
}
