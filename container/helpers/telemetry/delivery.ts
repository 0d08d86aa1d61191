/** Takes lines from the spool to the collector: in batches, again after failures, removed only when they have arrived. */
import { backoffMs } from './backoff.ts';
import { pack } from './collector.ts';
import type { Collector } from './collector.ts';
import type { DeadLetters } from './dead-letters.ts';
import type { Batch, OnTheWay, Position, Spool } from './spool.ts';

/** Splunk's advice for a batch; the lines of one are compressed together. */
const BATCH_BYTES = 2 * 1024 * 1024;
const BATCH_LINES = 10_000;
/** Within that share from 24,000 lines on, less than a minute of 500 a second. */
const LEAST_BATCH_LINES = 24;
/** A process that is killed leaves one batch of which nobody knows whether it was taken: at most this share of all lines. */
const BATCH_SHARE = 1 / 1200;
/** How long the first line of a small batch waits for others. */
const GATHER_MS = 500;
/** Batches that may be on their way without an acknowledgement. */
const MOST_UNACKNOWLEDGED = 256;
const ACK_POLL_MS = 500;
/** What is not acknowledged for so long is sent again. */
const ACK_PATIENCE_MS = 120_000;
/** A pause after a batch that the collector took while its queue was nearly full. */
const SLOW_MS = 2000;

/** A batch, and the same as it goes over the wire. */
interface Packed {
  readonly batch: Batch;
  readonly packed: Buffer;
}

interface Unacknowledged {
  readonly end: Position;
  readonly lines: number;
  /** Acknowledgements of its parts that have not come. */
  readonly ids: Set<number>;
  readonly since: number;
}

export interface DeliveryState {
  readonly state: 'idle' | 'sending' | 'retrying' | 'misconfigured';
  /** Why it is retrying. */
  readonly reason?: string;
  readonly sent: number;
  readonly failures: number;
}

export class Delivery {
  readonly #spool: Spool;
  readonly #collector: Collector;
  readonly #deadLetters: DeadLetters;
  readonly #closing = new AbortController();
  readonly #unacknowledged: Unacknowledged[] = [];
  #cursor: Position;
  /** The batch behind the one that is on its way, read and packed meanwhile. */
  #ahead: { readonly from: Position; readonly packed: Promise<Packed | null> } | undefined;
  #wake: () => void = () => undefined;
  /** Lines came since it was last looked for some. */
  #news = false;
  #done: Promise<void> = Promise.resolve();
  #sent = 0;
  #failures = 0;
  #state: DeliveryState['state'] = 'idle';
  #reason: string | undefined;

  constructor(spool: Spool, collector: Collector, deadLetters: DeadLetters) {
    this.#spool = spool;
    this.#collector = collector;
    this.#deadLetters = deadLetters;
    this.#cursor = spool.start;
    this.#askAgain();
  }

