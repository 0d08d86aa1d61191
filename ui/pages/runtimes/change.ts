import { keplerctlSearch, keplerSearch, runOnce, type SearchResult } from '../../splunkd/index.ts';

export type RuntimeVerb = 'start' | 'stop' | 'restart' | 'remove';

export interface StartOptions {
  readonly image?: string;
  readonly mode?: string;
  /** Cores. */
  readonly cpu?: number;
  /** Gigabytes of 1,024³ bytes. */
  readonly memoryGb?: number;
}

/** Runs a verb on a runtime. Rejects with the SplunkFailure of the search. */
export function changeRuntime(
  verb: RuntimeVerb,
  name: string,
  options: StartOptions & { force?: boolean } = {},
): Promise<SearchResult> {
  const { memoryGb, cpu, ...rest } = options;
  return runOnce(
    keplerctlSearch(`runtime ${verb}`, name, {
      ...rest,
      cpu: cpu === undefined ? undefined : String(cpu),
      memory: memoryGb === undefined ? undefined : `${Math.round(memoryGb * 1024)}m`,
    }),
  );
}

/** The runtime that search commands use needs no naming. */
const named = (runtime: string): { runtime?: string } => (runtime === 'main' ? {} : { runtime });

export const jobsSearch = (runtime: string): string => keplerSearch('jobs', undefined, named(runtime));

export const cancelJob = (job: string, runtime: string): Promise<SearchResult> =>
  runOnce(keplerctlSearch('cancel', job, named(runtime)));
