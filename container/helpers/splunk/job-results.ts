/**
 * Results of a search job, page by page. Splunk keeps them until the job is removed, and a page is asked for by the place where it
 * begins: after a broken connection the same page is asked for again, so no row comes twice and none is lost, whatever the search
 * does. Splunk keeps at most `max_count` of them, and they count towards the user's disk quota.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { KeplerError } from '../../contract/errors.ts';
import { SplunkAnswerError, SplunkConnectionError, messagesIn } from './client.ts';
import type { Namespace, SplunkClient, SplunkMessage } from './client.ts';
import { Patience } from './patience.ts';
import { searchFailed } from './query.ts';
import type { Page, Query } from './query.ts';

const PAGE_ROWS = 10_000;
/** How often a search that runs is asked whether it is done. */
const FIRST_POLL_MS = 50;
const LONGEST_POLL_MS = 2000;
/** Seconds that Splunk keeps the results when nobody asks for them: a runtime that was killed removes none. */
const KEPT_SECONDS = 600;

interface JobContent {
  readonly isDone?: boolean | string;
  readonly isFailed?: boolean | string;
  readonly dispatchState?: string;
  readonly resultCount?: number | string;
  readonly eventCount?: number | string;
}

/** Starts a search and gives its results. */
export async function* searchResults(
  client: SplunkClient,
  query: Query,
  signal?: AbortSignal,
): AsyncGenerator<Page> {
  const sid = await startJob(client, query, signal);
  yield* resultsOf(client, sid, query, signal);
}

/** A search under an id of our own, so that an answer which got lost does not start it twice. */
async function startJob(client: SplunkClient, query: Query, signal?: AbortSignal): Promise<string> {
  const id = `kepler_${randomUUID().replaceAll('-', '')}`;
  const patience = new Patience(signal);
  for (let first = true; ; first = false) {
    try {
      const { sid } = await client.ask<{ sid?: string }>('run the search', 'POST', pathOf(), {
        namespace: query.namespace,
        signal,
        form: {
          id,
          search: query.spl,
          earliest_time: query.earliest,
          latest_time: query.latest,
          now: query.now,
          exec_mode: 'normal',
          max_count: query.maxRows,
          timeout: KEPT_SECONDS,
        },
      });
      return sid ?? id;
    } catch (error) {
      const there = error instanceof SplunkAnswerError && !first && [400, 409].includes(error.httpStatus);
      if (there && (await exists(client, id, query.namespace))) return id;
      await patience.after(error);
    }
  }
}

async function exists(client: SplunkClient, sid: string, namespace?: Namespace): Promise<boolean> {
  return (await client.call('GET', pathOf(sid), { namespace })).status === 200;
}

/** What is read of a job, and what of it goes into messages. */
export interface Reading {
  readonly spl: string;
  readonly namespace?: Namespace;
  readonly maxRows: number;
}

/** The results of a job that was started; the job is removed at the end, in whatever way that comes. */
export async function* resultsOf(
  client: SplunkClient,
  sid: string,
  reading: Reading,
  signal?: AbortSignal,
): AsyncGenerator<Page> {
  const { namespace } = reading;
  const path = pathOf(sid);
  try {
    const { rows, messages } = await ended(client, path, reading, signal);
    if (messages.length > 0) yield { results: [], messages };
    const patience = new Patience(signal);
    for (let offset = 0; offset < rows;) {
      try {
        const form = { offset, count: PAGE_ROWS };
        const { results = [] } = await client.ask<{ results?: Page['results'] }>(
          'give the results of the search',
          'GET',
          `${path}/results`,
          { namespace, form, signal },
        );
        if (results.length === 0) {
          throw new KeplerError(
            'splunk_failed',
            `Splunk has ${rows} results of the search, but gave none from the ${offset + 1}th on. Run it again.`,
          );
        }
        offset += results.length;
        patience.progress();
        yield { results, messages: [] };
      } catch (error) {
        await patience.after(error);
      }
    }
  } finally {
    await remove(client, path, namespace);
  }
}

/** Waits for the job's end. */
async function ended(
  client: SplunkClient,
  path: string,
  { spl, namespace, maxRows }: Reading,
  signal?: AbortSignal,
): Promise<{ rows: number; messages: SplunkMessage[] }> {
  const patience = new Patience(signal);
  for (let wait = FIRST_POLL_MS; ; wait = Math.min(wait * 1.5, LONGEST_POLL_MS)) {
    try {
      const { entry } = await client.ask<{ entry?: { content?: JobContent }[] }>(
        'tell how the search is',
        'GET',
        path,
        {
          namespace,
          signal,
        },
      );
      patience.progress();
      const content = entry?.[0]?.content ?? {};
      const messages = messagesIn(content);
      if (isTrue(content.isFailed) || content.dispatchState === 'FAILED') throw searchFailed(spl, messages);
      if (isTrue(content.isDone)) {
        const rows = Number(content.resultCount ?? 0);
        return { rows, messages: [...messages, ...cutShort(rows, maxRows)] };
      }
    } catch (error) {
      await patience.after(error);
    }
    try {
      await sleep(wait, undefined, { signal });
    } catch {
      throw new KeplerError('cancelled', 'The search was cancelled.');
    }
  }
}

function cutShort(rows: number, maxRows: number): SplunkMessage[] {
  if (rows < maxRows) return [];
  return [
    {
      type: 'WARN',
      text: `The search was cut at ${rows} results. Raise maxRows, or max_count in Splunk's limits.conf, or let the search give fewer.`,
    },
  ];
}

async function remove(client: SplunkClient, path: string, namespace?: Namespace): Promise<void> {
  try {
    await client.call('DELETE', path, { namespace });
  } catch (error) {
    // Splunk removes it by itself after a while.
    if (!(error instanceof SplunkConnectionError)) throw error;
  }
}

function isTrue(value: unknown): boolean {
  return value === true || value === '1' || value === 1 || value === 'true';
}

function pathOf(sid?: string): string {
  return `/search/v2/jobs${sid === undefined ? '' : `/${encodeURIComponent(sid)}`}`;
}
