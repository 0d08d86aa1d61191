import { add, count } from './histogram.ts';
import type { Histogram } from './histogram.ts';
import { countKey } from './run.ts';
import type { Run } from './run.ts';

export interface Bucket {
  searches: number;
  rows: number;
  errors: number;
  ms: Histogram;
}

const HOUR = 3600;
/** Hours of models that are kept: the oldest go first. About 200 bytes each. */
const MOST_BUCKETS = 200_000;

export function emptyBucket(): Bucket {
  return { searches: 0, rows: 0, errors: 0, ms: {} };
}

export function addTo(into: Bucket, bucket: Bucket): void {
  into.searches += bucket.searches;
  into.rows += bucket.rows;
  into.errors += bucket.errors;
  add(into.ms, bucket.ms);
}

/** Runs counted by hour and `countKey`: by model, fits apart from what applies it. Runs without a model stand under ''. */
export class Buckets {
  readonly #hours = new Map<number, Map<string, Bucket>>();
  #size = 0;

  count(run: Run): void {
    const bucket = this.#bucket(Math.floor(run.time / HOUR) * HOUR, countKey(run));
    bucket.searches++;
    bucket.rows += run.rows;
    if (run.status === 'error') bucket.errors++;
    count(bucket.ms, run.ms);
  }

  /** Every bucket that begins at `since` or later, oldest first; `which` chooses models. */
  *since(
    since: number,
    which: (key: string) => boolean,
  ): Generator<[time: number, key: string, bucket: Bucket]> {
    for (const hour of [...this.#hours.keys()].sort((a, b) => a - b)) {
      if (hour < since) continue;
      for (const [key, bucket] of this.#hours.get(hour) ?? []) if (which(key)) yield [hour, key, bucket];
    }
  }

  /** For a file: `[hour, model, searches, rows, errors, histogram]` each. */
  toJson(): unknown[] {
    return [...this.since(0, () => true)].map(([time, key, { searches, rows, errors, ms }]) => [
      time,
      key,
      searches,
      rows,
      errors,
      ms,
    ]);
  }

  /** What `toJson` gave; entries that cannot be read are passed over. */
  load(json: readonly unknown[]): void {
    for (const entry of json) {
      if (!Array.isArray(entry)) continue;
      const [time, key, searches, rows, errors, ms] = entry as unknown[];
      const numbers = [time, searches, rows, errors].every((value) => Number.isFinite(value));
      if (!numbers || typeof key !== 'string' || typeof ms !== 'object' || ms === null) continue;
      addTo(this.#bucket(time as number, key), { searches, rows, errors, ms } as Bucket);
    }
  }

  #bucket(hour: number, key: string): Bucket {
    let models = this.#hours.get(hour);
    if (!models) this.#hours.set(hour, (models = new Map<string, Bucket>()));
    let bucket = models.get(key);
    if (!bucket) {
      models.set(key, (bucket = emptyBucket()));
      if (++this.#size > MOST_BUCKETS) this.#dropOldest(hour);
    }
    return bucket;
  }

  #dropOldest(now: number): void {
    const oldest = Math.min(...this.#hours.keys());
    if (oldest === now) return;
    this.#size -= this.#hours.get(oldest)?.size ?? 0;
    this.#hours.delete(oldest);
  }
}
