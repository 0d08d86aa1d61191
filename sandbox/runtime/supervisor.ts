import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dsdlToken } from './dsdl-token.ts';

/** A path of a Unix socket may hold so many bytes on Linux. */
const SOCKET_PATH_BYTES = 107;
const START_LIMIT_MS = 30_000;
const STOP_LIMIT_MS = 15_000;
const BACKOFF_MS = { first: 100, most: 10_000 };
/** A runtime that lived so long starts again at once; one that died sooner waits, longer each time. */
const HEALTHY_MS = 30_000;

export interface RuntimeAddress {
  readonly pid: number;
  /** `http://127.0.0.1:<port>`, for people and tools. */
  readonly url: string;
  /** `unix:/path`, for the commands. */
  readonly socket: string;
}

export interface SupervisorOptions {
  /** The runtime's program, `dist/runtime/main.mjs`. */
  readonly program: string;
  /** KEPLER_HOME: its models and everything else it keeps. */
  readonly home: string;
  /** Folder of the public keys that it trusts. */
  readonly trustedKeys: string;
  readonly onStart?: (address: RuntimeAddress) => void;
  /** Told when a runtime died that nobody had asked to stop. */
  readonly onDeath?: (how: string) => void;
}

export class RuntimeStartError extends Error {}

/** Starts the runtime, and starts it again when it dies. */
export class RuntimeSupervisor {
  private child: ChildProcess | undefined;
  private address_: RuntimeAddress | undefined;
  private stopping = false;
  private backoff = BACKOFF_MS.first;
  private restart: Promise<void> | undefined;
  private readonly socketPath: string;
  private readonly temporary: string | undefined;

  constructor(private readonly options: SupervisorOptions) {
    const usual = join(options.home, 'runtime.sock');
    if (Buffer.byteLength(usual) <= SOCKET_PATH_BYTES) {
      this.socketPath = usual;
    } else {
      this.temporary = mkdtempSync(join(tmpdir(), 'kepler-'));
      this.socketPath = join(this.temporary, 'runtime.sock');
    }
  }

  get address(): RuntimeAddress {
    if (!this.address_) throw new RuntimeStartError('The runtime is not running.');
    return this.address_;
  }

  /** Where the running runtime answers DSDL. */
  get dsdl(): { url: string; token: string } {
    const { dsdl } = this.runtimeFile() ?? {};
    if (dsdl === undefined) throw new RuntimeStartError('The runtime is not running.');
    return { url: dsdl, token: dsdlToken(this.options.home).token };
  }

  /** The file that the runtime's log is appended to. */
  get logFile(): string {
    return join(this.options.home, 'runtime.log');
  }

  async start(): Promise<void> {
    mkdirSync(this.options.home, { recursive: true, mode: 0o700 });
    const { child, how } = this.spawn();
    this.child = child;
    const born = Date.now();
    const address = await this.whenListening(child, how);
    this.address_ = address;
    this.options.onStart?.(address);
    void how.then((ending) => {
      this.address_ = undefined;
      if (this.stopping) return;
      this.options.onDeath?.(ending);
      if (Date.now() - born > HEALTHY_MS) this.backoff = BACKOFF_MS.first;
      this.restart = this.startAgain();
    });
  }

