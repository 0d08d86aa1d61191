/**
 * The thread beside a worker thread that keeps templates' processes: a worker that computes cannot listen to a pipe. Processes
 * stay warm between searches, and are replaced after a failure.
 */
import { workerData } from 'node:worker_threads';
import { KeplerError } from '../../contract/errors.ts';
import type { Frame } from '../process/frames.ts';
import { callLocal, isLocal } from '../local-helpers.ts';
import { launchTemplate } from '../process/launch-template.ts';
import { TemplateProcess } from '../process/template-process.ts';
import { CallLine } from './call-line.ts';
import type { BrokerData, FromBroker, TemplatePlace, ToBroker } from './messages.ts';

const MOST_PROCESSES = 4;
const IDLE_MS = 10 * 60_000;

const { signal, port, calls, limits, ...programs } = workerData as BrokerData;
const line = calls && new CallLine(calls);
/** Questions put so far: names each for what its calls open. */
let questions = 0;

interface Warm {
  readonly process: TemplateProcess;
  usedAt: number;
  /** The one that it works on, or has worked on last; whether it has called a helper. */
  question: { readonly number: number; called: boolean };
  loaded: Promise<unknown>;
}

const processes = new Map<string, Warm>();

function tell(message: FromBroker, transfer: ArrayBuffer[] = []): void {
  port.postMessage(message, transfer);
  Atomics.add(signal, 0, 1);
  Atomics.notify(signal, 0);
}

function processFor(place: TemplatePlace): Warm {
  const key = place.path;
  const warm = processes.get(key);
  if (warm?.process.alive) {
    warm.usedAt = Date.now();
    return warm;
  }
  const { launch, entry } = launchTemplate(place.path, programs, limits);
  const process = new TemplateProcess(place.name, launch, {
    log: (level, text, fields) => tell({ told: { template: place.name, log: { level, text, fields } } }),
    warn: (text) => tell({ warn: text }),
    progress: (share, text) => tell({ progress: { share, text } }),
    telemetry: (event) => tell({ told: { template: place.name, telemetry: event } }),
    call: async (what, signal) => {
      if (isLocal(what)) return callLocal(what);
      if (!line) throw new KeplerError('template_failed', `There is no helper "${what.helper}" here.`);
      started.question.called = true;
      return line.call(place, started.question.number, what, signal);
    },
  });
  const started: Warm = {
    process,
    usedAt: Date.now(),
    question: { number: 0, called: false },
    loaded: process.ask({ op: 'load' }, entry),
  };
  // Told to whoever asks first.
  started.loaded.catch(() => undefined);
  processes.set(key, started);
  makeRoom();
  tell({ starting: place.name });
  return started;
}

function makeRoom(): void {
  const idle = [...processes].sort(([, a], [, b]) => a.usedAt - b.usedAt);
  for (const [key, { process, usedAt }] of idle) {
    const old = Date.now() - usedAt > IDLE_MS;
    if (process.alive && !old && processes.size <= MOST_PROCESSES) continue;
    process.kill(new KeplerError('cancelled', 'The process was not used for a while.'));
    processes.delete(key);
  }
}

async function answer(message: ToBroker): Promise<void> {
  if ('close' in message) {
    for (const { process } of processes.values())
      process.kill(new KeplerError('cancelled', 'The thread that asked has ended.'));
    processes.clear();
    return tell({ closed: true });
  }
  if ('drop' in message) {
    processes.get(message.drop.path)?.process.kill(new KeplerError('cancelled', 'The search was cancelled.'));
    processes.delete(message.drop.path);
    return;
  }
  try {
    if ('start' in message) {
      const { loaded } = processFor(message.start);
      if (!message.awaited) return;
      await loaded;
      return tell({ answer: {}, body: new Uint8Array(0) });
    }
    const warm = processFor(message.place);
    await warm.loaded;
    if ('send' in message) return warm.process.tell(message.send, ...message.body.map(bytesOf));
    const { header, body } = await askOf(warm, message.ask, message.body);
    // In memory of its own: it goes over to the worker thread.
    const own = body.byteLength === body.buffer.byteLength ? body : new Uint8Array(body);
    tell({ answer: header, body: own }, [own.buffer as ArrayBuffer]);
  } catch (error) {
    // Nobody waits; it is tried again, and told, when it is asked.
    if ('send' in message || ('start' in message && !message.awaited)) return;
    const {
      code,
      message: text,
      details,
    } = error instanceof KeplerError ? error : new KeplerError('internal', (error as Error).message);
    tell({ failed: { code, message: text, details: details && { ...details } } });
  }
}

function bytesOf({ buffer, byteOffset, byteLength }: Float64Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

async function askOf(
  warm: Warm,
  ask: Readonly<Record<string, unknown>>,
  body: Uint8Array | undefined,
): Promise<Frame> {
  const question = { number: ++questions, called: false };
  warm.question = question;
  try {
    return await warm.process.ask(ask, body);
  } finally {
    if (question.called) line?.over(question.number);
  }
}

setInterval(makeRoom, IDLE_MS / 10).unref();
port.on('message', (message: ToBroker) => void answer(message));
