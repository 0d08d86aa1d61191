import { Batch } from '../table/batch.ts';
import type { Column } from '../table/batch.ts';
import { readCsv } from '../table/csv-reader.ts';
import { toCsv } from '../table/csv-writer.ts';
import type { MultivalueColumns } from '../table/csv-writer.ts';
import type { Batches, MessageType } from '../commands/command.ts';
import { matchFields } from '../spl/arguments.ts';
import { SplError } from '../spl/pipeline.ts';
import { limitRows, markLast, readAhead } from '../search/flow.ts';
import type { ChunkSettings } from '../search/settings.ts';
import type { AppCommand } from './apps.ts';
import type { Metadata, Reply } from './command-process.ts';
import { CommandFailure, CommandProcess } from './command-process.ts';
import type { SearchIdentity } from './search-info.ts';
import { CHUNKED_INDEX, readRowNumbers, rowNumbers } from './row-numbers.ts';
import { getInfo } from './search-info.ts';

export interface ExternalSettings {
  readonly chunks: ChunkSettings;
  readonly multivalue: MultivalueColumns;
  readonly environment: NodeJS.ProcessEnv;
}

/** What a search hears from its commands. */
export interface CommandListener {
  message(type: MessageType, text: string): void;
  metrics(command: string, metrics: Readonly<Record<string, unknown>>): void;
  /** A line for search.log. */
  log(line: string): void;
  /** Rows that the command has been given so far. */
  progress(command: string, rows: number): void;
}

type CommandType = 'streaming' | 'stateful' | 'events' | 'reporting';
const TYPES: readonly string[] = ['streaming', 'stateful', 'events', 'reporting'];

/** One external command of a search: its processes, from the probe to the end. */
export class ExternalCommand {
  private readonly processes = new Set<CommandProcess>();
  private process: CommandProcess | undefined;
  private type: CommandType = 'streaming';
  private required: readonly string[] = ['*'];
  private refusal: SplError | undefined;
  generating = false;

  constructor(
    private readonly command: AppCommand,
    private readonly args: string,
    private readonly search: SearchIdentity,
    private readonly settings: ExternalSettings,
    private readonly listener: CommandListener,
  ) {}

  get name(): string {
    return this.command.name;
  }

  /**
   * Asks a process of its own what the command is, as splunkd does when it parses a search, then ends its input. An error that
   * it answers is kept until the command's own process was asked: a probe may use neither network nor disk, so that one says
   * more of what is wrong.
   */
  async probe(): Promise<void> {
    const process = this.start();
    const reply = await process.exchange(getInfo(this.name, this.args, this.search, true));
    try {
      this.hear(reply.metadata);
    } catch (error) {
      if (!(error instanceof SplError)) throw error;
      this.refusal = error;
    }
    this.generating = reply.metadata.generating === true;
    await this.drain(reply);
    this.ended(await process.end(true), process);
  }

  /** Starts the process that will do the work, and learns its type. */
  async open(): Promise<void> {
    this.process = this.start();
    const reply = await this.process.exchange(getInfo(this.name, this.args, this.search, false));
    await this.drain(reply);
    this.hear(reply.metadata);
    if (this.refusal) throw this.refusal;
    const { type, generating, required_fields: required } = reply.metadata;
    if (type !== undefined && !TYPES.includes(type as string)) {
      throw new CommandFailure(
        `Error in '${this.name}' command: its type '${String(type)}' is none of ${TYPES.join(', ')}.`,
      );
    }
    this.type = (type as CommandType | undefined) ?? 'streaming';
    this.generating = generating === true;
    if (Array.isArray(required)) this.required = required.map(String);
  }

  /** The command's rows for those given. Stops reading them once the command says that it has finished. */
  async *run(input: Batches): AsyncGenerator<Batch> {
    let complete = false;
    try {
      if (this.generating) yield* this.generate();
      else if (this.type === 'streaming' || this.type === 'stateful') yield* this.stream(input);
      else yield* this.collect(input);
      complete = true;
    } finally {
      if (this.process) this.ended(await this.process.end(complete), this.process);
    }
  }

  /** Ends every process at once. */
  async cancel(): Promise<void> {
    await Promise.all([...this.processes].map((process) => process.cancel()));
  }

  private start(): CommandProcess {
    const process = new CommandProcess(this.command, this.settings.environment, (line) =>
      this.listener.log(`ERROR ChunkedExternProcessor - stderr: ${line}`),
    );
    this.processes.add(process);
    return process;
  }

  private ended(how: string, process: CommandProcess): void {
    this.processes.delete(process);
    this.listener.log(`INFO ChunkedExternProcessor - ${this.name} (${process.pid}) ${how}`);
  }

  private async *generate(): AsyncGenerator<Batch> {
    for (;;) {
      const reply = await this.process!.exchange({ action: 'execute', finished: true });
      yield* this.rowsOf(reply);
      this.hear(reply.metadata);
      if (reply.metadata.finished === true) return;
    }
  }