  /** Stops the runtime and waits until it is gone. */
  async stop(): Promise<void> {
    this.stopping = true;
    const { child } = this;
    if (child && child.exitCode === null && child.signalCode === null) {
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS);
      await gone;
      clearTimeout(timer);
    }
    await this.restart?.catch(() => undefined);
    if (this.temporary) rmSync(this.temporary, { recursive: true, force: true });
  }

  private async startAgain(): Promise<void> {
    while (!this.stopping) {
      await new Promise((resolve) => setTimeout(resolve, this.backoff));
      this.backoff = Math.min(this.backoff * 2, BACKOFF_MS.most);
      if (this.stopping) return;
      try {
        return await this.start();
      } catch (error) {
        if (this.stopping) return;
        if (!(error instanceof RuntimeStartError)) throw error;
        this.options.onDeath?.(error.message);
      }
    }
  }

  private spawn(): { child: ChildProcess; how: Promise<string> } {
    const { program, home, trustedKeys } = this.options;
    if (!existsSync(program)) {
      throw new RuntimeStartError(
        `The runtime's program ${program} does not exist. Build it with 'npm run build'.`,
      );
    }
    rmSync(this.socketPath, { force: true });
    rmSync(join(home, 'runtime.json'), { force: true });
    const log = openSync(this.logFile, 'a', 0o600);
    const child = spawn(process.execPath, [program], {
      env: {
        ...process.env,
        KEPLER_HOME: home,
        KEPLER_LISTEN: `unix:${this.socketPath},http://127.0.0.1:0`,
        KEPLER_TRUSTED_KEYS: trustedKeys,
        KEPLER_MODE: process.env.KEPLER_MODE ?? 'dev',
        KEPLER_DSDL_LISTEN: 'http://127.0.0.1:0',
        KEPLER_DSDL_TOKEN_FILE: dsdlToken(home).file,
      },
      stdio: ['ignore', log, log],
      // Ctrl-C in the terminal reaches the sandbox alone, which then stops the runtime in order.
      detached: true,
    });
    closeSync(log);
    const how = new Promise<string>((resolve) => {
      child.once('error', (error) => resolve(`could not be started: ${error.message}`));
      child.once('exit', (code, signal) =>
        resolve(signal ? `was ended by signal ${signal}` : `ended with status ${code}`),
      );
    });
    return { child, how };
  }

  private async whenListening(child: ChildProcess, how: Promise<string>): Promise<RuntimeAddress> {
    let ending: string | undefined;
    void how.then((text) => (ending = text));
    const deadline = Date.now() + START_LIMIT_MS;
    while (Date.now() < deadline) {
      if (ending !== undefined) {
        throw new RuntimeStartError(`The runtime ${ending} before it was listening. ${this.lastWords()}`);
      }
      const address = this.readAddress(child);
      if (address) return address;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    child.kill('SIGKILL');
    throw new RuntimeStartError(
      `The runtime was not listening after ${START_LIMIT_MS / 1000} s. ${this.lastWords()}`,
    );
  }

  private readAddress(child: ChildProcess): RuntimeAddress | null {
    const { pid, urls } = this.runtimeFile() ?? { urls: [] };
    const url = urls.find((candidate) => candidate.startsWith('http://'));
    return pid !== undefined && pid === child.pid && url
      ? { pid, url, socket: `unix:${this.socketPath}` }
      : null;
  }

  /** What the runtime says of where it listens. */
  private runtimeFile(): { pid?: number; urls: string[]; dsdl?: string } | undefined {
    const file = join(this.options.home, 'runtime.json');
    if (!existsSync(file)) return undefined;
    return JSON.parse(readFileSync(file, 'utf8')) as { pid: number; urls: string[]; dsdl?: string };
  }

  /** Why the runtime ended, where its log's last line says it; else the log's end. */
  private lastWords(): string {
    const lines = readFileSync(this.logFile, 'utf8').trimEnd().split('\n');
    const said = fatalMessage(lines[lines.length - 1]);
    return said === undefined
      ? `The last lines of ${this.logFile}:\n${lines.slice(-10).join('\n')}`
      : `${said} (Its log is ${this.logFile}.)`;
  }
}

/** The message of a line of the runtime's log that tells why it had to end; undefined for any other line. */
function fatalMessage(line: string): string | undefined {
  if (!line.startsWith('{"level":"fatal"')) return undefined;
  const { err } = JSON.parse(line) as { err?: { stack?: string; message?: string } };
  // The stack begins with the error's own message; `message` goes on with its causes.
  return /^\w*Error: (.*)/.exec(err?.stack ?? '')?.[1] ?? err?.message;
}
