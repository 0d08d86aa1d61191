/**
 * The program of a TypeScript template's process: loads the template, then answers what the runtime asks over fd 3 and 4.
 *   node template-host.mjs
 */
import { Socket } from 'node:net';
import { inspect } from 'node:util';
import type { FitInput, NumericTable, Params, RawInput, RawTable, State } from '../../contract/template.ts';
import { decodeState, encodeState } from '../../registry/state-codec.ts';
import { FrameDecoder, encodeFrame } from '../process/frames.ts';
import type { Frame } from '../process/frames.ts';
import type { Answer, Metrics, NumericTemplate, UserTemplate } from '../sdk.ts';
import { GraphRecording } from '../graph-recording.ts';
import { decodeInput, decodeRaw, encodeOutputs } from '../tables.ts';
import { metricsOf, outputsOf, probabilitiesOf, summaryOf } from './answers.ts';
import { setHost } from './door.ts';
import { loadSource } from './load-source.ts';
import type { LoadedSource } from './load-source.ts';
import { RowsTaken } from './rows-taken.ts';

type Header = Readonly<Record<string, unknown>>;
type Reply = [header: Header, body?: Uint8Array];

/** Models that are kept decoded; the runtime sends one again when it is asked for. */
const MOST_STATES = 4;
/** Bytes read of the pipe at a time. */
const READ_BYTES = 1 << 18;

const out = new Socket({ fd: 4, readable: false });
const send = (header: Header, body?: Uint8Array) => {
  // All pieces by one call of the system.
  out.cork();
  for (const piece of encodeFrame(header, body)) out.write(piece);
  out.uncork();
};
/** Calls to helpers in the runtime that were not answered yet. */
const open = new Map<
  number,
  { resolve(answer: { result: unknown; body: Uint8Array }): void; reject(error: Error): void }
>();
let called = 0;
/** Columns of text in the raw rows that came last. */
let texts: readonly string[] = [];
/** The question that is being answered. */
let asked: unknown;
/** Ends this process. */
const end = process.exit.bind(process);
setHost({
  log: (level, text, fields) => send({ log: { level, text: String(text), fields } }),
  telemetry: (event) => send({ telemetry: event }),
  texts: () => texts,
  call: (helper, method, args, body) =>
    new Promise((resolve, reject) => {
      const id = ++called;
      open.set(id, { resolve, reject });
      send({ call: { id, helper, method, args } }, body);
    }),
});

/** Takes the runtime's answer to a call. */
function answered({ callId, ok, result, error }: Header, body: Uint8Array): void {
  const waiting = open.get(callId as number);
  open.delete(callId as number);
  if (ok === true) return waiting?.resolve({ result, body });
  const { message, code } = error as { message: string; code: string };
  waiting?.reject(Object.assign(new Error(message), { code }));
}

let template: UserTemplate<State>;
let source: LoadedSource | undefined;
const states = new Map<string, State>();
const taken = new RowsTaken();

const context = {
  progress: (share: number, text?: string) => send({ progress: { share, text } }),
  warn: (text: string) => send({ warn: String(text) }),
};

