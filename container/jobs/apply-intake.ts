import { KeplerError } from '../contract/errors.ts';
import type { ApplyMeta } from '../contract/requests.ts';
import type { ModelId } from '../registry/types.ts';
import type { Lane } from './lane.ts';
import type { LanePool } from './lane-pool.ts';
import type { Answer } from './messages.ts';
import { callerOf, workOf } from './types.ts';
import type { ChunkReply, ChunkRequest, Intake } from './types.ts';

type Reply = Extract<Answer, { answer: 'reply' }>;

/** Up to so many bytes wait here for the rest, so that a slow sender of few rows holds no worker. */
const SMALL_BYTES = 64 << 10;

/** Who has not sent a chunk or read its reply after so many milliseconds holds a worker that others could use. */
const SLOW_MS = 1000;

/** One chunk of `apply`, from its first byte to the end of its reply. */
export class ApplyIntake implements Intake {
  readonly #pool: LanePool;
  readonly #request: ChunkRequest<ApplyMeta>;
  readonly #model: { id: ModelId; version: number };
  readonly #held: Buffer[] = [];
  readonly #ended: () => void;
  #lane: Lane | undefined;
  #starting: Promise<void> | undefined;
  #answer: Promise<Reply> | undefined;
  #aborted: KeplerError | undefined;
  #slow: NodeJS.Timeout | undefined;
  rows = 0;
  replying = false;

  /** @param ended Called once when the chunk is done with, in whatever way. */
  constructor(
    pool: LanePool,
    request: ChunkRequest<ApplyMeta>,
    model: { id: ModelId; version: number },
    ended: () => void,
  ) {
    this.#pool = pool;
    this.#request = request;
    this.#model = model;
    this.#ended = ended;
    if (request.bytes > SMALL_BYTES) void this.#start().catch(() => undefined);
  }

  write(bytes: Buffer): void | Promise<void> {
    if (this.#answer && this.#lane) {
      this.#lane.write(bytes);
      return;
    }
    this.#held.push(Buffer.from(bytes));
    // A failure to start is told by `end`.
    if (this.#starting) return this.#starting.catch(() => undefined);
  }

  async end(): Promise<ChunkReply> {
    try {
      await this.#start();
      if (!this.#lane || !this.#answer) throw new KeplerError('internal', 'A chunk ended before it began.');
      clearTimeout(this.#slow);
      this.#lane.flush();
      // An answer that takes so long is a template's, whose process computes.
      this.#slow = setTimeout((lane: Lane) => this.#pool.slow(lane), SLOW_MS, this.#lane).unref();
      const reply = await this.#answer;
      clearTimeout(this.#slow);
      if (this.#aborted) throw this.#aborted;
      this.rows = reply.rows;
      return this.#replyOf(this.#lane, reply);
    } catch (error) {
      this.#finish();
      throw error;
    }
  }

  abort(reason: KeplerError): void {
    this.#aborted = reason;
    clearTimeout(this.#slow);
    const lane = this.#lane;
    this.#lane = undefined;
    if (lane) lane.onStarting = undefined;
    if (lane) void this.#pool.stop(lane, 'body_length', this.#answer);
    this.#ended();
  }

  /** Takes a worker, tells it of the chunk, and hands over what is held. */
  #start(): Promise<void> {
    this.#starting ??= (async () => {
      const lane = await this.#pool.acquire(this.#request.principal.user);
      try {
        if (this.#aborted) throw this.#aborted;
        await lane.startChunk(this.#request.bytes);
        if (this.#aborted) throw this.#aborted;
      } catch (error) {
        this.#pool.release(lane);
        throw error;
      }
      const { meta, bytes, accept } = this.#request;
      this.#lane = lane;
      lane.onStarting = () => this.#pool.slow(lane);
      lane.work = workOf(this.#request, this.#model.id.name);
      lane.caller = callerOf(this.#request, this.#model.id.name);
      this.#awaitClient(lane);
      this.#answer = lane.ask(
        { ask: 'apply', bytes, chunk: meta.chunk, model: this.#model, spec: meta.spec, accept },
        'reply',
      );
      this.#answer.catch(() => undefined);
      for (const held of this.#held.splice(0)) lane.write(held);
    })();
    return this.#starting;
  }

  #replyOf(lane: Lane, reply: Reply): ChunkReply {
    if (reply.full) lane.forgetPlace();
    const view = lane.read(reply.start, reply.bytes);
    const { meta, media, bytes } = reply;
    this.replying = true;
    if (bytes <= SMALL_BYTES) {
      const copy = Buffer.from(view);
      this.#finish();
      return { meta, media, bytes, body: [copy], release: () => undefined };
    }
    this.#awaitClient(lane);
    return { meta, media, bytes, body: [view], release: () => this.#finish() };
  }

  /** From now on the worker waits for the client, for as long as that takes. */
  #awaitClient(lane: Lane): void {
    this.#slow = setTimeout(() => this.#pool.slow(lane), SLOW_MS).unref();
  }

  #finish(): void {
    clearTimeout(this.#slow);
    const lane = this.#lane;
    this.#lane = undefined;
    if (lane) {
      lane.onStarting = undefined;
      this.#pool.release(lane);
    }
    this.#ended();
  }
}
