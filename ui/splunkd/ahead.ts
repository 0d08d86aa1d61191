import { APP, call } from './call.ts';
import type { Row } from './cells.ts';
import { runSearch, type SearchResult } from './search.ts';
import { cancelAtSplunkd, running } from './under-way.ts';

/** A search that takes longer is run as a job, of which splunkd tells how it goes. */
const QUICK_MS = 10_000;

interface Ahead {
  readonly result: Promise<SearchResult>;
  /** What it resolved to, once it has. */
  done: SearchResult | undefined;
  readonly abandon: () => void;
}

const begun = new Map<string, Ahead>();

/** Begins a search whose rows a page will ask for, while the page itself is still being loaded. */
export function searchAhead(spl: string): void {
  const abort = new AbortController();
  const { signal } = abort;
  const ahead: Ahead = {
    result: inOneCall(spl, signal).then((found) => found ?? runSearch(spl, { signal })),
    done: undefined,
    abandon: () => abort.abort(),
  };
  ahead.result.then(
    (result) => (ahead.done = result),
    // Whoever takes it hears of a failure.
    () => undefined,
  );
  begun.set(spl, ahead);
}

/** The rows of the search that was begun ahead with these words, if they are there already. */
export const doneAhead = (spl: string): SearchResult | undefined => begun.get(spl)?.done;

/** The search that was begun ahead with these words, for the first who asks; undefined where there is none. */
export function takeAhead(spl: string): Ahead | undefined {
  const ahead = begun.get(spl);
  begun.delete(spl);
  return ahead;
}

interface OneShot {
  readonly results?: readonly Row[];
  readonly fields?: readonly { readonly name: string }[];
  readonly messages?: SearchResult['messages'];
}

/**
 * The rows in the answer to the one call that starts the search: no job is asked for and looked at, nothing of what runs jobs is
 * loaded. Undefined where it takes long or anything is wrong with it: the job that is run then says what.
 */
async function inOneCall(spl: string, signal: AbortSignal): Promise<SearchResult | undefined> {
  const sid = `kepler_${Date.now()}_${Math.random().toString(36).slice(2)}`;
  const abort = new AbortController();
  const end = (): void => abort.abort();
  signal.addEventListener('abort', end, { once: true });
  const patience = setTimeout(end, QUICK_MS);
  running.add(sid);
  try {
    const {
      results,
      fields,
      messages = [],
    } = await call<OneShot>('search/jobs', {
      method: 'POST',
      namespace: { app: APP },
      parameters: {
        search: spl,
        id: sid,
        exec_mode: 'oneshot',
        count: 0,
        earliest_time: '-24h',
        latest_time: 'now',
        auto_cancel: 60,
        timeout: 60,
      },
      signal: abort.signal,
    });
    if (!results || messages.some(({ type }) => /^(fatal|error)$/i.test(type))) return undefined;
    return { sid, rows: results, fields: fields?.map(({ name }) => name) ?? [], messages };
  } catch {
    if (abort.signal.aborted) cancelAtSplunkd(sid);
    return undefined;
  } finally {
    clearTimeout(patience);
    signal.removeEventListener('abort', end);
    running.delete(sid);
  }
}
