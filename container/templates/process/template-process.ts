/** One process that runs one template: asked one question after the other, watched, and ended when it does not behave. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { readFileSync, rm } from 'node:fs';
import type { Readable, Writable } from 'node:stream';
import { KeplerError } from '../../contract/errors.ts';
import { Calls } from './calls.ts';
import type { CallFrame, CallHandler } from './calls.ts';
import { FrameDecoder, encodeFrame } from './frames.ts';
import type { Frame } from './frames.ts';
import type { Launch } from './launch.ts';

/** What the process tells besides its answers. */
export interface ProcessEvents {
  log(level: string, text: string, fields?: Readonly<Record<string, unknown>>): void;
  /** For the messages of the search. */
  warn(text: string): void;
  progress(share: number, text?: string): void;
  telemetry(event: Readonly<Record<string, unknown>>): void;
  /** Runs a helper that the template calls; without it, none can be called. */
  readonly call?: CallHandler;
}

interface Waiting {
  readonly id: number;
  /** What it is to do: the question's `op`, or what of it the template calls otherwise. */
  readonly doing: string;
  resolve(frame: Frame): void;
  reject(error: KeplerError): void;
  /** How long it may take. */
  readonly seconds: number;
  /** That time is over: it was asked where it is. */
  over?: boolean;
  timer: NodeJS.Timeout;
}

/** The function of a template that a question calls, by the names that either language has for it. */
function functionsOf({ op, from }: Readonly<Record<string, unknown>>): readonly string[] {
  if (op === 'onnx') return ['toOnnx', 'to_onnx'];
  if (op === 'fit' && from !== undefined) return ['partialFit', 'partial_fit'];
  return [String(op)];
}

interface Place {
  readonly line: number;
  /** Where the template has several files, or cells: the one that the line is of. */
  readonly file?: string;
}

/** Where a template's functions begin, by name. */
type Begins = Readonly<Record<string, number | Place | null>>;

/** What a template said was wrong with it. */
interface Failure extends Partial<Place> {
  readonly message: string;
  readonly stack?: string;
  readonly code?: string;
  /** The process is not fit for another question. */
  readonly fatal?: boolean;
}

const MEMORY_LOOK_MS = 100;
/** Starting an interpreter and loading a template is given at least so long. */
const LOAD_SECONDS = 60;
/** How long a process that has run out of time may take to say where it is. */
const WHERE_MS = 1000;
const PAGE = 4096;
/** The last of what it printed on stderr, for the message when it ends by itself. */
const LAST_WORDS = 2000;
const LONGEST_LINE = 8192;
/** Lines of log that one question may bring: more are counted. */
const MOST_LINES = 1000;

function wordsOf({ line, file }: Place): string {
  return `line ${line}${file === undefined ? '' : ` of ${file}`}`;
}

export class TemplateProcess {
  readonly #name: string;
  readonly #child: ChildProcess;
  readonly #launch: Launch;
  readonly #watch: NodeJS.Timeout;
  #events: ProcessEvents;
  readonly #calls = new Calls((reply, body) => this.#write(reply, body));
  #waiting: Waiting | null = null;
  #asked = 0;
  #lastWords = '';
  /** Lines of log since the last question. */
  #lines = 0;
  #begins: Begins = {};
  /** Why it was ended, or how it ended. */
  #end: KeplerError | null = null;

