import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { frame } from '../protocol/sources.ts';

export const BUNDLE = 'dist/app/kepler.cjs';

export interface ReplyFrame {
  readonly metadata: Record<string, unknown> & {
    finished?: boolean;
    error?: string;
    required_fields?: string[];
    inspector?: { messages?: [string, string][] };
  };
  readonly body: string;
}

/** A search command as a real process, spoken to as splunkd does: a request, then its reply. */
export class CommandProcess {
  readonly process: ChildProcessWithoutNullStreams;
  stderr = '';
  #output = Buffer.alloc(0);
  #wake: () => void = () => {};
  readonly exit: Promise<number | string>;
  #ended = false;

  constructor(
    command: string,
    env: Record<string, string>,
    program: readonly string[] = [process.execPath, BUNDLE],
  ) {
    this.process = spawn(program[0], [...program.slice(1), command], {
      env: { PATH: process.env.PATH ?? '', ...env },
    });
    this.process.stdin.on('error', () => {});
    this.process.stdout.on('data', (bytes: Buffer) => {
      this.#output = Buffer.concat([this.#output, bytes]);
      this.#wake();
    });
    this.process.stderr.on('data', (bytes: Buffer) => (this.stderr += bytes.toString()));
    this.exit = new Promise((resolve) =>
      this.process.on('close', (code, signal) => {
        this.#ended = true;
        this.#wake();
        resolve(code ?? signal ?? 'unknown');
      }),
    );
  }

  write(bytes: Buffer): void {
    this.process.stdin.write(bytes);
  }

  /** Sends a request and takes its reply. */
  async ask(metadata: unknown, body: string | Buffer = ''): Promise<ReplyFrame> {
    this.write(frame(metadata, body));
    return this.reply();
  }

  getinfo(rawArgs: string, searchinfo: Record<string, unknown> = {}): Promise<ReplyFrame> {
    return this.ask(getinfo(rawArgs, searchinfo));
  }

  execute(body: string | Buffer, finished: boolean): Promise<ReplyFrame> {
    return this.ask({ action: 'execute', finished }, body);
  }

  async reply(): Promise<ReplyFrame> {
    for (;;) {
      const found = this.#takeFrame();
      if (found) return found;
      if (this.#ended) throw new Error(`The command ended without a reply; stderr: ${this.stderr}`);
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  /** What came out and was taken as no reply. */
  get rest(): string {
    return this.#output.toString();
  }

  async end(): Promise<number | string> {
    this.process.stdin.end();
    return this.exit;
  }

  #takeFrame(): ReplyFrame | null {
    const line = this.#output.indexOf(10);
    if (line < 0) return null;
    const match = /^chunked 1\.0,(\d+),(\d+)$/.exec(this.#output.toString('latin1', 0, line));
    if (!match) throw new Error(`No frame: ${this.#output.toString('latin1', 0, 80)}`);
    const bodyAt = line + 1 + Number(match[1]);
    const end = bodyAt + Number(match[2]);
    if (this.#output.length < end) return null;
    const metadata = JSON.parse(this.#output.toString('utf8', line + 1, bodyAt)) as ReplyFrame['metadata'];
    const body = this.#output.toString('utf8', bodyAt, end);
    this.#output = this.#output.subarray(end);
    return { metadata, body };
  }
}

/** A getinfo request, as splunkd makes it. */
export function getinfo(rawArgs: string, searchinfo: Record<string, unknown> = {}): object {
  return {
    action: 'getinfo',
    preview: false,
    searchinfo: {
      raw_args: rawArgs.split(' '),
      args: rawArgs.replaceAll('"', '').split(' '),
      sid: '1700000000.1',
      app: 'search',
      owner: 'eve',
      username: 'eve',
      session_key: '',
      splunkd_uri: '',
      maxresultrows: 50000,
      search: '',
      ...searchinfo,
    },
  };
}

/** The errors in a reply. */
export const errorsOf = (reply: ReplyFrame): string[] =>
  (reply.metadata.inspector?.messages ?? []).filter(([level]) => level === 'ERROR').map(([, text]) => text);
