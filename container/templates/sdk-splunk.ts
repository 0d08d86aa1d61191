/** What a template calls of Splunk. It all runs in the runtime, in the name of who searches; the template never sees the session. */
import type { QueryOptions, Row } from '../helpers/splunk/index.ts';
import { host } from './node-host/door.ts';
import { log } from './sdk-log.ts';

export type { CellType, QueryOptions, Row } from '../helpers/splunk/index.ts';

/** Where rows go: an index (by HEC), a file lookup, or a KV store collection. */
export type SendTo =
  | {
      readonly index: string;
      readonly source?: string;
      readonly sourcetype?: string;
      readonly host?: string;
    }
  | { readonly lookup: string; readonly app?: string }
  | { readonly collection: string; readonly app?: string };

/** Rows: objects, or columns of the same length by name. */
export type SendRows =
  Iterable<Readonly<Record<string, unknown>>> | Readonly<Record<string, ArrayLike<unknown>>>;

export interface Finding {
  readonly subject: 'address' | 'certificate' | 'token' | 'capability' | 'index';
  readonly of: 'splunkd' | 'hec';
  readonly ok: boolean;
  readonly text: string;
}

/** Rows that travel to the runtime at a time. */
const SENT_AT_ONCE = 20_000;

/**
 * The rows of any search, as they come: numbers as numbers, `_time` as seconds since 1970, several values as a list.
 * @throws Error with Splunk's own words
 */
export function getData(spl: string, options: QueryOptions = {}): AsyncGenerator<Row> {
  return rowsOf('getData', { spl, options });
}

/** The rows of a saved search, run now; `args` are the values of its `$tokens$`. */
export function runSavedSearch(
  name: string,
  options: Pick<QueryOptions, 'earliest' | 'latest' | 'app' | 'fields' | 'types'> & {
    readonly args?: Readonly<Record<string, string | number>>;
  } = {},
): AsyncGenerator<Row> {
  return rowsOf('runSavedSearch', { name, options });
}

async function* rowsOf(method: string, args: Readonly<Record<string, unknown>>): AsyncGenerator<Row> {
  const { result } = await host().call('splunk', method, args);
  const { cursor } = result as { cursor: string };
  let open = true;
  try {
    for (;;) {
      const { result: read, body } = await host().call('splunk', 'read', { cursor });
      const { done, messages } = read as { done: boolean; messages: { type: string; text: string }[] };
      for (const { type, text } of messages) log[type === 'INFO' || type === 'DEBUG' ? 'info' : 'warn'](text);
      if (done) {
        open = false;
        return;
      }
      yield* JSON.parse(Buffer.from(body).toString('utf8')) as Row[];
    }
  } finally {
    if (open) await host().call('splunk', 'close', { cursor });
  }
}

/**
 * Writes rows into Splunk. Into an index they may wait on the runtime's disk while the collector is away (`queued`).
 * @throws Error with Splunk's own words
 */
export async function sendResults(
  rows: SendRows,
  to: SendTo,
): Promise<{ readonly written: number; readonly queued: number }> {
  const all = asRows(rows);
  // A lookup is written whole: its rows go together.
  const most = 'lookup' in to ? all.length : SENT_AT_ONCE;
  let [written, queued] = [0, 0];
  for (let at = 0; at < all.length; at += most) {
    const body = Buffer.from(JSON.stringify(all.slice(at, at + most)));
    const { result } = await host().call('splunk', 'sendResults', { to }, body);
    const done = result as { written: number; queued: number };
    written += done.written;
    queued += done.queued;
  }
  return { written, queued };
}

function asRows(rows: SendRows): readonly Readonly<Record<string, unknown>>[] {
  if (Symbol.iterator in rows) return [...rows];
  const columns = Object.entries(rows);
  const length = columns.reduce((most, [, values]) => Math.max(most, values.length), 0);
  return Array.from({ length }, (_, row) =>
    Object.fromEntries(columns.map(([name, values]) => [name, values[row]])),
  );
}

/** Which of address, certificate, token, capability or index is wrong; a finding each, the wrong ones with `ok: false`. */
export async function validateSplunkConfig(
  expected: { readonly capabilities?: readonly string[]; readonly indexes?: readonly string[] } = {},
): Promise<readonly Finding[]> {
  return (await host().call('splunk', 'validateSplunkConfig', expected)).result as readonly Finding[];
}

/** Makes a saved search that runs by cron's five fields, or changes the one of this name. */
export async function scheduleSavedSearch(
  name: string,
  options: {
    readonly search: string;
    readonly cron: string;
    readonly earliest?: string;
    readonly latest?: string;
    readonly description?: string;
    readonly app?: string;
  },
): Promise<void> {
  await host().call('splunk', 'scheduleSavedSearch', { name, options });
}
