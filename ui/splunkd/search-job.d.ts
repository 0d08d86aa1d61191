/** What the pages use of @splunk/search-job, which ships no types. Its Observables are those of rxjs 5. */
declare module '@splunk/search-job' {
  export interface JobSubscription {
    unsubscribe(): void;
  }
  export interface JobStream<T> {
    subscribe(observer: {
      next?: (value: T) => void;
      error?: (reason: unknown) => void;
      complete?: () => void;
    }): JobSubscription;
  }
  export interface JobMessage {
    readonly type: string;
    readonly text: string;
  }
  export interface JobState {
    readonly content: {
      readonly sid: string;
      readonly dispatchState: string;
      readonly doneProgress: number;
      readonly isDone: boolean;
      readonly isFailed: boolean;
      readonly isFinalized: boolean;
      readonly messages?: readonly JobMessage[];
    };
  }
  export interface JobResults {
    readonly fields?: readonly { readonly name: string }[];
    readonly results?: readonly Readonly<Record<string, string | readonly string[]>>[];
    readonly messages?: readonly JobMessage[];
  }
  export default class SearchJob {
    static create(
      search: Readonly<Record<string, string | number | boolean>>,
      options?: { app?: string; owner?: string; cache?: boolean; cancelOnUnload?: boolean },
    ): SearchJob;
    getSid(): JobStream<string>;
    getProgress(): JobStream<JobState>;
    getResults(parameters?: Readonly<Record<string, string | number>>): JobStream<JobResults | null>;
    cancel(): JobStream<unknown>;
  }
}
