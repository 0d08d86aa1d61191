/** What a worker thread and its broker thread say to each other. */
import type { MessagePort } from 'node:worker_threads';
import type { ErrorCode } from '../../contract/errors.ts';
import type { TemplatePrograms } from '../process/launch-template.ts';
import type { ProcessLimits } from '../process/launch.ts';

/** Which template: everything that starting its process needs. */
export interface TemplatePlace {
  readonly name: string;
  readonly version: number;
  /** Folder of the version. */
  readonly path: string;
  /** Helpers in the runtime that it may call. */
  readonly needs?: readonly string[];
}

export interface BrokerData extends TemplatePrograms {
  /** [0]: rises with each message for the worker thread, which waits on it. */
  readonly signal: Int32Array;
  readonly port: MessagePort;
  /** To the helpers in the runtime's main thread; see `call-messages.ts`. */
  readonly calls?: MessagePort;
  readonly limits: ProcessLimits;
}

export type ToBroker =
  | {
      readonly ask: Readonly<Record<string, unknown>>;
      readonly body?: Uint8Array;
      readonly place: TemplatePlace;
    }
  /** Not answered: for a question that follows. */
  | {
      readonly send: Readonly<Record<string, unknown>>;
      readonly body: readonly Float64Array[];
      readonly place: TemplatePlace;
    }
  /** The search is over: ends the process that works for it. */
  | { readonly drop: TemplatePlace }
  /** Starts its process; answered, where that is awaited, when it can be asked. */
  | { readonly start: TemplatePlace; readonly awaited: boolean }
  /** No more is asked: ends all processes. */
  | { readonly close: true };

/** What a template told on the way. */
export type TemplateTold = { readonly template: string } & (
  | {
      readonly log: {
        readonly level: string;
        readonly text: string;
        readonly fields?: Readonly<Record<string, unknown>>;
      };
    }
  | { readonly telemetry: Readonly<Record<string, unknown>> }
);

export type FromBroker =
  | { readonly answer: Readonly<Record<string, unknown>>; readonly body: Uint8Array }
  | {
      readonly failed: {
        readonly code: ErrorCode;
        readonly message: string;
        readonly details?: Record<string, unknown>;
      };
    }
  | { readonly progress: { readonly share: number; readonly text?: string } }
  /** A process is being started, which takes as long as what its template imports. */
  | { readonly starting: string }
  /** All processes are ended. */
  | { readonly closed: true }
  /** For the messages of the search. */
  | { readonly warn: string }
  | { readonly told: TemplateTold };