const ANSWERS: Readonly<Record<string, (header: Header, body: Uint8Array) => Promise<Reply>>> = {
  async load(_header, body) {
    source = loadSource(Buffer.from(body).toString('utf8'));
    const loaded = source.exports as { default?: UserTemplate<State> };
    const given = loaded.default;
    if (!given || typeof given !== 'object')
      throw new Error('it has no default export: write `export default defineTemplate({ … })`.');
    for (const name of ['fit', 'apply'] as const) {
      if (typeof given[name] !== 'function') throw new Error(`it has no function ${name}.`);
    }
    template = given;
    return [
      {
        name: given.name,
        kind: given.kind,
        description: given.description ?? '',
        params: paramsOf(given),
        needs: given.needs ?? [],
        prepare: given.prepare ?? 'numeric',
        ...(given.example && { example: given.example }),
        begins: beginsOf(source, given),
        can: {
          partialFit: typeof given.partialFit === 'function',
          summary: typeof given.summary === 'function',
          evaluate: typeof given.evaluate === 'function',
          explain: typeof given.explain === 'function',
          toOnnx: 'toOnnx' in given && typeof given.toOnnx === 'function',
        },
      },
    ];
  },

  async init({ params, shape }) {
    const used = template.init?.(params as Params, shape as Parameters<NonNullable<UserTemplate['init']>>[1]);
    return [{ params: used ?? params }];
  },

  async fit({ params, target, key, from }, body) {
    const input = inputOf(body, target as Described | undefined);
    const before = from === undefined ? undefined : states.get(from as string);
    if (from !== undefined && !before) return [{ needState: true }];
    const made = before
      ? await rowsTaker().partialFit!(before, params as Params, input, context)
      : await rowsTaker().fit(params as Params, input, context);
    if (made === null || typeof made !== 'object' || Array.isArray(made)) {
      throw new Error(
        `fit returned ${made === null ? 'null' : Array.isArray(made) ? 'an array' : typeof made}; it must return an object.`,
      );
    }
    keep(key as string, made);
    return [{}, encodeState(made)];
  },

  async state({ key }, body) {
    keep(key as string, decodeState(new Uint8Array(body)));
    return [{}];
  },

  async apply({ key, options, target, classes, ahead, rows, names }, body) {
    const state = states.get(key as string);
    if (!state) return [{ needState: true }];
    const features = ahead === undefined ? inputOf(body).features : taken.give(ahead, rows, names);
    if (!features) return [{ needRows: true }];
    const answer = await rowsTaker().apply(state, features, options as Params);
    const outputs = outputsOf('apply', answer, features.rows, template.kind, target as string | undefined);
    if (template.probabilities && (options as Params).probabilities === true) {
      const given = await rowsTaker().probabilities!(state, features, options as Params);
      outputs.push(...probabilitiesOf(given, classes as string[], features.rows, target as string));
    }
    return [{ outputs: outputs.map(({ name }) => name) }, encodeOutputs(outputs, features.rows)];
  },

  async explain({ key, options, target }, body) {
    const state = states.get(key as string);
    if (!state) return [{ needState: true }];
    const { features } = inputOf(body);
    const answer = await rowsTaker().explain!(state, features, options as Params);
    const outputs = outputsOf('explain', answer, features.rows, template.kind, target as string | undefined);
    return [{ outputs: outputs.map(({ name }) => name) }, encodeOutputs(outputs, features.rows)];
  },

  async evaluate({ key, options, target }, body) {
    const state = states.get(key as string);
    if (!state) return [{ needState: true }];
    const input = inputOf(body, target as Described | undefined);
    return [{ metrics: metricsOf(await rowsTaker().evaluate!(state, input, options as Params)) }];
  },

  async onnx({ key, features }) {
    const state = states.get(key as string);
    if (!state) return [{ needState: true }];
    const recording = new GraphRecording(features as number);
    (template as NumericTemplate<State>).toOnnx!(state, recording);
    return [{}, encodeState(recording.state())];
  },

  async summary({ key }) {
    const state = states.get(key as string);
    if (!state) return [{ needState: true }];
    if (!template.summary) return [{ fields: ['summary'], rows: [[`${template.name} has no summary.`]] }];
    return [{ ...summaryOf(template.summary(state)) }];
  },
};

type Described = Parameters<typeof decodeInput>[1];

/** Rows in the form that the template takes. */
function inputOf(body: Uint8Array, target?: Described): FitInput | RawInput {
  if (template.prepare !== 'none') return decodeInput(body, target);
  const raw = decodeRaw(body, target !== undefined);
  texts = raw.features.columns.filter(({ kind }) => kind === 'text').map(({ name }) => name);
  return raw;
}

/** The template as one that takes what `inputOf` gives: its form of rows is its own business. */
function rowsTaker(): RowsTaker {
  return template as unknown as RowsTaker;
}

/** With the option that its probabilities are asked for by. */
function paramsOf({ params, probabilities }: UserTemplate<State>): UserTemplate['params'] {
  if (!probabilities) return params ?? { properties: {} };
  const option = {
    type: 'boolean',
    default: false,
    description: 'Whether a column with the probability of each class is added.',
  } as const;
  return { ...params, properties: { probabilities: option, ...params?.properties } };
}

/** In which line each function of the template begins: where one never ends, or fills the memory, no other line is known. */
function beginsOf({ beginOf }: LoadedSource, given: UserTemplate<State>): Record<string, number | undefined> {
  const functions = Object.entries(given).filter(([, of]) => typeof of === 'function');
  return Object.fromEntries(
    functions.map(([name, of]) => [name, beginOf(of as (...args: never[]) => unknown)]),
  );
}

