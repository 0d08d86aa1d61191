import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { AppCommand } from './apps.ts';
import { ProtocolError, ReplyReader } from './reply-reader.ts';

export type Metadata = Readonly<Record<string, unknown>>;

export interface Reply {
  readonly metadata: Metadata;
  readonly bodyBytes: number;
  /** To be read to its end before the next request. */
  body(): AsyncIterable<Buffer>;
}

/** The process ended, or spoke something else than the protocol. The message is for the person who searches. */
export class CommandFailure extends Error {}

/** How long a command that was told to end may take, before it is killed. */
const GRACE_MS = { ended: 10_000, closed: 300, terminated: 2_000 };

/** One process of a search command, spoken to as splunkd does: each request is answered by one reply. */
export class CommandProcess {
  private readonly child: ChildProcessWithoutNullStreams;
  private readonly reader: ReplyReader;
  private readonly exited: Promise<string>;
  private cancelled = false;
  private running = true;

  constructor(
    private readonly command: AppCommand,
    environment: NodeJS.ProcessEnv,
    onStderr: (line: string) => void,
  ) {
    // A process group of its own: Ctrl-C in the terminal reaches the sandbox alone, which then ends its commands in order.
    this.child = spawn(command.file, [...command.args], {
      env: environment,
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: true,
    });
    this.reader = new ReplyReader(this.child.stdout);
    // A command that ends before it has read everything shows in its output; a broken pipe adds nothing.
    this.child.stdin.on('error', () => undefined);
    this.child.stderr.setEncoding('utf8').on('data', (text: string) => {
      for (const line of text.split('\n')) if (line !== '') onStderr(line);
    });
    this.exited = new Promise((resolve) => {
      this.child.once('error', (error) => resolve(`could not be started: ${error.message}`));
      this.child.once('exit', (code, signal) =>
        resolve(signal ? `was ended by signal ${signal}` : `ended with status ${code}`),
      );
    });
    void this.exited.then(() => (this.running = false));
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  /** Sends one request and reads its reply. */
  async exchange(metadata: Metadata, body: Buffer = Buffer.alloc(0)): Promise<Reply> {
    if (this.reader.surplus > 0) throw this.tooMuch();
    const meta = Buffer.from(JSON.stringify(metadata));
    const written = this.write(
      Buffer.concat([Buffer.from(`chunked 1.0,${meta.length},${body.length}\n`), meta]),
      body,
    );
    try {
      const lengths = await this.reader.header();
      if (!lengths) return await this.fail();
      const reply = parseMetadata(await this.reader.exactly(lengths.metadata));
      await written;
      return { metadata: reply, bodyBytes: lengths.body, body: () => this.body(lengths.body) };
    } catch (error) {
      return await this.explain(error);
    }
  }

  private async *body(count: number): AsyncGenerator<Buffer> {
    try {
      yield* this.reader.bytes(count);
    } catch (error) {
      await this.explain(error);
    }
  }

  private async write(head: Buffer, body: Buffer): Promise<void> {
    if (!this.child.stdin.writable) return;
    this.child.stdin.write(head);
    if (body.length > 0 && !this.child.stdin.write(body)) {
      await Promise.race([once(this.child.stdin, 'drain').catch(() => undefined), this.exited]);
    }
  }

  private async explain(error: unknown): Promise<never> {
    if (this.cancelled) throw new CommandFailure('The search was cancelled.');
    if (!(error instanceof ProtocolError)) throw error;
    // Output that breaks off is the sign of a process that died; anything else is a wrong message from a living one.
    if (error.message.startsWith('the output ended')) return await this.fail();
    throw new CommandFailure(
      `Error in '${this.command.name}' command: Invalid message received from external search command: ${error.message}.`,
    );
  }

  private async fail(): Promise<never> {
    if (this.cancelled) throw new CommandFailure('The search was cancelled.');
    const how = await Promise.race([this.exited, wait(GRACE_MS.terminated, 'closed its output')]);
    throw new CommandFailure(`External search command exited unexpectedly: '${this.command.name}' ${how}.`);
  }

  /**
   * Ends the input, as splunkd does once a search needs nothing more. Gives how the process ended.
   * @param complete Every reply was read to its end, so that nothing more may come.
   */
  async end(complete: boolean): Promise<string> {
    this.child.stdin.end();
    let surplus = 0;
    if (complete) {
      surplus = await Promise.race([this.reader.rest().catch(() => 0), wait(GRACE_MS.ended, 0)]);
    } else {
      this.child.stdout.destroy();
    }
    const how = await Promise.race([this.exited, wait(GRACE_MS.ended, null)]);
    if (how === null) this.child.kill('SIGKILL');
    if (surplus > 0) throw this.tooMuch();
    return how ?? `did not end and was killed, ${GRACE_MS.ended / 1000} s after its input had ended`;
  }

  private tooMuch(): CommandFailure {
    return new CommandFailure(
      `Failure writing result chunk, buffer full. External process possibly failed to read its stdin: the command '${this.command.name}' wrote more than one reply to a request.`,
    );
  }

  /** Closes both pipes; what has not ended by itself soon is terminated, then killed. */
  async cancel(): Promise<void> {
    if (!this.running) return;
    this.cancelled = true;
    this.child.stdin.destroy();
    this.child.stdout.destroy();
    for (const [signal, grace] of [
      ['SIGTERM', GRACE_MS.closed],
      ['SIGKILL', GRACE_MS.terminated],
    ] as const) {
      await Promise.race([this.exited, wait(grace, null)]);
      if (!this.running) return;
      this.child.kill(signal);
    }
    await this.exited;
  }
}

function parseMetadata(bytes: Buffer): Metadata {
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString('utf8'));
  } catch {
    throw new ProtocolError(`the metadata '${bytes.toString('utf8', 0, 80)}' is not JSON`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ProtocolError('the metadata is not a JSON object');
  }
  return value as Metadata;
}

function wait<T>(milliseconds: number, value: T): Promise<T> {
  return new Promise((resolve) => setTimeout(() => resolve(value), milliseconds).unref());
}
