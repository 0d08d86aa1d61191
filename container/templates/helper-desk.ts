/** Where calls of templates arrive in the runtime: which helpers there are, who may call them, and in whose name they act. */
import type { MessagePort } from 'node:worker_threads';
import { didYouMean } from '../contract/did-you-mean.ts';
import { KeplerError } from '../contract/errors.ts';
import type { SplunkSession } from '../contract/requests.ts';
import type { Principal } from '../registry/types.ts';
import type { FromDesk, ToDesk } from './broker/call-messages.ts';
import type { TemplatePlace } from './broker/messages.ts';
import type { HelperAnswer, HelperCall } from './process/calls.ts';

/** For whom a template works. */
export interface Caller {
  readonly principal: Principal;
  readonly sid: string;
  /** The model that is made or read. */
  readonly model?: string;
  /** The searcher's own session with Splunk, for this job alone. Never logged, never written. */
  readonly session?: SplunkSession;
  /** There is no search: helpers may act as the runtime's own service. */
  readonly service?: boolean;
}

export interface CallContext {
  readonly template: TemplatePlace;
  readonly caller: Caller;
  /** Raised when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
  /** What calls of the same question have opened, by a name of their own; closed when the question is answered. */
  readonly opened: Map<string, Closeable>;
}

export interface Closeable {
  close(): Promise<void> | void;
}

export type HelperMethod = (call: HelperCall, context: CallContext) => Promise<HelperAnswer>;

/** One helper's methods, by name. A template may call it only where its `needs` names it. */
export type Helper = Readonly<Record<string, HelperMethod>>;

/** Things that one question may have open at a time. */
const MOST_OPENED = 16;

export class HelperDesk {
  readonly #helpers: Readonly<Record<string, Helper>>;
  readonly #failed: (error: unknown) => void;

  /** @param failed hears of what could not be closed, and of errors that are no KeplerError */
  constructor(helpers: Readonly<Record<string, Helper>>, failed: (error: unknown) => void) {
    this.#helpers = helpers;
    this.#failed = failed;
  }

  /**
   * Answers the calls that come over a port.
   * @param caller for whom the templates at its other end work just now; undefined where for nobody
   */
  serve(port: MessagePort, caller: () => Caller | undefined): void {
    const running = new Map<number, AbortController>();
    const questions = new Map<number, Map<string, Closeable>>();
    const tell = (message: FromDesk) => port.postMessage(message);
    const run = async ({ call, question, template, what }: Extract<ToDesk, { what: unknown }>) => {
      const control = new AbortController();
      running.set(call, control);
      const opened = questions.get(question) ?? new Map<string, Closeable>();
      questions.set(question, opened);
      try {
        const answer = await this.call(what, template, caller(), control.signal, opened);
        tell({ call, answer });
      } catch (error) {
        if (!(error instanceof KeplerError)) this.#failed(error);
        const { code, message } =
          error instanceof KeplerError ? error : new KeplerError('internal', (error as Error).message);
        tell({ call, failed: { code, message } });
      } finally {
        running.delete(call);
        // It was over before this call was.
        if (questions.get(question) !== opened) await this.#close(opened);
      }
    };
    port.on('message', (message: ToDesk) => {
      if ('what' in message) return void run(message);
      if ('cancel' in message) return running.get(message.cancel)?.abort();
      const opened = questions.get(message.over);
      questions.delete(message.over);
      if (opened) void this.#close(opened);
    });
    port.unref();
  }

  /**
   * Runs one call.
   * @param opened of the question; see `CallContext`
   * @throws KeplerError of the helper, or template_failed where the template may not call it
   */
  async call(
    call: HelperCall,
    template: TemplatePlace,
    caller: Caller | undefined,
    signal: AbortSignal,
    opened: Map<string, Closeable>,
  ): Promise<HelperAnswer> {
    const method = this.#methodOf(call);
    if (!(template.needs ?? []).includes(call.helper)) {
      throw new KeplerError(
        'template_failed',
        `${call.helper}.${call.method} was called, but the template ${template.name} does not say that it needs it. Add needs: ['${call.helper}'] (in Python: needs = ['${call.helper}']).`,
      );
    }
    if (!caller) {
      throw new KeplerError(
        'template_failed',
        `${call.helper}.${call.method} was called while the template works for no search.`,
      );
    }
    if (opened.size >= MOST_OPENED) {
      throw new KeplerError(
        'template_failed',
        `${call.helper}.${call.method}: ${MOST_OPENED} searches are open already. Read one to its end, or close it.`,
      );
    }
    return method(call, { template, caller, signal, opened });
  }

  #methodOf({ helper, method }: HelperCall): HelperMethod {
    const methods = Object.hasOwn(this.#helpers, helper) ? this.#helpers[helper] : undefined;
    if (methods && Object.hasOwn(methods, method)) return methods[method];
    const known = methods ? Object.keys(methods) : Object.keys(this.#helpers);
    const near = didYouMean(methods ? method : helper, known);
    throw new KeplerError(
      'template_failed',
      `There is no ${methods ? `method ${helper}.${method}` : `helper "${helper}"`}${near === undefined ? `; there are: ${known.join(', ')}` : `. Did you mean "${near}"?`}`,
    );
  }

  async #close(opened: Map<string, Closeable>): Promise<void> {
    const all = [...opened.values()];
    opened.clear();
    for (const one of all) {
      try {
        await one.close();
      } catch (error) {
        this.#failed(error);
      }
    }
  }
}
