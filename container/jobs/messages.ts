/** What the main thread and its workers say to each other. One question at a time; each gets one answer. */
import type { MessagePort } from 'node:worker_threads';
import type { ErrorCode } from '../contract/errors.ts';
import type {
  ApplySpec,
  FitSpec,
  ReplyMeta,
  SampleSpec,
  ScoreSpec,
  SearchContext,
} from '../contract/requests.ts';
import type { ModelId, Principal } from '../registry/types.ts';
import type { TemplateTold } from '../templates/broker/messages.ts';
import type { JobSettings } from './types.ts';

export interface WorkerData {
  readonly memory: WebAssembly.Memory;
  readonly control: SharedArrayBuffer;
  readonly settings: JobSettings;
  /** For its broker thread: to the helpers that templates call. */
  readonly calls: MessagePort;
  /** Its work takes long: it gives way to other threads. */
  readonly givesWay: boolean;
}

export type CollectSpec =
  | { readonly kind: 'fit'; readonly spec: FitSpec }
  | { readonly kind: 'score'; readonly spec: ScoreSpec }
  | { readonly kind: 'sample'; readonly spec: SampleSpec };

export type Question =
  /** Make room for a chunk; answered by `place`. */
  | { readonly ask: 'place'; readonly bytes: number }
  /** Read the chunk that is arriving, and answer with its rows; answered by `reply`. */
  | {
      readonly ask: 'apply';
      readonly bytes: number;
      readonly chunk: number;
      readonly model: { readonly id: ModelId; readonly version: number };
      readonly spec: ApplySpec;
      readonly accept: 'splice' | 'csv' | 'columns';
    }
  /** Begin a collecting job; answered by `done`. */
  | {
      readonly ask: 'open';
      readonly job: CollectSpec;
      readonly principal: Principal;
      readonly search?: SearchContext;
      /** The reply brings the new columns alone. */
      readonly columnsAlone: boolean;
    }
  /** Read the chunk that is arriving; answered by `reply`. */
  | { readonly ask: 'collect'; readonly bytes: number; readonly accept: 'splice' | 'csv' | 'columns' }
  /** What the fit needs is to be there before it takes a turn; answered by `done`. */
  | { readonly ask: 'ready' }
  /** All rows are there: compute; answered by `result`. */
  | { readonly ask: 'finish' }
  /** The next piece of the result; answered by `piece`. */
  | { readonly ask: 'piece' }
  /** Forget the job; answered by `done`. */
  | { readonly ask: 'close' };

/** What a worker tells of its own accord while it answers. */
export interface Progress {
  readonly answer: 'progress';
  readonly stage: string;
  readonly share?: number;
}

/** It stands still until a template's process has started: somebody else may use the processor. */
export interface Starting {
  readonly answer: 'starting';
}

/** What a user's template told on the way: for the runtime's log and its telemetry. */
export type Told = { readonly answer: 'told' } & TemplateTold;

export type Answer =
  | { readonly answer: 'done' }
  | { readonly answer: 'place'; readonly start: number; readonly capacity: number }
  | {
      readonly answer: 'reply';
      readonly meta: ReplyMeta;
      readonly media: string;
      readonly start: number;
      readonly bytes: number;
      readonly rows: number;
      /** The worker's memory holds much: room must be asked for before the next chunk. */
      readonly full: boolean;
    }
  | { readonly answer: 'result'; readonly meta: ReplyMeta; readonly bytes: number }
  | { readonly answer: 'piece'; readonly start: number; readonly bytes: number }
  | {
      readonly answer: 'failed';
      readonly code: ErrorCode;
      readonly message: string;
      readonly details?: Readonly<Record<string, unknown>>;
    };
