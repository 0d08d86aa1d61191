import type { JobState } from '@splunk/search-job';
import { call } from './call.ts';

/**
 * Pauses between looks at a job that has just begun. search-job looks after a tenth of a second and then each second, which makes
 * a search of 200 ms last 1,100; what is not done after these may as well wait for it.
 */
export const PAUSES_MS: readonly number[] = [40, 40, 50, 50, 60, 80, 100, 150, 200, 300, 400, 500];

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Looks at a job until it has ended: resolves to its state; to undefined where it takes longer than that, where splunkd does not
 * say (search-job asks again and tells why), or once `given up` says so.
 */
export async function quickLook(
  sid: string,
  givenUp: () => boolean,
  pause = sleep,
): Promise<JobState['content'] | undefined> {
  for (const ms of PAUSES_MS) {
    await pause(ms);
    if (givenUp()) return undefined;
    let entry: readonly { readonly content: JobState['content'] }[];
    try {
      ({ entry } = await call<{ entry: typeof entry }>('search/jobs', { parameters: { id: sid } }));
    } catch {
      return undefined;
    }
    const content = entry.at(0)?.content;
    if (!content || givenUp()) return undefined;
    if (content.isDone || content.isFinalized || content.isFailed) return content;
  }
  return undefined;
}
