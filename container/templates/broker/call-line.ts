/** A broker thread's line to the runtime's main thread, where the helpers are that templates call. */
import type { MessagePort } from 'node:worker_threads';
import { KeplerError } from '../../contract/errors.ts';
import type { HelperAnswer, HelperCall } from '../process/calls.ts';
import type { FromDesk, ToDesk } from './call-messages.ts';
import type { TemplatePlace } from './messages.ts';

export class CallLine {
  readonly #port: MessagePort;
  readonly #waiting = new Map<
    number,
    { resolve(answer: HelperAnswer): void; reject(error: KeplerError): void }
  >();
  #calls = 0;

  constructor(port: MessagePort) {
    this.#port = port;
    port.on('message', (message: FromDesk) => {
      const waiting = this.#waiting.get(message.call);
      this.#waiting.delete(message.call);
      if ('answer' in message) waiting?.resolve(message.answer);
      else waiting?.reject(new KeplerError(message.failed.code, message.failed.message));
    });
    port.unref();
  }

  /** @param question see `ToDesk` @throws KeplerError what the helper said */
  call(
    template: TemplatePlace,
    question: number,
    what: HelperCall,
    signal: AbortSignal,
  ): Promise<HelperAnswer> {
    const call = ++this.#calls;
    return new Promise((resolve, reject) => {
      this.#waiting.set(call, { resolve, reject });
      signal.addEventListener('abort', () => {
        this.#waiting.delete(call);
        this.#tell({ cancel: call });
        reject(new KeplerError('cancelled', 'The call was given up.'));
      });
      this.#tell({ call, question, template, what });
    });
  }

  /** What the calls of this question had opened is closed. */
  over(question: number): void {
    this.#tell({ over: question });
  }

  #tell(message: ToDesk): void {
    this.#port.postMessage(message);
  }
}
