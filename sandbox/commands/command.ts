import type { Batch } from '../table/batch.ts';
import type { Part, Pipeline } from '../spl/pipeline.ts';
import { SplError } from '../spl/pipeline.ts';
import type { IndexStore } from '../indexes/index-store.ts';
import type { TimeRange } from '../indexes/time-range.ts';
import type { Lookups } from '../search/lookups.ts';
import type { ChunkSettings } from '../search/settings.ts';

export type Batches = AsyncIterable<Batch>;

/** One command of a running pipeline: rows in, rows out. A generating command reads nothing. */
export type Stage = (input: Batches) => Batches;

export type MessageType = 'INFO' | 'WARN' | 'ERROR';

/** What a command may use of the search it runs in. */
export interface CommandContext {
  readonly chunks: ChunkSettings;
  readonly lookups: Lookups;
  readonly indexes: IndexStore;
  /** Events tell where they lie (`_bkt`, `_cd`). */
  readonly addresses: boolean;
  /** What `index=…` searches look through where they do not say it themselves. */
  readonly range: TimeRange;
  readonly signal: AbortSignal;
  message(type: MessageType, text: string): void;
  /** Runs a subsearch to its end and gives all its rows in one batch. */
  subsearch(pipeline: Pipeline): Promise<Batch>;
  /** Sends rows through a pipeline of their own. */
  through(pipeline: Pipeline, rows: Batch): Promise<Batches>;
}

/** A core command of SPL. */
export interface CoreCommand {
  readonly name: string;
  /** Makes rows, so it may only come first (`append=t` aside). */
  readonly generating?: boolean;
  /** Takes its subsearch as rows; for the others it is run first and its rows become text. */
  readonly takesSubsearch?: boolean;
  /**
   * Reads the arguments and gives the stage.
   * @throws SplError when they are wrong.
   */
  prepare(args: string, context: CommandContext, subsearches: readonly Pipeline[]): Stage;
  /** In place of `prepare` where the command begins a search and then makes rows. */
  first?(args: string, context: CommandContext): Stage;
}

export function failIn(command: string, problem: string): never {
  throw new SplError(`Error in '${command}' command: ${problem}`);
}

/** Puts the command's name in front of what is wrong with an expression. */
export function reading<T>(command: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof SplError && !error.message.startsWith('Error in')) failIn(command, error.message);
    throw error;
  }
}

/** A stage that changes each batch by itself. */
export function perBatch(change: (batch: Batch) => Batch): Stage {
  return async function* (input) {
    for await (const batch of input) yield change(batch);
  };
}

/** Keeps the rows for which the test holds. */
export function keepRows(batch: Batch, test: (row: number) => boolean): Batch {
  const rows: number[] = [];
  for (let row = 0; row < batch.rows; row++) if (test(row)) rows.push(row);
  return rows.length === batch.rows ? batch : batch.take(Uint32Array.from(rows));
}

export async function collect(input: Batches): Promise<Batch[]> {
  const batches: Batch[] = [];
  for await (const batch of input) batches.push(batch);
  return batches;
}

/** A stage that needs all rows before it gives one. */
export function perSearch(change: (batches: Batch[]) => Iterable<Batch>): Stage {
  return async function* (input) {
    yield* change(await collect(input));
  };
}

/** The text of a command's arguments without its subsearches. */
export function textOf(parts: readonly Part[]): string {
  return parts.filter((part) => typeof part === 'string').join(' ');
}
