import { appendFileSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Batch, concatBatches } from '../table/batch.ts';
import { CsvError } from '../table/csv-block.ts';
import type { MultivalueColumns } from '../table/csv-writer.ts';
import { CORE_COMMANDS } from '../commands/catalogue.ts';
import type { Batches, CommandContext, MessageType, Stage } from '../commands/command.ts';
import { collect, textOf } from '../commands/command.ts';
import { subsearchText } from '../commands/subsearches.ts';
import type { FindMacro } from '../spl/macros.ts';
import { expandMacros } from '../spl/macros.ts';
import type { CommandCall, Pipeline } from '../spl/pipeline.ts';
import { SplError, parseSearch } from '../spl/pipeline.ts';
import type { IndexStore } from '../indexes/index-store.ts';
import type { AppCommands } from '../splunkd/apps.ts';
import { CommandFailure } from '../splunkd/command-process.ts';
import { ExternalCommand } from '../splunkd/external-command.ts';
import type { CommandListener } from '../splunkd/external-command.ts';
import type { SearchIdentity } from '../splunkd/search-info.ts';
import { readAhead } from './flow.ts';
import type { Lookups } from './lookups.ts';
import type { ChunkSettings } from './settings.ts';

export interface Message {
  readonly type: MessageType;
  readonly text: string;
}

export interface JobOptions {
  readonly identity: SearchIdentity;
  readonly commands: AppCommands;
  readonly lookups: Lookups;
  readonly indexes: IndexStore;
  readonly macros: FindMacro;
  readonly chunks: ChunkSettings;
  readonly multivalue: MultivalueColumns;
  /** Events tell where they lie (`_bkt`, `_cd`). */
  readonly addresses: boolean;
  readonly environment: NodeJS.ProcessEnv;
  /** Told now and then how many rows a command has been given. */
  readonly onProgress?: (command: string, rows: number) => void;
  readonly onMessage?: (message: Message) => void;
}

export class SearchCancelled extends Error {}

/** One search: parsed, its commands started, run to its end, and cleaned up after. */
export class Job {
  readonly messages: Message[] = [];
  /** The latest inspector metrics by command. */
  readonly metrics = new Map<string, Readonly<Record<string, unknown>>>();
  private readonly externals: ExternalCommand[] = [];
  private readonly abort = new AbortController();
  private cancelledByUser = false;

  constructor(private readonly options: JobOptions) {}

  get sid(): string {
    return this.options.identity.sid;
  }

  /**
   * What can be told before the search runs: whether it can be read, and whether its commands are there.
   * @throws SplError
   */
  check(): void {
    const { identity, commands } = this.options;
    const visit = (pipeline: Pipeline) => {
      for (const call of pipeline.commands) {
        if (!CORE_COMMANDS.has(call.name) && !commands.find(call.name, identity.app)) this.unknown(call.name);
        for (const part of call.parts) if (typeof part !== 'string') visit(part);
      }
    };
    visit(this.parsed());
  }

  /**
   * The search's rows. Ends early where the consumer stops reading.
   * @throws SplError, CsvError, CommandFailure with a text for the person who searches; SearchCancelled.
   */
  async *run(): AsyncGenerator<Batch> {
    const { identity } = this.options;
    mkdirSync(identity.dispatchDir, { recursive: true, mode: 0o700 });
    this.log('');
    try {
      yield* await this.build(this.parsed());
      if (this.cancelledByUser) throw new SearchCancelled('The search was cancelled.');
    } catch (error) {
      throw this.cancelledByUser ? new SearchCancelled('The search was cancelled.') : error;
    } finally {
      this.abort.abort();
      await Promise.all(this.externals.map((external) => external.cancel()));
      rmSync(identity.dispatchDir, { recursive: true, force: true });
    }
  }

  /** Ends the search and every process that it started. */
  async cancel(): Promise<void> {
    this.cancelledByUser = true;
    this.abort.abort();
    await Promise.all(this.externals.map((external) => external.cancel()));
  }

  /** The error of a failed search as its message; errors that are the sandbox's own fault are thrown on. */
  static failureText(error: unknown): string {
    if (
      error instanceof SplError ||
      error instanceof CommandFailure ||
      error instanceof CsvError ||
      error instanceof SearchCancelled
    ) {
      return error.message;
    }
    throw error;
  }

