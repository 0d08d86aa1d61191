import { DatasetStore } from '../registry/datasets/dataset-store.ts';
import type { Log } from './log.ts';
import type { ServerSettings } from './settings.ts';

/** Nobody sees what has expired; how soon its bytes go is not urgent. */
const EVERY_MS = 3600_000;

/** The runtime's data sets; those that have expired are removed now, and every hour. */
export function keepDatasets(
  { jobs }: ServerSettings,
  log: Log,
): { readonly store: DatasetStore; stop(): Promise<void> } {
  const store = new DatasetStore(jobs.datasetFolder);
  let last: Promise<void> = Promise.resolve();
  const expire = () => {
    last = last
      .then(() => store.expire())
      .then((expired) => {
        if (expired > 0) log.info({ expired }, 'data sets expired');
      })
      // Tried again in an hour.
      .catch((error: unknown) => log.error({ err: error }, 'expired data sets cannot be removed'));
  };
  expire();
  const timer = setInterval(expire, EVERY_MS).unref();
  return {
    store,
    stop() {
      clearInterval(timer);
      return last;
    },
  };
}