  private async *stream(input: Batches): AsyncGenerator<Batch> {
    let sent = 0;
    let told = false;
    for await (const { item, last } of markLast(readAhead(this.chunks(input), 1))) {
      const reply = await this.process!.exchange({ action: 'execute', finished: last }, item.body);
      told = last;
      this.hear(reply.metadata);
      for await (const rows of this.rowsOf(reply, true))
        yield item.part ? this.joined(item.batch, item.part, rows) : rows;
      sent += item.batch.rows;
      this.listener.progress(this.name, sent);
      if (reply.metadata.finished === true) return;
    }
    if (!told) yield* this.finish();
  }

  private async *collect(input: Batches): AsyncGenerator<Batch> {
    let sent = 0;
    for await (const { item, last } of markLast(readAhead(this.chunks(input), 1))) {
      const reply = await this.process!.exchange({ action: 'execute', finished: last }, item.body);
      sent += item.batch.rows;
      this.listener.progress(this.name, sent);
      this.hear(reply.metadata);
      yield* this.rowsOf(reply);
      if (reply.metadata.finished === true) return;
    }
    yield* this.finish();
  }

  /** Tells the command that no more rows come, until it says that it has finished too. */
  private async *finish(): AsyncGenerator<Batch> {
    for (;;) {
      const reply = await this.process!.exchange({ action: 'execute', finished: true });
      this.hear(reply.metadata);
      yield* this.rowsOf(reply);
      if (reply.metadata.finished === true) return;
    }
  }

  /** Bodies as they are sent; `part` where the command gets only some of the fields. */
  private async *chunks(input: Batches): AsyncGenerator<{ batch: Batch; part?: Batch; body: Buffer }> {
    const whole = this.required.includes('*') || this.type === 'events' || this.type === 'reporting';
    for await (const batch of limitRows(input, this.settings.chunks)) {
      if (whole) {
        yield { batch, body: toCsv(batch, this.settings.multivalue) };
        continue;
      }
      const part = batch
        .select(matchFields(this.required, batch.fields))
        .with([[CHUNKED_INDEX, rowNumbers(batch.rows)]]);
      yield { batch, part, body: toCsv(part, this.settings.multivalue) };
    }
  }

  /** The reply's rows; all in one batch where they are to be joined with the rows that were sent. */
  private async *rowsOf(reply: Reply, one = false): AsyncGenerator<Batch> {
    if (reply.bodyBytes === 0) return;
    const limits = one ? { firstRows: Infinity, rows: Infinity, bytes: Infinity } : this.settings.chunks;
    yield* readCsv(reply.body(), {
      ...limits,
      origin: `The command '${this.name}' answered with rows that cannot be read`,
    });
  }

  private async drain(reply: Reply): Promise<void> {
    for await (const piece of reply.body()) void piece;
  }

  /** The reply beside the fields that were kept back; `_chunked_idx` says which row is which. */
  private joined(batch: Batch, part: Batch, reply: Batch): Batch {
    if (reply.rows > 0 && !reply.has(CHUNKED_INDEX)) {
      throw new CommandFailure(
        `Error in '${this.name}' command: it asked for some fields and answered without '${CHUNKED_INDEX}', so its rows cannot be joined with the other fields.`,
      );
    }
    const index = reply.column(CHUNKED_INDEX);
    const rows = index ? readRowNumbers(index, reply.rows) : new Uint32Array(0);
    if (rows.some((row) => row >= batch.rows)) {
      throw new CommandFailure(
        `Error in '${this.name}' command: it answered with a '${CHUNKED_INDEX}' that it was not given.`,
      );
    }
    const same = rows.length === batch.rows && rows.every((row, i) => row === i);
    const before = same ? batch : batch.take(rows);
    const columns = new Map<string, Column>();
    for (const field of batch.fields) {
      const column = part.has(field) || reply.has(field) ? reply.column(field) : before.column(field);
      if (column) columns.set(field, column);
    }
    for (const field of reply.fields) if (field !== CHUNKED_INDEX) columns.set(field, reply.column(field)!);
    return new Batch(reply.rows, columns);
  }

  /** Takes messages and metrics out of a reply; a reply that names an error ends the search. */
  private hear(metadata: Metadata): void {
    const inspector = (metadata.inspector ?? {}) as Record<string, unknown>;
    const { messages = [], ...metrics } = inspector;
    const error = typeof metadata.error === 'string' ? metadata.error : undefined;
    for (const [type, text] of messages as [string, string][]) {
      // The error that ends the search is told once, by the search itself.
      if (type === 'ERROR' && text === error) continue;
      this.listener.message(type === 'ERROR' || type === 'WARN' ? type : 'INFO', String(text));
    }
    if (Object.keys(metrics).length > 0) this.listener.metrics(this.name, metrics);
    if (error !== undefined) throw new SplError(error);
  }
}