  /** @param given Rows that go through the pipeline, where it does not make its own. */
  private async build(pipeline: Pipeline, given?: Batch): Promise<Batches> {
    const stages: Stage[] = [];
    const started: { external: ExternalCommand; at: number }[] = [];
    for (const [at, call] of pipeline.commands.entries()) {
      const core = CORE_COMMANDS.get(call.name);
      if (core) {
        if (core.generating && (at > 0 || given) && !/append\s*=/i.test(textOf(call.parts)))
          this.notFirst(call.name);
        const subsearches = call.parts.filter((part) => typeof part !== 'string');
        const args = core.takesSubsearch ? textOf(call.parts) : await this.argumentsOf(call);
        const first = at === 0 && !given && core.first?.(args, this.context());
        stages.push(first || core.prepare(args, this.context(), subsearches));
        continue;
      }
      const external = this.external(call, await this.argumentsOf(call));
      this.externals.push(external);
      started.push({ external, at });
      stages.push(this.stageOf(external, at === 0 && !given));
    }
    await Promise.all(started.map(({ external }) => external.probe()));
    for (const { external, at } of started)
      if (external.generating && (at > 0 || given)) this.notFirst(external.name);
    await Promise.all(started.map(({ external }) => external.open()));
    return stages.reduce<Batches>((input, stage) => stage(input), given ? only(given) : nothing());
  }

  private parsed(): Pipeline {
    return parseSearch(expandMacros(this.options.identity.search, this.options.macros));
  }

  private external(call: CommandCall, args: string): ExternalCommand {
    const { identity, commands, chunks, multivalue, environment } = this.options;
    const command = commands.find(call.name, identity.app);
    if (!command) return this.unknown(call.name);
    return new ExternalCommand(command, args, identity, { chunks, multivalue, environment }, this.listener());
  }

  /** External commands work while their neighbours do: each reads one batch ahead. */
  private stageOf(external: ExternalCommand, first: boolean): Stage {
    return (input) => readAhead(external.run(first ? nothing() : input), 1);
  }

  private async argumentsOf(call: CommandCall): Promise<string> {
    const texts: string[] = [];
    for (const part of call.parts) {
      texts.push(typeof part === 'string' ? part : subsearchText(await this.subsearch(part)));
    }
    return texts.join('').trim();
  }

  private async subsearch(pipeline: Pipeline): Promise<Batch> {
    const batches = await collect(await this.build(pipeline));
    return batches.length === 0 ? Batch.empty() : concatBatches(batches);
  }

  private context(): CommandContext {
    return {
      chunks: this.options.chunks,
      lookups: this.options.lookups,
      indexes: this.options.indexes,
      addresses: this.options.addresses,
      range: { earliest: this.options.identity.earliest, latest: this.options.identity.latest },
      signal: this.abort.signal,
      message: (type, text) => this.tell({ type, text }),
      subsearch: (pipeline) => this.subsearch(pipeline),
      through: (pipeline, rows) => this.build(pipeline, rows),
    };
  }

  private listener(): CommandListener {
    return {
      message: (type, text) => this.tell({ type, text }),
      metrics: (command, metrics) => this.metrics.set(command, metrics),
      log: (line) => {
        if (!this.abort.signal.aborted) this.log(`${line}\n`);
      },
      progress: (command, rows) => this.options.onProgress?.(command, rows),
    };
  }

  /** Adds to search.log. A search goes on without its log where that cannot be written, as on a full disk, and says so. */
  private log(text: string): void {
    const file = join(this.options.identity.dispatchDir, 'search.log');
    try {
      appendFileSync(file, text);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === undefined) throw error;
      this.tell({
        type: 'WARN',
        text: `${file} cannot be written (${code}); the search goes on without it.`,
      });
    }
  }

  /** A message once: the same one from several processes of a command is shown as one. */
  private tell(message: Message): void {
    if (this.messages.some(({ type, text }) => type === message.type && text === message.text)) return;
    this.messages.push(message);
    this.options.onMessage?.(message);
  }

  private unknown(command: string): never {
    const { identity, commands } = this.options;
    const known = [...CORE_COMMANDS.keys(), ...commands.names(identity.app)].sort().join(', ');
    throw new SplError(
      `Unknown search command '${command}'. In the app '${identity.app}' the sandbox knows: ${known}.`,
    );
  }

  private notFirst(command: string): never {
    throw new SplError(`Error in '${command}' command: This command must be the first command of a search.`);
  }
}

async function* only(batch: Batch): AsyncGenerator<Batch> {
  yield batch;
}

async function* nothing(): AsyncGenerator<Batch> {}
