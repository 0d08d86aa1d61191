import type { Batch } from '../table/batch.ts';
import type { Message } from './job.ts';
import { Job, SearchCancelled } from './job.ts';

/** Rows that a search keeps; what comes beyond is counted and dropped, as splunkd does at `max_count`. */
const MOST_ROWS = 500_000;

export type DispatchState = 'RUNNING' | 'PAUSED' | 'FINALIZING' | 'FAILED' | 'DONE';

export interface Dispatched {
  readonly sid: string;
  readonly user: string;
  readonly app: string;
  /** The parameters that the search was created with. */
  readonly request: Readonly<Record<string, string>>;
}

/** A search that runs by itself: its rows are kept, so that it can be asked for again and again. */
export class DispatchedSearch {
  readonly published = new Date();
  readonly batches: Batch[] = [];
  rows = 0;
  private kept = 0;
  private state_: DispatchState = 'RUNNING';
  private failure: Message | undefined;
  private ended: number | undefined;
  private finalized = false;
  /** While the search is paused: what lets it go on. */
  private paused: { readonly over: Promise<void>; readonly goOn: () => void } | undefined;
  /** Resolves when the search has ended, however it did. */
  readonly whenDone: Promise<void>;

  constructor(
    readonly about: Dispatched,
    private readonly job: Job,
    close: () => void,
    /** `max_count` of the search. */
    private readonly most = MOST_ROWS,
  ) {
    this.whenDone = this.run().finally(() => {
      this.ended = Date.now();
      close();
    });
  }

  get state(): DispatchState {
    return this.state_;
  }

  /** The results that can be asked for. */
  get keptRows(): number {
    return this.kept;
  }

  get isDone(): boolean {
    return this.state_ === 'DONE' || this.state_ === 'FAILED';
  }

  get isFailed(): boolean {
    return this.state_ === 'FAILED';
  }

  get isFinalized(): boolean {
    return this.finalized;
  }

  get seconds(): number {
    return ((this.ended ?? Date.now()) - this.published.getTime()) / 1000;
  }

  /** What the search said; what ended it comes first, as FATAL. */
  get messages(): { type: string; text: string }[] {
    const said = this.job.messages.map(({ type, text }) => ({ type: type as string, text }));
    return this.failure ? [{ type: 'FATAL', text: this.failure.text }, ...said] : said;
  }

  pause(): void {
    if (this.isDone) return;
    this.state_ = 'PAUSED';
    let goOn = () => undefined as void;
    this.paused ??= { over: new Promise<void>((resolve) => (goOn = resolve)), goOn: () => goOn() };
  }

  unpause(): void {
    if (this.state_ === 'PAUSED') this.state_ = 'RUNNING';
    this.paused?.goOn();
    this.paused = undefined;
  }

  /** Ends the search; what it has found so far are its results. */
  async finalize(): Promise<void> {
    if (this.isDone) return;
    this.finalized = true;
    this.unpause();
    this.state_ = 'FINALIZING';
    await this.job.cancel();
    await this.whenDone;
  }

  async cancel(): Promise<void> {
    this.unpause();
    await this.job.cancel();
    await this.whenDone;
    this.batches.length = 0;
  }

  private async run(): Promise<void> {
    try {
      for await (const batch of this.job.run()) {
        this.keep(batch);
        await this.paused?.over;
      }
      this.state_ = 'DONE';
    } catch (error) {
      if (this.finalized && error instanceof SearchCancelled) {
        this.state_ = 'DONE';
        return;
      }
      this.failure = { type: 'ERROR', text: Job.failureText(error) };
      this.state_ = 'FAILED';
    }
  }

  private keep(batch: Batch): void {
    this.rows += batch.rows;
    const part = batch.slice(0, this.most - this.kept);
    if (part.rows === 0 && this.batches.length > 0) return;
    this.kept += part.rows;
    this.batches.push(part);
  }
}
