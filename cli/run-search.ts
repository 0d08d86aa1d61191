import type { SearchOptions } from '../sandbox/search/open.ts';
import { openSearch } from '../sandbox/search/open.ts';
import { Job } from '../sandbox/search/job.ts';
import type { Message } from '../sandbox/search/job.ts';
import { SplError } from '../sandbox/spl/pipeline.ts';
import type { Batch } from '../sandbox/table/batch.ts';
import type { Results } from './results.ts';
import { fieldsOf } from './results.ts';

export interface Outcome extends Results {
  readonly failed: boolean;
  readonly milliseconds: number;
}

/**
 * Runs one search to its end. A search that failed is an outcome with an ERROR message.
 * @param onJob Given the job before it runs, so that it can be cancelled.
 */
export async function runSearch(
  head: { readonly splunkHome: string; readonly splunkd: string },
  options: SearchOptions,
  onJob: (job: Job) => void = () => undefined,
): Promise<Outcome> {
  const started = Date.now();
  const batches: Batch[] = [];
  let opened: Awaited<ReturnType<typeof openSearch>>;
  try {
    opened = await openSearch(head, options);
  } catch (error) {
    if (!(error instanceof SplError)) throw error;
    return failure([{ type: 'ERROR', text: error.message }], started);
  }
  const { job, close } = opened;
  onJob(job);
  try {
    for await (const batch of job.run()) batches.push(batch);
    return {
      fields: fieldsOf(batches),
      batches,
      messages: job.messages,
      failed: false,
      milliseconds: Date.now() - started,
    };
  } catch (error) {
    const message: Message = { type: 'ERROR', text: Job.failureText(error) };
    options.onMessage?.(message);
    return failure([...job.messages, message], started);
  } finally {
    await close();
  }
}

function failure(messages: readonly Message[], started: number): Outcome {
  return { fields: [], batches: [], messages, failed: true, milliseconds: Date.now() - started };
}
