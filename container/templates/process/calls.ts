/**
 * Calls of a template's process to helpers that run in the runtime (`splunk`, `registry`): the process cannot reach them itself.
 * They travel as frames over the same pipes, while the template is being asked something:
 *
 *   from the process   {call: {id, helper, method, args}}                  and a body, where the method takes one
 *   to the process     {callId, ok: true, result}                          and a body, where the method answers with one
 *                      {callId, ok: false, error: {code, message}}
 *
 * `id` is a number that the process chooses; `args` is JSON. Answers may come in any order. When the question that the template
 * works on is answered, calls that are still open are given up, and what they had opened is closed.
 */
import { KeplerError } from '../../contract/errors.ts';
import type { ErrorCode } from '../../contract/errors.ts';

export interface HelperCall {
  readonly helper: string;
  readonly method: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly body?: Uint8Array;
}

export interface HelperAnswer {
  /** JSON. */
  readonly result?: unknown;
  readonly body?: Uint8Array;
}

/** Runs a call. The signal is raised when nobody waits for the answer any more. */
export type CallHandler = (call: HelperCall, signal: AbortSignal) => Promise<HelperAnswer>;

/** What the process sent as `call`. */
export interface CallFrame {
  readonly id?: unknown;
  readonly helper?: unknown;
  readonly method?: unknown;
  readonly args?: unknown;
}

export type CallReply =
  | { readonly callId: number; readonly ok: true; readonly result: unknown }
  | {
      readonly callId: number;
      readonly ok: false;
      readonly error: { readonly code: ErrorCode; readonly message: string };
    };

/** Calls of one process that may be open at a time. */
const MOST_OPEN = 16;
/** Bytes of the arguments, as JSON. */
const LONGEST_ARGS = 1024 * 1024;
/** Bytes of a call's body. */
const LONGEST_BODY = 64 * 1024 * 1024;
const NAME = /^[A-Za-z_]\w{0,63}$/;

/** The open calls of one process: takes frames, has them run, sends the answers back. */
export class Calls {
  readonly #send: (reply: CallReply, body?: Uint8Array) => void;
  readonly #open = new Map<number, AbortController>();

  /** @param send writes an answer to the process */
  constructor(send: (reply: CallReply, body?: Uint8Array) => void) {
    this.#send = send;
  }

  /**
   * Runs one call; never throws, the process is told what is wrong.
   * @param handler of the question that the template works on; without one, no helper can be called
   */
  async take(frame: CallFrame, body: Uint8Array, handler: CallHandler | undefined): Promise<void> {
    const { id } = frame;
    // Without a number the answer could not be told from others.
    if (typeof id !== 'number' || !Number.isSafeInteger(id) || this.#open.has(id)) return;
    const control = new AbortController();
    this.#open.set(id, control);
    try {
      const call = checked(frame, body, this.#open.size);
      if (!handler) {
        throw new KeplerError(
          'template_failed',
          `The helper ${call.helper} can be called only while a search or the workbench runs the template, and by fit, apply and summary alone.`,
        );
      }
      const { result, body: answer } = await handler(call, control.signal);
      if (!control.signal.aborted) this.#send({ callId: id, ok: true, result: result ?? null }, answer);
    } catch (error) {
      if (control.signal.aborted) return;
      const { code, message } =
        error instanceof KeplerError ? error : new KeplerError('internal', (error as Error).message);
      this.#send({ callId: id, ok: false, error: { code, message } });
    } finally {
      if (this.#open.get(id) === control) this.#open.delete(id);
    }
  }

  /** Nobody waits for them any more. */
  giveUp(): void {
    for (const control of this.#open.values()) control.abort();
    this.#open.clear();
  }
}

/** @throws KeplerError template_failed where it is no call, or too large a one */
function checked({ helper, method, args }: CallFrame, body: Uint8Array, open: number): HelperCall {
  if (
    typeof helper !== 'string' ||
    typeof method !== 'string' ||
    !NAME.test(helper) ||
    !NAME.test(method) ||
    (args !== undefined && (args === null || typeof args !== 'object' || Array.isArray(args)))
  ) {
    throw new KeplerError(
      'template_failed',
      'The process sent a call that names no helper and method, or whose args are no object.',
    );
  }
  if (open > MOST_OPEN) {
    throw new KeplerError(
      'template_failed',
      `${helper}.${method}: ${MOST_OPEN} calls are open already. Wait for one of them before the next.`,
    );
  }
  const length = JSON.stringify(args ?? {}).length;
  if (length > LONGEST_ARGS || body.byteLength > LONGEST_BODY) {
    throw new KeplerError(
      'template_failed',
      `${helper}.${method}: its arguments have ${length} bytes and its table ${body.byteLength}; at most ${LONGEST_ARGS} and ${LONGEST_BODY} are taken. Send less at a time.`,
    );
  }
  return {
    helper,
    method,
    args: (args ?? {}) as HelperCall['args'],
    ...(body.byteLength > 0 && { body }),
  };
}
