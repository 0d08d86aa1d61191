/**
 * Events of any number, by `search/v2/jobs/export`: nothing is kept by Splunk, so no quota of rows or disk ends it. An export cannot
 * be taken up again where it broke; the search is run again instead, up to the time of the last event that came. Splunk gives
 * events newest first and each has an address of its own (`_bkt` and `_cd`), so those that came already are known: all that are
 * newer than the last one, and of its own instant those whose addresses were seen.
 */
import { KeplerError } from '../../contract/errors.ts';
import { secondsOf } from './cells.ts';
import { SplunkAnswerError, SplunkConnectionError, messagesIn } from './client.ts';
import type { SplunkClient, SplunkMessage } from './client.ts';
import { Patience } from './patience.ts';
import { searchFailed } from './query.ts';
import type { Page, Query } from './query.ts';

type Result = Readonly<Record<string, unknown>>;

/** Events that are handed on together. */
const PAGE_ROWS = 2000;

/** These events cannot be told from each other (a command took their addresses away): they must be read in another way. */
export class NoAddressError extends Error {}

/** @throws NoAddressError before the first page; KeplerError */
export async function* exportEvents(
  client: SplunkClient,
  query: Query,
  signal?: AbortSignal,
): AsyncGenerator<Page> {
  const seen = new Seen();
  const patience = new Patience(signal);
  for (;;) {
    try {
      for await (const page of oneExport(client, query, seen, signal)) {
        patience.progress();
        yield page;
      }
      return;
    } catch (error) {
      if (error instanceof NoAddressError) throw error;
      const broke = error instanceof SplunkConnectionError || error instanceof SplunkAnswerError;
      if (broke && seen.any && !seen.ordered) {
        throw new KeplerError(
          'splunk_unreachable',
          `${(error as Error).message} The events did not come in the order of time, so the reading cannot be taken up where it broke without giving some twice. Run it again, or add "| sort 0 - _time".`,
          { cause: error },
        );
      }
      await patience.after(error);
      seen.again();
    }
  }
}

async function* oneExport(
  client: SplunkClient,
  query: Query,
  seen: Seen,
  signal?: AbortSignal,
): AsyncGenerator<Page> {
  const form = {
    search: query.spl,
    earliest_time: query.earliest,
    latest_time: seen.last === undefined ? query.latest : String(Math.floor(seen.last) + 1),
    now: query.now,
    preview: 0,
    output_mode: 'json',
  };
  let framed = false;
  let results: Result[] = [];
  let messages: SplunkMessage[] = [];
  let ended = false;
  let rows = 0;
  const pieces = client.stream(
    'run the search',
    '/search/v2/jobs/export',
    { namespace: query.namespace, form, signal },
    (is) => (framed = is),
  );
  try {
    for await (const line of linesOf(pieces)) {
      const said = parse(line);
      if (said.preview === true) continue;
      for (const message of messagesIn(said)) {
        if (message.type === 'FATAL') throw searchFailed(query.spl, [message]);
        messages.push(message);
      }
      if (said.lastrow === true) ended = true;
      if (said.result === undefined) continue;
      rows++;
      const result = said.result as Result;
      if (!seen.isNew(result)) continue;
      results.push(result);
      if (results.length < PAGE_ROWS) continue;
      yield { results, messages };
      [results, messages] = [[], []];
    }
  } catch (error) {
    // They count as seen, so they must not get lost.
    if (results.length > 0) yield { results, messages };
    throw error;
  }
  if (rows === 0 && !seen.any && messages.some(({ type }) => type === 'ERROR'))
    throw searchFailed(query.spl, messages);
  if (results.length > 0 || messages.length > 0) yield { results, messages };
  if (!ended && !framed)
    throw new SplunkConnectionError(`splunkd at ${client.url} ended its answer in the middle.`, undefined);
}

/** Which events came already. */
class Seen {
  /** Time of the last event, seconds since 1970. */
  last: number | undefined;
  /** Whether each event was as old as the one before it, or older. */
  ordered = true;
  /** How often each address came at that time: a command may make several rows of one event. */
  #atLast = new Map<string, number>();
  /** Of them, what the export that runs now has repeated so far. */
  #repeated = new Map<string, number>();
  /** The time up to which the export that runs now repeats what came. */
  #repeatsTo: number | undefined;

  get any(): boolean {
    return this.last !== undefined;
  }

  /** Another export begins, which repeats some of what came. */
  again(): void {
    this.#repeatsTo = this.last;
    this.#repeated = new Map();
  }

  /** @throws NoAddressError */
  isNew(event: Result): boolean {
    const time = typeof event._time === 'string' ? secondsOf(event._time) : undefined;
    const { _bkt: bucket, _cd: place } = event;
    if (time === undefined || typeof bucket !== 'string' || typeof place !== 'string') {
      if (this.last === undefined) throw new NoAddressError();
      throw new KeplerError(
        'splunk_failed',
        'Some events of the search have no _time, _bkt and _cd while others have: they cannot be read without giving some twice. Leave these fields in, or end the search with "| table …".',
      );
    }
    const address = `${bucket} ${place}`;
    if (this.#repeatsTo !== undefined && time >= this.#repeatsTo) {
      if (time > this.#repeatsTo) return false;
      const before = this.#repeated.get(address) ?? 0;
      this.#repeated.set(address, before + 1);
      if (before < (this.#atLast.get(address) ?? 0)) return false;
    }
    if (this.last === undefined || time < this.last) {
      this.last = time;
      this.#atLast = new Map();
      this.#repeated = new Map();
      this.#repeatsTo = undefined;
    } else if (time > this.last) {
      this.ordered = false;
      return true;
    }
    this.#atLast.set(address, (this.#atLast.get(address) ?? 0) + 1);
    return true;
  }
}

interface ExportLine {
  readonly preview?: boolean;
  readonly lastrow?: boolean;
  readonly result?: unknown;
}

function parse(line: string): ExportLine {
  try {
    return JSON.parse(line) as ExportLine;
  } catch (error) {
    // Cut in its middle: as a connection that broke.
    throw new SplunkConnectionError('splunkd sent a line that is not whole.', error);
  }
}

async function* linesOf(pieces: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let held: Buffer[] = [];
  for await (const piece of pieces) {
    let from = 0;
    for (let end = piece.indexOf(0x0a); end >= 0; end = piece.indexOf(0x0a, from)) {
      held.push(piece.subarray(from, end));
      const line = Buffer.concat(held).toString('utf8').trim();
      held = [];
      from = end + 1;
      if (line !== '') yield line;
    }
    if (from < piece.length) held.push(piece.subarray(from));
  }
  const line = Buffer.concat(held).toString('utf8').trim();
  if (line !== '') yield line;
}
