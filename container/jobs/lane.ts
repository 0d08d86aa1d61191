import { MessageChannel, Worker } from 'node:worker_threads';
import { KeplerError } from '../contract/errors.ts';
import { growMemory, newSharedMemory } from '../table/table-memory.ts';
import { Control } from './control.ts';
import type { Answer, Progress, Question, Starting, Told, WorkerData } from './messages.ts';
import type { Caller } from '../templates/helper-desk.ts';
import type { JobSettings, Listeners, Work } from './types.ts';

/** How often a worker is told that more bytes have come. */
const NOTIFY_BYTES = 192 << 10;

type Answered<K extends Answer['answer']> = Extract<Answer, { answer: K }>;

/** One worker thread, and the memory that it shares with the main thread: chunks are copied in, replies read out of it. */
export class Lane {
  readonly control = new Control();
  readonly #memory = newSharedMemory();
  readonly #worker: Worker;
  #view: Buffer = Buffer.alloc(0);
  #waiting: { resolve: (answer: Answer) => void; reject: (error: KeplerError) => void } | undefined;
  #lost: KeplerError | undefined;
  /** For whom it works: what a template tells on the way is told in his name. */
  work: Work | undefined;
  /** In whose name its templates may call helpers; nobody's between two jobs. */
  caller: Caller | undefined;
  /** Hears that it stands still until a template's process has started. */
  onStarting: (() => void) | undefined;
  #progress: Progress | undefined;
  #start = 0;
  #capacity = 0;
  #up = false;
  #filled = 0;
  #notified = 0;

  constructor(script: URL, settings: JobSettings, givesWay: boolean, { told, serve }: Listeners) {
    const { port1, port2 } = new MessageChannel();
    serve(port1, () => this.caller);
    const workerData: WorkerData = {
      memory: this.#memory,
      control: this.control.buffer,
      settings,
      givesWay,
      calls: port2,
    };
    this.#worker = new Worker(script, {
      workerData,
      transferList: [port2],
      resourceLimits: { maxOldGenerationSizeMb: settings.maxMemoryMb },
    });
    this.#worker.on('message', (answer: Answer | Progress | Starting | Told) => {
      if (answer.answer === 'starting') return this.onStarting?.();
      if (answer.answer === 'told') return told(answer, this.work);
      if (answer.answer === 'progress') {
        this.#progress = answer;
        return;
      }
      const waiting = this.#waiting;
      this.#waiting = undefined;
      this.#worker.unref();
      if (answer.answer !== 'failed') waiting?.resolve(answer);
      else waiting?.reject(new KeplerError(answer.code, answer.message, { details: answer.details }));
    });
    this.#worker.on('online', () => (this.#up = true));
    this.#worker.on('error', (cause) => this.#lose(lossOf(cause)));
    this.#worker.on('exit', () => this.#lose(lossOf()));
    this.#worker.unref();
  }

  /** True where the worker has ended: the lane is of no more use. */
  get lost(): boolean {
    return this.#lost !== undefined;
  }

  /** True once the worker's program runs. */
  get up(): boolean {
    return this.#up && !this.lost;
  }

  /** What the worker last told of the answer that it works on. */
  get progress(): Progress | undefined {
    return this.busy ? this.#progress : undefined;
  }

  get busy(): boolean {
    return this.#waiting !== undefined;
  }

  /** @throws KeplerError the worker's own, or worker_lost where it ended */
  ask<K extends Answer['answer']>(question: Question, expected: K): Promise<Answered<K>> {
    if (this.#lost) return Promise.reject(this.#lost);
    if (this.#waiting)
      return Promise.reject(new KeplerError('internal', 'A worker was asked twice at once.'));
    this.#progress = undefined;
    return new Promise((resolve, reject) => {
      this.#waiting = {
        resolve: (answer) =>
          answer.answer === expected
            ? resolve(answer as Answered<K>)
            : reject(
                new KeplerError('internal', `A worker answered ${answer.answer} instead of ${expected}.`),
              ),
        reject,
      };
      // A process stays up for an answer, not for an idle worker.
      this.#worker.ref();
      this.#worker.postMessage(question);
    });
  }

  /** Makes room for a chunk of so many bytes; then `write` may be called. */
  async startChunk(bytes: number): Promise<void> {
    if (bytes > this.#capacity) {
      const place = await this.ask({ ask: 'place', bytes }, 'place');
      this.#start = place.start;
      this.#capacity = place.capacity;
    }
    this.control.startChunk();
    this.#filled = 0;
    this.#notified = 0;
  }

  /** Copies the next bytes of the chunk to where the worker reads them. */
  write(bytes: Buffer): void {
    const view = this.#viewTo(this.#start + this.#filled + bytes.length);
    const start = this.#start + this.#filled;
    this.#filled += bytes.length;
    // By `fill`, which copies as the C library does; into shared memory `copy` goes word by word and takes half as long again.
    if (bytes.length > 0) view.fill(bytes, start, start + bytes.length);
    if (this.#filled - this.#notified >= NOTIFY_BYTES) this.flush();
  }

  /** Tells the worker of all bytes written. */
  flush(): void {
    this.#notified = this.#filled;
    this.control.setFilled(this.#filled);
  }

  /** Room must be asked for anew. */
  forgetPlace(): void {
    this.#capacity = 0;
  }

  read(start: number, bytes: number): Buffer {
    return this.#viewTo(start + bytes).subarray(start, start + bytes);
  }

  async end(error: KeplerError = lossOf()): Promise<void> {
    this.#lose(error);
    await this.#worker.terminate();
  }

  #lose(error: KeplerError): void {
    this.#lost ??= error;
    this.#waiting?.reject(this.#lost);
    this.#waiting = undefined;
  }

  /** A view that reaches so far; the worker may have made the memory larger. */
  #viewTo(end: number): Buffer {
    if (end > this.#view.length) {
      if (end > this.#memory.buffer.byteLength) growMemory(this.#memory, end);
      this.#view = Buffer.from(this.#memory.buffer as ArrayBuffer);
    }
    return this.#view;
  }
}

function lossOf(cause?: Error & { code?: string }): KeplerError {
  if (cause?.code === 'ERR_WORKER_OUT_OF_MEMORY') {
    return new KeplerError(
      'limit_memory',
      'The search needed more memory than the runtime allows (KEPLER_MAX_MEMORY_MB). Fit fewer rows or fields, or raise the limit.',
      { cause },
    );
  }
  return new KeplerError(
    'worker_lost',
    `The runtime lost the worker that ran this search${cause ? ` (${cause.message})` : ''}. Other searches go on; run this one again, and look into the runtime's log if it happens again.`,
    { cause },
  );
}
