/** Rows into Splunk: a KV store collection, or a file lookup. (An index is written by HEC: `index-writer.ts`.) */
import { randomUUID } from 'node:crypto';
import { KeplerError } from '../../contract/errors.ts';
import type { Namespace, SplunkClient } from './client.ts';
import { SplunkAnswerError } from './client.ts';
import { searchResults } from './job-results.ts';
import { Patience } from './patience.ts';
import { queryOf } from './query.ts';

/** A row to write. */
export type OutRow = Readonly<Record<string, unknown>>;

/** `max_documents_per_batch_save` of limits.conf. */
const MOST_DOCUMENTS = 1000;
/** `max_size_per_batch_save_mb` is 50. */
const BATCH_BYTES = 8 * 1024 * 1024;
/** Letters of rows in one search that writes a lookup. */
const SEARCH_LETTERS = 200_000;

/**
 * Saves rows as documents of a collection. One whose `_key` is there already takes its place; without a `_key` each is new.
 * A batch whose answer got lost is sent again: so that it makes no document twice, each gets its key here.
 * @returns how many were saved
 * @throws KeplerError splunk_failed naming the collection, with Splunk's words
 */
export async function saveToCollection(
  client: SplunkClient,
  namespace: Namespace,
  collection: string,
  rows: readonly OutRow[],
  signal?: AbortSignal,
): Promise<number> {
  const documents = rows.map((row) => ({ _key: randomUUID().replaceAll('-', ''), ...row }));
  const path = `/storage/collections/data/${encodeURIComponent(collection)}/batch_save`;
  let saved = 0;
  for (const batch of batches(documents)) {
    const patience = new Patience(signal);
    for (let done = false; !done;) {
      try {
        await client.ask(
          `save into the collection "${collection}" of the app ${namespace.app}`,
          'POST',
          path,
          {
            namespace: { owner: 'nobody', app: namespace.app },
            json: batch,
            signal,
          },
        );
        done = true;
      } catch (error) {
        if (error instanceof SplunkAnswerError && saved > 0) throw partly(error, saved, rows.length);
        await patience.after(error);
      }
    }
    saved += batch.length;
  }
  return saved;
}

function partly(error: SplunkAnswerError, saved: number, all: number): KeplerError {
  return new KeplerError(error.code, `${error.message} ${saved} of ${all} rows were saved before.`, {
    cause: error,
  });
}

function* batches(documents: readonly OutRow[]): Generator<readonly OutRow[]> {
  let batch: OutRow[] = [];
  let bytes = 0;
  for (const document of documents) {
    const size = JSON.stringify(document).length;
    if (batch.length > 0 && (batch.length === MOST_DOCUMENTS || bytes + size > BATCH_BYTES)) {
      yield batch;
      [batch, bytes] = [[], 0];
    }
    batch.push(document);
    bytes += size;
  }
  if (batch.length > 0) yield batch;
}

/**
 * Writes rows as a file lookup, in place of what it held. splunkd takes no file by REST (`data/lookup-table-files` wants one that
 * lies on its own disk), so searches write it: `| makeresults format=json … | outputlookup`. Many rows go into another lookup
 * first, which takes the name at the end, so that nobody reads half of them.
 * @returns how many were written
 */
export async function writeLookup(
  client: SplunkClient,
  namespace: Namespace,
  lookup: string,
  rows: readonly OutRow[],
  signal?: AbortSignal,
): Promise<number> {
  if (!/^[\w.-]{1,100}$/.test(lookup) || lookup.startsWith('.')) {
    throw new KeplerError(
      'invalid_arguments',
      `sendResults: ${JSON.stringify(lookup)} is no lookup's name; letters, digits, ".", "_" and "-" are allowed.`,
    );
  }
  const fields = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  if (rows.length === 0 || fields.length === 0) {
    throw new KeplerError(
      'invalid_arguments',
      `sendResults: there are no rows to write into the lookup "${lookup}".`,
    );
  }
  const file = lookup.includes('.') ? lookup : `${lookup}.csv`;
  const run = async (spl: string) => {
    for await (const page of searchResults(client, queryOf(spl, {}, namespace), signal)) void page;
  };
  const parts = [...searches(rows, fields)];
  const write = (data: string, into: string, append: boolean) =>
    run(
      `| makeresults format=json data="${data}" | table ${fields.map(quoted).join(' ')} | outputlookup ${append ? 'append=t ' : ''}${into}`,
    );
  if (parts.length === 1) {
    await write(parts[0], file, false);
    return rows.length;
  }
  const aside = `kepler_${randomUUID().replaceAll('-', '')}.csv`;
  try {
    for (const [i, data] of parts.entries()) await write(data, aside, i > 0);
    await run(`| inputlookup ${aside} | outputlookup ${file}`);
  } finally {
    await client.call('DELETE', `/data/lookup-table-files/${aside}`, { namespace });
  }
  return rows.length;
}

/** The rows as the texts of `data="…"`, each short enough for a search. */
function* searches(rows: readonly OutRow[], fields: readonly string[]): Generator<string> {
  let texts: string[] = [];
  let letters = 0;
  for (const row of rows) {
    // Each field in each row: the first decides on the columns.
    const cells = Object.fromEntries(fields.map((field) => [field, cellText(row[field])]));
    const text = inQuotes(JSON.stringify(cells));
    if (letters + text.length > SEARCH_LETTERS && texts.length > 0) {
      yield `[${texts.join(',')}]`;
      [texts, letters] = [[], 0];
    }
    texts.push(text);
    letters += text.length + 1;
  }
  if (texts.length > 0) yield `[${texts.join(',')}]`;
}

function cellText(value: unknown): string {
  if (value === null || value === undefined || (typeof value === 'number' && !Number.isFinite(value)))
    return '';
  if (Array.isArray(value)) return value.map(cellText).join('\n');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** What SPL would read for itself (macros, subsearches, pipes, tokens) is written as JSON's `\u…`; then SPL's own escapes. */
function inQuotes(json: string): string {
  return json
    .replace(/[`|[\]$]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .replace(/[\\"]/g, '\\$&');
}

function quoted(field: string): string {
  return `"${field.replace(/[\\"]/g, '\\$&')}"`;
}
