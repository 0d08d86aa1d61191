import { SplunkFailure } from './failure.ts';
import type { Run, SearchOptions, SearchResult } from './run.ts';

export type { SearchOptions, SearchResult } from './run.ts';

/** Loads what runs searches. @throws SplunkFailure where Splunk does not hand it out */
export async function loadRun(): Promise<typeof Run> {
  try {
    return (await import('./run.ts')).Run;
  } catch (error) {
    throw new SplunkFailure('unreachable', String((error as Error).message));
  }
}

/**
 * Runs a search and resolves to its rows. A job that failed, a session that ended and a search head that is away all reject
 * with a SplunkFailure of their kind.
 */
export async function runSearch(spl: string, options: SearchOptions = {}): Promise<SearchResult> {
  const Loaded = await loadRun();
  return new Promise((resolve, reject) => new Loaded(spl, options, resolve, reject));
}