  /** @param name the template's, for messages */
  constructor(name: string, launch: Launch, events: ProcessEvents) {
    this.#name = name;
    this.#launch = launch;
    this.#events = events;
    this.#child = spawn(launch.command, launch.args, {
      cwd: launch.cwd,
      env: launch.env,
      uid: launch.uid,
      gid: launch.gid,
      stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe'],
      // Its own group, so that what it starts ends with it.
      detached: true,
    });
    this.#child.once('error', (error) =>
      this.#over(this.#failure(`it could not be started: ${error.message}`)),
    );
    this.#child.once('exit', (code, signal) => this.#over(this.#exited(code, signal)));
    this.#listen(this.#child.stdio[4] as Readable);
    (this.#child.stdio[3] as Writable).on('error', () => undefined);
    this.#print(this.#child.stdout!, 'info');
    this.#print(this.#child.stderr!, 'warn');
    this.#watch = setInterval(() => this.#lookAtMemory(), MEMORY_LOOK_MS).unref();
  }

  /** False once it has ended, or is being ended. */
  get alive(): boolean {
    return this.#end === null;
  }

  /** Who hears from it from now on. */
  set events(events: ProcessEvents) {
    this.#events = events;
  }

  /**
   * Asks, and waits for the answer. One question at a time.
   * @throws KeplerError template_failed, limit_time, limit_memory; after all but the template's own errors the process is gone
   */
  async ask(header: Readonly<Record<string, unknown>>, body?: Uint8Array): Promise<Frame> {
    if (this.#end) throw this.#end;
    if (this.#waiting) throw new Error('A template is asked one thing at a time.');
    const id = ++this.#asked;
    const answer = new Promise<Frame>((resolve, reject) => {
      const allowed = this.#launch.limits.seconds;
      // A process that starts on a machine that has much to do is no loop.
      const seconds = header.op === 'load' ? Math.max(allowed, LOAD_SECONDS) : allowed;
      const timer = setTimeout(() => this.#overtime(seconds), seconds * 1000);
      this.#waiting = { id, doing: this.#doingOf(header), seconds, resolve, reject, timer };
    });
    this.#lines = 0;
    this.#write({ ...header, id }, body);
    return answer;
  }

  /** Tells it something that it does not answer. */
  tell(header: Readonly<Record<string, unknown>>, ...body: readonly Uint8Array[]): void {
    if (!this.#end) this.#write(header, ...body);
  }

  /** Ends the process; a question that waits is answered with `why`. */
  kill(why: KeplerError): void {
    if (!this.#end) this.#over(why);
  }

  /** Its time is over. An interpreter that can say where it is, is asked first. */
  #overtime(seconds: number): void {
    const { whereSignal } = this.#launch;
    const { pid } = this.#child;
    if (whereSignal === undefined || pid === undefined) return this.kill(this.#tooLong(seconds));
    if (this.#waiting) {
      this.#waiting.over = true;
      this.#waiting.timer = setTimeout(() => this.kill(this.#tooLong(seconds)), WHERE_MS);
    }
    try {
      process.kill(pid, whereSignal);
    } catch {
      // Gone already: its exit is on the way.
    }
  }

  #tooLong(seconds: number, at?: Place): KeplerError {
    const where = at ? `${wordsOf(at)}, in ${this.#doing}` : this.#doing;
    return new KeplerError(
      'limit_time',
      `The template ${this.#name} was ended: it took longer than the ${seconds} seconds allowed. Give it fewer rows, or raise KEPLER_TEMPLATE_SECONDS. It was in ${where}: look there for a loop without an end.`,
    );
  }

  /** What a question makes it do, with the line where that begins. */
  #doingOf(header: Readonly<Record<string, unknown>>): string {
    if (header.op === 'load') return 'loading it';
    const name = functionsOf(header).find((one) => this.#begins[one] !== undefined);
    if (name === undefined) return header.op === 'state' ? 'it' : `its function ${functionsOf(header)[0]}`;
    const begins = this.#begins[name];
    const at = typeof begins === 'number' ? { line: begins } : begins;
    return `its function ${name}${at ? `, which begins in ${wordsOf(at)}` : ''}`;
  }

  #write(header: object, ...body: readonly (Uint8Array | undefined)[]): void {
    const pipe = this.#child.stdio[3] as Writable;
    if (!pipe.writable) return;
    // All pieces by one call of the system.
    pipe.cork();
    for (const piece of encodeFrame(header, ...body)) pipe.write(piece);
    pipe.uncork();
  }

  #over(error: KeplerError): void {
    if (this.#end) return;
    this.#end = error;
    clearInterval(this.#watch);
    const { pid } = this.#child;
    if (pid !== undefined) {
      try {
        process.kill(-pid, 'SIGKILL');
      } catch {
        // Gone already.
      }
    }
    const waiting = this.#settle();
    waiting?.reject(error);
    const { own } = this.#launch;
    if (own !== undefined) rm(own, { recursive: true, force: true, maxRetries: 5 }, () => undefined);
  }

  #settle(): Waiting | null {
    const waiting = this.#waiting;
    this.#waiting = null;
    clearTimeout(waiting?.timer);
    this.#calls.giveUp();
    return waiting;
  }

  #listen(pipe: Readable): void {
    const decoder = new FrameDecoder(this.#launch.limits.answerBytes);
    pipe.on('data', (piece: Buffer) => {
      try {
        for (const frame of decoder.push(piece)) this.#take(frame);
      } catch (error) {
        this.kill(this.#failure((error as Error).message));
      }
    });
    pipe.on('error', () => undefined);
  }

  #take({ header, body }: Frame): void {
    const { log, warn, progress, telemetry, call, at } = header as {
      log?: { level?: string; text?: string; fields?: Record<string, unknown> };
      warn?: unknown;
      progress?: { share?: number; text?: string };
      telemetry?: Record<string, unknown>;
      call?: CallFrame;
      at?: Place;
    };
    if (log) return this.#log(String(log.level ?? 'info'), String(log.text ?? ''), log.fields);
    if (warn !== undefined) return this.#events.warn(String(warn));
    if (progress) return this.#events.progress(Number(progress.share) || 0, progress.text);
    if (telemetry) return this.#events.telemetry(telemetry);
    // A call between two questions is in nobody's name.
    if (call) return void this.#calls.take(call, body, this.#waiting ? this.#events.call : undefined);
    if (at) {
      if (this.#waiting?.over) this.kill(this.#tooLong(this.#waiting.seconds, at));
      return;
    }
    if (header.id !== this.#waiting?.id) return;
    const waiting = this.#settle()!;
    if (header.begins) this.#begins = header.begins as Begins;
    if (header.ok === true) waiting.resolve({ header, body });
    else {
      const failure = header.error as Failure | undefined;
      const error = this.#said(failure);
      waiting.reject(error);
      if (failure?.fatal) this.kill(error);
    }
  }

  /** What the template threw: the process lives on. */
  #said(failure: Failure | undefined): KeplerError {
    const { message = 'it gave no reason', line, file, stack, code } = failure ?? {};
    const place = line === undefined ? '' : `, ${wordsOf({ line, file })}`;
    return new KeplerError(
      code === 'limit_memory' ? code : 'template_failed',
      `The template ${this.#name} failed${place}: ${message}`,
      { details: { stack } },
    );
  }

  #failure(what: string): KeplerError {
    return new KeplerError('template_failed', `The template ${this.#name} was ended: ${what}`);
  }

  #exited(code: number | null, signal: NodeJS.Signals | null): KeplerError {
    const words = this.#lastWords.trim();
    // V8 aborts when its heap is full.
    if (/heap out of memory|Allocation failed/.test(words) || signal === 'SIGABRT')
      return this.#tooMuchMemory();
    const how = signal === null ? `exit code ${code}` : signal;
    return this.#failure(
      `its process ended by itself (${how})${words === '' ? '.' : `. Its last words: ${words.slice(-500)}`} A template may not end its process.`,
    );
  }

  /** What it was doing when it ended. */
  get #doing(): string {
    return this.#waiting?.doing ?? 'no function of its own';
  }

  #tooMuchMemory(): KeplerError {
    return new KeplerError(
      'limit_memory',
      `The template ${this.#name} was ended: it needed more than the ${this.#launch.limits.memoryMb} MB of memory allowed. Give it fewer rows, let it keep less, or raise KEPLER_TEMPLATE_MEMORY_MB. It was in ${this.#doing}.`,
    );
  }

  /** A template that floods the log is not let drown the others' lines. */
  #log(level: string, text: string, fields?: Readonly<Record<string, unknown>>): void {
    this.#lines++;
    if (this.#lines <= MOST_LINES) return this.#events.log(level, text, fields);
    if (this.#lines === MOST_LINES + 1) {
      this.#events.log('warn', `The template writes more than ${MOST_LINES} lines; the rest is left out.`);
    }
  }

  /** What it prints is a log, never an answer. */
  #print(stream: Readable, level: string): void {
    let line = '';
    stream.setEncoding('utf8');
    stream.on('data', (text: string) => {
      if (level === 'warn') this.#lastWords = (this.#lastWords + text).slice(-LAST_WORDS);
      const lines = (line + text).split('\n');
      line = lines.pop()!.slice(0, LONGEST_LINE);
      for (const whole of lines) if (whole !== '') this.#log(level, whole.slice(0, LONGEST_LINE));
    });
  }

  /** V8's limit does not count typed arrays, nor has every interpreter a limit of its own. */
  #lookAtMemory(): void {
    try {
      const pages = Number(readFileSync(`/proc/${this.#child.pid}/statm`, 'latin1').split(' ')[1]);
      // The interpreter itself takes some 60 MB.
      if (pages * PAGE > (this.#launch.limits.memoryMb + 64) * 1024 * 1024) this.kill(this.#tooMuchMemory());
    } catch {
      // Gone (its exit is on the way), or a platform without /proc: then V8's own limit stands alone.
    }
  }
}
