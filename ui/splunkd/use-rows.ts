import { useCallback, useEffect, useState } from 'react';
import type { JobMessage } from '@splunk/search-job';
import { doneAhead, takeAhead } from './ahead.ts';
import type { Row } from './cells.ts';
import type { SplunkFailure } from './failure.ts';
import { runSearch, type SearchOptions, type SearchResult } from './search.ts';

/**
 * `loading`: nothing yet · `ready`: rows of `updatedAt` · `failed`: no rows, `error` says why ·
 * `stale`: rows of `updatedAt` stay, `error` says why there are no newer ones.
 * After a failure the search is tried again every 10 s, so that a page left open recovers by itself.
 */
export interface Rows {
  readonly state: 'loading' | 'ready' | 'failed' | 'stale';
  readonly rows: readonly Row[];
  readonly fields: readonly string[];
  readonly messages: readonly JobMessage[];
  readonly error: SplunkFailure | undefined;
  /** Seconds since 1970 of the last answer with rows. */
  readonly updatedAt: number | undefined;
  /** True while a search is under way, also behind rows that stand. */
  readonly busy: boolean;
  readonly reload: () => void;
}

export interface RowsOptions {
  /** Searches again so long after an answer, while the page is in sight. Without, once. */
  readonly refreshSeconds?: number;
  readonly earliest?: string;
  readonly latest?: string;
}

export const RETRY_SECONDS = 10;

type Held = Omit<Rows, 'busy' | 'reload'> & { readonly spl: string | null };

const empty = (spl: string | null): Held => ({
  spl,
  state: 'loading',
  rows: [],
  fields: [],
  messages: [],
  error: undefined,
  updatedAt: undefined,
});

const ready = (spl: string, { rows, fields, messages }: SearchResult): Held => ({
  spl,
  state: 'ready',
  rows,
  fields,
  messages,
  error: undefined,
  updatedAt: Date.now() / 1000,
});

/** What is known when the page is drawn first: the rows of a search that was begun while it was being loaded, with luck. */
function atFirst(spl: string | null): Held {
  const done = spl === null ? undefined : doneAhead(spl);
  return done ? ready(spl!, done) : empty(spl);
}

/** The search that was begun while the page was being loaded, else a new one. */
function begunOrNew(
  spl: string,
  signal: AbortSignal,
  range: Pick<SearchOptions, 'earliest' | 'latest'>,
): Promise<SearchResult> {
  const ahead = Object.keys(range).length === 0 ? takeAhead(spl) : undefined;
  if (!ahead) return runSearch(spl, { signal, ...range });
  signal.addEventListener('abort', ahead.abandon, { once: true });
  return ahead.result;
}

/** Runs `spl` (null: nothing yet) and keeps its rows. Its search is cancelled when the component goes or `spl` changes. */
export function useRows(spl: string | null, options: RowsOptions = {}): Rows {
  const { refreshSeconds, earliest, latest } = options;
  const [held, setHeld] = useState<Held>(() => atFirst(spl));
  const [busy, setBusy] = useState(spl !== null);
  const [round, setRound] = useState(0);
  const reload = useCallback(() => setRound((n) => n + 1), []);

  useEffect(() => {
    if (spl === null) return undefined;
    const abort = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    let due = false;
    const again = (seconds: number | undefined): void => {
      if (seconds === undefined) return;
      timer = setTimeout(() => {
        // A page that nobody sees asks nothing; it does when it is seen again.
        if (document.hidden) due = true;
        else search();
      }, seconds * 1000);
    };
    const search = (): void => {
      due = false;
      setBusy(true);
      const mine = new AbortController();
      abort.signal.addEventListener('abort', () => mine.abort(), { once: true });
      begunOrNew(spl, mine.signal, {
        ...(earliest !== undefined && { earliest }),
        ...(latest !== undefined && { latest }),
      }).then(
        (result) => {
          setBusy(false);
          // Rows that were there when the page was drawn are not drawn again.
          setHeld((was) => (was.rows === result.rows ? was : ready(spl, result)));
          again(refreshSeconds);
        },
        (error: SplunkFailure) => {
          setBusy(false);
          setHeld((was) =>
            was.spl === spl && was.updatedAt !== undefined
              ? { ...was, state: 'stale', error }
              : { ...empty(spl), state: 'failed', error },
          );
          again(RETRY_SECONDS);
        },
      );
    };
    const seen = (): void => {
      if (!document.hidden && due) search();
    };
    // Back to a page that the browser kept: its searches were cancelled when it went.
    const shown = (event: PageTransitionEvent): void => {
      if (event.persisted) reload();
    };
    document.addEventListener('visibilitychange', seen);
    window.addEventListener('pageshow', shown);
    search();
    return () => {
      abort.abort();
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', seen);
      window.removeEventListener('pageshow', shown);
    };
  }, [spl, earliest, latest, refreshSeconds, round, reload]);

  const { state, rows, fields, messages, error, updatedAt } = held.spl === spl ? held : empty(spl);
  return { state, rows, fields, messages, error, updatedAt, busy, reload };
}