interface RowsTaker {
  fit(params: Params, input: FitInput | RawInput, given: typeof context): State | Promise<State>;
  partialFit?(
    state: State,
    params: Params,
    input: FitInput | RawInput,
    given: typeof context,
  ): State | Promise<State>;
  apply(state: State, features: NumericTable | RawTable, options: Params): Answer | Promise<Answer>;
  probabilities?(
    state: State,
    features: NumericTable | RawTable,
    options: Params,
  ): readonly ArrayLike<number>[] | Promise<readonly ArrayLike<number>[]>;
  explain?(state: State, features: NumericTable | RawTable, options: Params): Answer | Promise<Answer>;
  evaluate?(state: State, input: FitInput | RawInput, options: Params): Metrics | Promise<Metrics>;
}

function keep(key: string, state: State): void {
  states.delete(key);
  states.set(key, state);
  for (const oldest of states.keys()) {
    if (states.size <= MOST_STATES) break;
    states.delete(oldest);
  }
}

async function answer({ header, body }: Frame): Promise<void> {
  const { id, op } = header;
  asked = id;
  try {
    const [reply, bytes] = await ANSWERS[op as string](header, body);
    send({ ...reply, id, ok: true }, bytes);
  } catch (error) {
    send({ id, ok: false, error: failureOf(error) });
  } finally {
    // With the question's end the runtime gives up what was not waited for.
    open.clear();
  }
}

/** The message, and the line of the template's own source where it was thrown. */
function failureOf(error: unknown): { message: string; line?: number; stack?: string } {
  if (!(error instanceof Error))
    return {
      message: `it threw ${inspect(error, { breakLength: Infinity, maxStringLength: 500, maxArrayLength: 10 })}`,
    };
  return { message: refusalOf(error) ?? error.message, line: source?.lineOf(error), stack: error.stack };
}

/** What Node's permission model refuses, in the words of who writes templates. */
function refusalOf(error: Error): string | undefined {
  const {
    code,
    permission = '',
    resource,
  } = error as NodeJS.ErrnoException & {
    permission?: string;
    resource?: string;
  };
  if (code !== 'ERR_ACCESS_DENIED') return undefined;
  const what = permission.startsWith('FileSystem')
    ? `read or write files${resource ? ` (${resource})` : ''}`
    : permission === 'ChildProcess'
      ? 'start programs'
      : permission === 'WorkerThreads'
        ? 'start threads'
        : 'load native code';
  return `a template may not ${what}. It gets its rows by fit and apply, and keeps what fit returns; import what it needs, so that it is bundled.`;
}

/** A template that ends its process would end every search that waits for it: it is told where it tried, instead. */
const noExit = (): never => {
  throw new Error(
    'a template may not end its process (process.exit, process.abort, process.kill). Throw an error instead.',
  );
};
Object.assign(process, { exit: noExit, abort: noExit, kill: noExit, reallyExit: noExit });

/** What fails outside of a call: in a timer, or in a promise that nobody waits for. The process is not fit for more then. */
const failedAside = (error: unknown) => {
  send({ id: asked, ok: false, error: { ...failureOf(error), fatal: true } });
};
process.on('uncaughtException', failedAside);
process.on('unhandledRejection', failedAside);

const decoder = new FrameDecoder(Number.MAX_SAFE_INTEGER);
let last = Promise.resolve();
/** Pieces of a chunk's rows come into one buffer, used again and again, as large as the pipe may fill it. */
const incoming = Buffer.allocUnsafeSlow(READ_BYTES);
const onread = {
  buffer: incoming,
  callback(count: number): boolean {
    for (const frame of decoder.push(incoming.subarray(0, count))) {
      // An answer to a call must not wait behind the question that waits for it.
      if ('callId' in frame.header) answered(frame.header, frame.body);
      else if ('rowsAhead' in frame.header) taken.take(frame.header, frame.body);
      else last = last.then(() => answer(frame));
    }
    return true;
  },
};
const questions = { fd: 3, writable: false, onread };
new Socket(questions)
  // Not process.exit, which is taken from the template.
  .on('end', () => end(0));
