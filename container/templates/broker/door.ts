/** A worker thread's way to templates' processes: it asks, and stands still until the answer is there. */
import { MessageChannel, Worker, receiveMessageOnPort } from 'node:worker_threads';
import type { MessagePort } from 'node:worker_threads';
import { KeplerError } from '../../contract/errors.ts';
import type { TemplateContext } from '../../contract/template.ts';
import type { BrokerData, FromBroker, TemplatePlace, TemplateTold, ToBroker } from './messages.ts';

/** How often a worker that waits looks whether its search was cancelled. */
const LOOK_MS = 50;
/** How long the end of processes is waited for. */
const CLOSE_MS = 2000;

/** Room for more is not kept: few chunks are so large. */
const KEPT_ROOM = 64 << 20;

export interface DoorCaller {
  /** Throws when the search is over. */
  check(): void;
  told(told: TemplateTold): void;
  /** A process is being started for what was asked: that takes as long as what its template imports. */
  starting?(template: string): void;
}

export class TemplateDoor {
  readonly #signal: Int32Array;
  readonly #port: MessagePort;
  readonly #caller: DoorCaller;
  #room = new SharedArrayBuffer(0);

  /** @param program the broker thread's, `template-broker.mjs` */
  constructor(program: URL, data: Omit<BrokerData, 'signal' | 'port'>, caller: DoorCaller) {
    this.#signal = new Int32Array(new SharedArrayBuffer(4));
    // A worker that stands still hears nothing on the thread's own port; it can read this one.
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    this.#port.unref();
    const workerData: BrokerData = { ...data, signal: this.#signal, port: port2 };
    const transferList = data.calls ? [port2, data.calls] : [port2];
    new Worker(program, { workerData, transferList }).unref();
    this.#caller = caller;
  }

  /**
   * Bytes for a question's body, which the broker reads where they are: what a worker posts otherwise is copied. The next
   * call gives the same ones again.
   */
  room(bytes: number): Uint8Array {
    if (bytes > KEPT_ROOM) return new Uint8Array(new SharedArrayBuffer(bytes));
    if (bytes > this.#room.byteLength) {
      this.#room = new SharedArrayBuffer(Math.min(KEPT_ROOM, Math.max(2 * bytes, 1 << 16)));
    }
    return new Uint8Array(this.#room, 0, bytes);
  }

  /**
   * @param context hears of warnings and progress
   * @throws KeplerError what the template failed with; cancelled
   */
  ask(
    place: TemplatePlace,
    ask: Readonly<Record<string, unknown>>,
    body?: Uint8Array,
    context?: Pick<TemplateContext, 'warn' | 'progress'>,
  ): { header: Readonly<Record<string, unknown>>; body: Uint8Array } {
    this.#post({ ask, body, place });
    return this.#wait(place, context);
  }

  /** Tells a template's process something that it does not answer. @param body in shared memory, one piece behind the other */
  send(place: TemplatePlace, send: Readonly<Record<string, unknown>>, body: readonly Float64Array[]): void {
    this.#post({ send, body, place });
  }

  /** Starts a template's process. @param awaited stands still until it can be asked @throws KeplerError why it cannot; cancelled */
  start(place: TemplatePlace, awaited: boolean): void {
    this.#post({ start: place, awaited });
    if (awaited) this.#wait(place);
  }

  #wait(
    place: TemplatePlace,
    context?: Pick<TemplateContext, 'warn' | 'progress'>,
  ): { header: Readonly<Record<string, unknown>>; body: Uint8Array } {
    for (;;) {
      const seen = Atomics.load(this.#signal, 0);
      for (let got = this.#receive(); got; got = this.#receive()) {
        if ('answer' in got) return { header: got.answer, body: got.body };
        if ('failed' in got)
          throw new KeplerError(got.failed.code, got.failed.message, { details: got.failed.details });
        if ('warn' in got) context?.warn(got.warn);
        else if ('progress' in got) context?.progress(got.progress.share, got.progress.text);
        else if ('told' in got) this.#caller.told(got.told);
        else if ('starting' in got) this.#caller.starting?.(got.starting);
      }
      try {
        this.#caller.check();
      } catch (error) {
        this.#post({ drop: place });
        throw error;
      }
      Atomics.wait(this.#signal, 0, seen, LOOK_MS);
    }
  }

  /** Ends all processes, and waits until they are: before the thread is ended, whose broker ends with it. */
  close(): void {
    this.#post({ close: true });
    const until = Date.now() + CLOSE_MS;
    while (Date.now() < until) {
      const seen = Atomics.load(this.#signal, 0);
      for (let got = this.#receive(); got; got = this.#receive()) if ('closed' in got) return;
      Atomics.wait(this.#signal, 0, seen, LOOK_MS);
    }
  }

  #post(message: ToBroker): void {
    this.#port.postMessage(message);
  }

  #receive(): FromBroker | undefined {
    return receiveMessageOnPort(this.#port)?.message as FromBroker | undefined;
  }
}