  get state(): DeliveryState {
    return { state: this.#state, reason: this.#reason, sent: this.#sent, failures: this.#failures };
  }

  start(): void {
    this.#done = this.#run();
  }

  /** There are new lines. */
  wake(): void {
    this.#news = true;
    this.#wake();
  }

  /** Sends what it can within so many milliseconds, and ends. What is left stays in the spool. */
  async close(graceMs: number): Promise<void> {
    const deadline = Date.now() + graceMs;
    while (this.#spool.length > 0 && this.#state !== 'misconfigured' && Date.now() < deadline) {
      this.#wake();
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    this.#closing.abort();
    this.#wake();
    await this.#done;
  }

  async #run(): Promise<void> {
    while (!this.#closing.signal.aborted) {
      const next = await this.#nextBatch();
      if (next) await this.#deliver(next);
      await this.#collectAcknowledgements();
    }
  }

  async #nextBatch(): Promise<Packed | null> {
    if (this.#unacknowledged.length >= MOST_UNACKNOWLEDGED) {
      await this.#pause(ACK_POLL_MS);
      return null;
    }
    const ahead = this.#ahead;
    this.#ahead = undefined;
    this.#news = false;
    const next =
      (ahead?.from === this.#cursor ? await ahead.packed : null) ?? (await this.#read(this.#cursor));
    if (next) {
      this.#cursor = next.batch.end;
      const sent = this.#unacknowledged.reduce((sum, { lines }) => sum + lines, next.batch.lines);
      // Only where there is a whole one: the last lines wait for others.
      if (this.#spool.length - sent >= this.#batchLines)
        this.#ahead = { from: this.#cursor, packed: this.#read(this.#cursor) };
      return next;
    }
    this.#state = 'idle';
    // What came while it was looked for wakes nobody any more.
    if (!this.#news) await this.#pause(this.#unacknowledged.length > 0 ? ACK_POLL_MS : undefined);
    // Lines that come one after another go together.
    if (this.#unacknowledged.length === 0) await this.#pause(GATHER_MS, false);
    return null;
  }

  get #batchLines(): number {
    const share = Math.floor(this.#spool.ever * BATCH_SHARE);
    return Math.min(BATCH_LINES, Math.max(LEAST_BATCH_LINES, share));
  }

  async #read(from: Position): Promise<Packed | null> {
    try {
      const batch = await this.#spool.next(from, BATCH_BYTES, this.#batchLines);
      return batch && { batch, packed: await pack(batch.bytes) };
    } catch (error) {
      // The spool made room, and dropped what was about to be read.
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
      throw error;
    }
  }

  /** Returns once every line was taken or refused for good; or, when closing, with nothing said of it. */
  async #deliver({ batch, packed }: Packed): Promise<void> {
    const ids = new Set<number>();
    // The whole batch first; its lines only where something in it is refused.
    const parts: (readonly string[] | 'all')[] = ['all'];
    for (let failures = 0; parts.length > 0;) {
      this.#state = failures === 0 ? 'sending' : this.#state;
      const [part] = parts;
      const answer = await (part === 'all' ? this.#collector.sendPacked(packed) : this.#collector.send(part));
      if (answer.kind === 'taken') {
        failures = 0;
        this.#reason = undefined;
        this.#sent += part === 'all' ? batch.lines : part.length;
        parts.shift();
        if (answer.ackId !== undefined) ids.add(answer.ackId);
        if (answer.slow) await this.#pause(SLOW_MS, false);
      } else if (answer.kind === 'refused') {
        const lines = part === 'all' ? batch.bytes.toString().split('\n') : part;
        parts.splice(0, 1, ...this.#split(lines, answer.event, answer.reason));
      } else {
        if (this.#closing.signal.aborted) return;
        failures++;
        this.#failures++;
        this.#state = answer.kind === 'later' ? 'retrying' : 'misconfigured';
        this.#reason = answer.reason;
        await this.#pause(backoffMs(failures, answer.kind === 'later' ? answer.afterMs : 0), false);
        if (this.#closing.signal.aborted) return;
      }
    }
    this.#unacknowledged.push({ end: batch.end, lines: batch.lines, ids, since: Date.now() });
    if (ids.size > 0) this.#spool.note(this.#onTheWay());
  }

  /** What an earlier process sent to the same collector may have arrived: its acknowledgements are asked for first. */
  #askAgain(): void {
    const before = this.#spool.onTheWay;
    if (before?.channel !== this.#collector.channel) return;
    for (const { end, lines, acks } of before.sent) {
      this.#unacknowledged.push({ end, lines, ids: new Set(acks), since: Date.now() });
      this.#cursor = end;
    }
  }

  #onTheWay(): OnTheWay {
    const { identity, channel } = this.#collector;
    const sent = this.#unacknowledged.map(({ end, lines, ids }) => ({ end, lines, acks: [...ids] }));
    return { collector: identity, channel, sent };
  }

  /** Sets the event aside that is at fault, or halves the batch until it is found. What came before it may be in already. */
  #split(lines: readonly string[], event: number | undefined, reason: string): (readonly string[])[] {
    if (lines.length === 1) {
      this.#deadLetters.add(lines[0], reason);
      return [];
    }
    if (event !== undefined && event >= 0 && event < lines.length) {
      this.#deadLetters.add(lines[event], reason);
      return [lines.slice(0, event), lines.slice(event + 1)].filter((part) => part.length > 0);
    }
    const half = lines.length >> 1;
    return [lines.slice(0, half), lines.slice(half)];
  }

  /** Tells the spool what has arrived, in the order it was sent. */
  async #collectAcknowledgements(): Promise<void> {
    const ids = this.#unacknowledged.flatMap((sent) => [...sent.ids]);
    if (ids.length > 0) {
      try {
        const come = await this.#collector.acknowledged(ids);
        for (const sent of this.#unacknowledged) for (const id of come) sent.ids.delete(id);
      } catch (error) {
        this.#reason = (error as Error).message;
      }
    }
    while (this.#unacknowledged[0]?.ids.size === 0) {
      const { end, lines } = this.#unacknowledged.shift()!;
      this.#spool.taken(end, lines, this.#unacknowledged.length > 0 ? this.#onTheWay() : undefined);
    }
    const [oldest] = this.#unacknowledged;
    if (oldest && Date.now() - oldest.since > ACK_PATIENCE_MS) {
      this.#unacknowledged.length = 0;
      this.#cursor = this.#spool.start;
    }
  }

  /** Until the time is over, or (where it may) something wakes it; closing ends every pause. */
  async #pause(ms: number | undefined, wakes = true): Promise<void> {
    if (this.#closing.signal.aborted) return;
    const { signal } = this.#closing;
    let timer: NodeJS.Timeout | undefined;
    let end: () => void = () => undefined;
    await new Promise<void>((resolve) => {
      end = resolve;
      if (ms !== undefined) timer = setTimeout(resolve, ms);
      if (wakes) this.#wake = resolve;
      signal.addEventListener('abort', end, { once: true });
    });
    signal.removeEventListener('abort', end);
    clearTimeout(timer);
    this.#wake = () => undefined;
  }
}
