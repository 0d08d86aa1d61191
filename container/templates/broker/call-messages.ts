/** What a broker thread and the runtime's main thread say to each other: the calls of templates, past the worker that stands still. */
import type { ErrorCode } from '../../contract/errors.ts';
import type { HelperAnswer, HelperCall } from '../process/calls.ts';
import type { TemplatePlace } from './messages.ts';

export type ToDesk =
  | {
      readonly call: number;
      /** The question that the template works on; what a call opens lives as long as it. */
      readonly question: number;
      readonly template: TemplatePlace;
      readonly what: HelperCall;
    }
  /** Nobody waits for the answer any more. */
  | { readonly cancel: number }
  /** The question is answered. */
  | { readonly over: number };

export type FromDesk =
  | { readonly call: number; readonly answer: HelperAnswer }
  | { readonly call: number; readonly failed: { readonly code: ErrorCode; readonly message: string } };
