/**
 * Reads what a search finds, of any size, in one of two ways. Events that each stand for themselves are exported: nothing bounds
 * their number. Anything else (statistics, `| mstats`, `| inputlookup`, `head`, `dedup`, `sort`) is run as a job, whose results can
 * be asked for again. Splunk's own parser says which it is.
 */
import { typedRow } from './cells.ts';
import type { Row } from './cells.ts';
import { SplunkAnswerError, wordsOf } from './client.ts';
import type { SplunkClient, SplunkMessage } from './client.ts';
import { NoAddressError, exportEvents } from './export-events.ts';
import { searchResults } from './job-results.ts';
import { Patience } from './patience.ts';
import { searchFailed } from './query.ts';
import type { Page, Query } from './query.ts';

export interface RowPage {
  readonly rows: readonly Row[];
  /** What Splunk said meanwhile that did not end the search. */
  readonly messages: readonly SplunkMessage[];
}

/**
 * The rows of a search, in Splunk's order.
 * @throws KeplerError splunk_failed with Splunk's own words; splunk_refused, splunk_unreachable, cancelled
 */
export async function* getData(
  client: SplunkClient,
  query: Query,
  signal?: AbortSignal,
): AsyncGenerator<RowPage> {
  if (await isOfEvents(client, query, signal)) {
    try {
      yield* typed(exportEvents(client, query, signal), query);
      return;
    } catch (error) {
      // Thrown before the first page.
      if (!(error instanceof NoAddressError)) throw error;
    }
  }
  yield* typed(searchResults(client, query, signal), query);
}

/** Results with types; without the addresses of events where the search does not ask for them. */
export async function* typed(
  pages: AsyncIterable<Page>,
  { types, fields }: Pick<Query, 'types' | 'fields'>,
): AsyncGenerator<RowPage> {
  const wanted = fields && new Set(fields);
  for await (const { results, messages } of pages) {
    const rows = results.map((result) => {
      if (!wanted) return typedRow(result, types);
      return typedRow(Object.fromEntries(Object.entries(result).filter(([name]) => wanted.has(name))), types);
    });
    yield { rows, messages };
  }
}

/** Of what `search/v2/parser` answers. */
interface Parsed {
  readonly commands?: readonly { readonly command?: string; readonly streamType?: string }[];
}

/** Whether each command makes of each event what it makes, whatever the other events are: Splunk's parser tells. */
async function isOfEvents(client: SplunkClient, query: Query, signal?: AbortSignal): Promise<boolean> {
  const { namespace, spl } = query;
  const form = { q: spl, parse_only: 'true' };
  const patience = new Patience(signal);
  for (;;) {
    try {
      const { status, text } = await client.call('POST', '/search/v2/parser', { namespace, form, signal });
      // A role may keep the parser from a user: as a job any search can be read.
      if (status === 404 || status === 403) return false;
      if (status === 400) throw searchFailed(spl, [{ type: 'FATAL', text: wordsOf(text) }]);
      if (status !== 200) throw new SplunkAnswerError('read the search', status, wordsOf(text));
      const { commands = [] } = JSON.parse(text) as Parsed;
      return (
        commands[0]?.command === 'search' && commands.every(({ streamType }) => streamType === 'SP_STREAM')
      );
    } catch (error) {
      await patience.after(error);
    }
  }
}
