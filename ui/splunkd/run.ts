import SearchJob from '@splunk/search-job';
import type { JobMessage, JobResults, JobState, JobSubscription } from '@splunk/search-job';
import { getData } from '@splunk/splunk-utils/search';
import { APP, call } from './call.ts';
import type { Row } from './cells.ts';
import { SplunkFailure, withoutPrefix } from './failure.ts';
import { quickLook } from './quick-look.ts';
import { cancelAtSplunkd, running } from './under-way.ts';

export interface SearchResult {
  readonly sid: string;
  readonly rows: readonly Row[];
  readonly fields: readonly string[];
  /** What the search said besides its rows. */
  readonly messages: readonly JobMessage[];
}

export interface SearchOptions {
  readonly earliest?: string;
  readonly latest?: string;
  /** Ends the search; the promise then never settles. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (state: JobState['content']) => void;
}

/** No word from splunkd for so long, while it should report each second: then it is asked whether it is there at all. */
const SILENCE_MS = 12_000;

/** One search as a job of splunkd's. Apart from `runSearch`, which loads it when there is something to search for. */
export class Run {
  readonly #subscriptions: JobSubscription[] = [];
  readonly #resolve: (result: SearchResult) => void;
  readonly #reject: (reason: SplunkFailure) => void;
  #sid: string | undefined;
  #messages: readonly JobMessage[] = [];
  #ended = false;
  /** search-job knows that the job is done, and reads its results. */
  #seenDone = false;
  #silence: ReturnType<typeof setTimeout> | undefined;

  constructor(
    spl: string,
    options: SearchOptions,
    resolve: (result: SearchResult) => void,
    reject: (reason: SplunkFailure) => void,
  ) {
    this.#resolve = resolve;
    this.#reject = reject;
    if (options.signal?.aborted) return;
    options.signal?.addEventListener('abort', () => this.#abandon(), { once: true });
    const job = SearchJob.create(
      {
        search: spl,
        earliest_time: options.earliest ?? '-24h',
        latest_time: options.latest ?? 'now',
        // Should the page go before it learns the id: splunkd ends what nobody asks for.
        auto_cancel: 60,
        // Rows are read at once; a page that asks every few seconds should leave no hundreds of finished jobs behind.
        timeout: 60,
      },
      { app: APP, cancelOnUnload: false },
    );
    this.#listen();
    const failed = (error: unknown): void => void this.#explain(error as Error);
    this.#subscribe(job.getSid(), (sid: string) => this.#started(sid), failed);
    this.#subscribe(
      job.getProgress(),
      ({ content }: JobState) => {
        this.#listen();
        this.#messages = content.messages ?? [];
        this.#seenDone ||= content.isDone || content.isFinalized;
        if (content.isFailed) this.#failed();
        else options.onProgress?.(content);
      },
      failed,
    );
    this.#subscribe(
      job.getResults({ count: 0 }),
      (results: JobResults | null) => this.#done(results),
      failed,
    );
  }

  #subscribe<T>(
    stream: { subscribe(o: { next: (v: T) => void; error: (r: unknown) => void }): JobSubscription },
    next: (value: T) => void,
    error: (reason: unknown) => void,
  ): void {
    const subscription = stream.subscribe({
      next: (value) => !this.#ended && next(value),
      error: (reason) => !this.#ended && error(reason),
    });
    if (this.#ended) subscription.unsubscribe();
    else this.#subscriptions.push(subscription);
  }

  #started(sid: string): void {
    this.#sid = sid;
    running.add(sid);
    void this.#hurry(sid);
  }

  /** Takes the results as soon as there are any, where search-job would look again a second later. */
  async #hurry(sid: string): Promise<void> {
    const content = await quickLook(sid, () => this.#ended || this.#seenDone);
    if (!content || this.#ended || this.#seenDone) return;
    this.#messages = content.messages ?? [];
    if (content.isFailed) return this.#failed();
    for (const subscription of this.#subscriptions) subscription.unsubscribe();
    try {
      const results = (await getData(sid, 'results', { count: 0 })) as JobResults | null;
      if (!this.#ended) this.#done(results);
    } catch (error) {
      if (!this.#ended) await this.#explain(error as Error);
    }
  }

  #listen(): void {
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => void this.#askWhetherThere(), SILENCE_MS);
  }

  /** The job's own polling swallows every error, so that a search head that went away would look like a long search. */
  async #askWhetherThere(): Promise<void> {
    try {
      await call('authentication/current-context');
      if (!this.#ended) this.#listen();
    } catch (error) {
      if (!this.#ended) this.#fail(error as SplunkFailure);
    }
  }

  #end(): void {
    this.#ended = true;
    clearTimeout(this.#silence);
    if (this.#sid !== undefined) running.delete(this.#sid);
    for (const subscription of this.#subscriptions) subscription.unsubscribe();
  }

  #abandon(): void {
    if (this.#ended) return;
    const sid = this.#sid;
    this.#end();
    if (sid !== undefined) cancelAtSplunkd(sid);
  }

  #done(results: JobResults | null): void {
    const sid = this.#sid ?? '';
    const messages = [...this.#messages, ...(results?.messages ?? [])];
    this.#end();
    this.#resolve({
      sid,
      rows: results?.results ?? [],
      fields: results?.fields?.map((field) => field.name) ?? [],
      messages: messages.filter((message, at) => messages.findIndex((m) => m.text === message.text) === at),
    });
  }

  #failed(): void {
    const bad = this.#messages.filter(
      ({ type }) => type.toUpperCase() === 'FATAL' || type.toUpperCase() === 'ERROR',
    );
    const texts = new Set((bad.length > 0 ? bad : this.#messages).map(({ text }) => withoutPrefix(text)));
    this.#fail(new SplunkFailure('search', [...texts].join(' '), { sid: this.#sid }));
  }

  #fail(failure: SplunkFailure): void {
    this.#end();
    this.#reject(failure);
  }

  /** search-job turns every broken reply into an Error of its own making; one call of our own tells which it was. */
  async #explain(error: Error): Promise<void> {
    try {
      await call('authentication/current-context');
    } catch (reason) {
      if (!this.#ended) this.#fail(reason as SplunkFailure);
      return;
    }
    if (!this.#ended)
      this.#fail(new SplunkFailure('search', withoutPrefix(error.message), { sid: this.#sid }));
  }
}
