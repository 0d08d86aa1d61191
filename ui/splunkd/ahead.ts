import { runSearch, type SearchResult } from './search.ts';

interface Ahead {
  readonly result: Promise<SearchResult>;
  readonly abandon: () => void;
}

const begun = new Map<string, Ahead>();

/** Begins a search whose rows a page will ask for, while the page itself is still being loaded. */
export function searchAhead(spl: string): void {
  const abort = new AbortController();
  const result = runSearch(spl, { signal: abort.signal });
  // Whoever takes it hears of a failure.
  result.catch(() => undefined);
  begun.set(spl, { result, abandon: () => abort.abort() });
}

/** The search that was begun ahead with these words, for the first who asks; undefined where there is none. */
export function takeAhead(spl: string): Ahead | undefined {
  const ahead = begun.get(spl);
  begun.delete(spl);
  return ahead;
}
