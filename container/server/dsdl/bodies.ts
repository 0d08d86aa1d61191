/** Bodies of DSDL's calls: received whole, and taken apart beside the event loop where they are large. */
import type { IncomingMessage } from 'node:http';
import { Worker } from 'node:worker_threads';
import { KeplerError } from '../../contract/errors.ts';
import type { BodyAnswer, BodyQuestion } from './body-thread.ts';
import { splitBody } from './split-body.ts';

export interface Body {
  /** The rows; undefined where the body has no text `data`. */
  readonly csv: Buffer | undefined;
  readonly rest: Readonly<Record<string, unknown>>;
}

/** What is smaller is taken apart in less time than a thread needs to be asked. */
const SMALL_BYTES = 64 << 10;

/** Takes bodies apart. */
export class Bodies {
  readonly #program: URL;
  readonly #waiting = new Map<
    number,
    { resolve: (body: Body) => void; reject: (error: KeplerError) => void }
  >();
  #worker: Worker | undefined;
  #asked = 0;

  /** @param program the thread's, `dsdl-body.mjs` */
  constructor(program: URL) {
    this.#program = program;
  }

  /**
   * @param bytes in memory of its own: it is given away
   * @throws KeplerError bad_request
   */
  async read(bytes: Buffer<ArrayBuffer>): Promise<Body> {
    if (bytes.length <= SMALL_BYTES) return bodyOf(bytes, splitBody(bytes));
    const id = ++this.#asked;
    const worker = (this.#worker ??= this.#start());
    return new Promise<Body>((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      worker.ref();
      worker.postMessage({ id, bytes } satisfies BodyQuestion, [bytes.buffer]);
    });
  }

  async close(): Promise<void> {
    await this.#worker?.terminate();
  }

  #start(): Worker {
    const worker = new Worker(this.#program);
    worker.unref();
    worker.on('message', (answer: BodyAnswer) => {
      const waiting = this.#waiting.get(answer.id);
      this.#waiting.delete(answer.id);
      if (this.#waiting.size === 0) worker.unref();
      if ('failed' in answer) waiting?.reject(new KeplerError('bad_request', answer.failed));
      else waiting?.resolve(bodyOf(Buffer.from(answer.bytes.buffer), answer.split));
    });
    const lost = (cause?: unknown) => {
      if (this.#worker !== worker) return;
      this.#worker = undefined;
      const error = new KeplerError(
        'worker_lost',
        'The runtime lost the thread that read this call. Send it again, and look into the log if it happens again.',
        { cause },
      );
      for (const { reject } of this.#waiting.values()) reject(error);
      this.#waiting.clear();
    };
    worker.on('error', lost);
    worker.on('exit', () => lost());
    return worker;
  }
}

function bodyOf(bytes: Buffer, { csv, rest }: ReturnType<typeof splitBody>): Body {
  return { csv: csv && bytes.subarray(csv.start, csv.end), rest };
}

/**
 * The whole body of a request, in memory of its own.
 * @param idleMs a client that sends nothing for so long is given up
 * @throws KeplerError limit_body, body_length, limit_time
 */
export function receiveBody(
  request: IncomingMessage,
  most: number,
  idleMs: number,
): Promise<Buffer<ArrayBuffer>> {
  const declared = Number(request.headers['content-length'] ?? NaN);
  if (declared > most) return Promise.reject(tooLarge(most));
  return new Promise((resolve, reject) => {
    // Of a length that was declared, the bytes are gathered where they stay.
    const whole = Number.isNaN(declared) ? undefined : Buffer.allocUnsafeSlow(declared);
    const pieces: Buffer[] = [];
    let received = 0;
    const end = (error?: KeplerError) => {
      request.socket.setTimeout(0);
      request.off('data', onData).off('end', onEnd).off('close', onClose).off('timeout', onTimeout);
      if (error) reject(error);
      else resolve(whole ?? concatenated(pieces, received));
    };
    const onData = (bytes: Buffer) => {
      received += bytes.length;
      if (received > most) return end(tooLarge(most));
      if (whole) whole.set(bytes, received - bytes.length);
      else pieces.push(bytes);
    };
    const onEnd = () => end();
    const onClose = () =>
      end(new KeplerError('body_length', `The connection ended after ${received} bytes of the body.`));
    const onTimeout = () => {
      end(
        new KeplerError(
          'limit_time',
          `Nothing came for ${Math.round(idleMs / 1000)} seconds in the middle of the body.`,
        ),
      );
      request.destroy();
    };
    request.socket.setTimeout(idleMs);
    request.on('data', onData).on('end', onEnd).on('close', onClose).on('timeout', onTimeout);
  });
}

function concatenated(pieces: readonly Buffer[], length: number): Buffer<ArrayBuffer> {
  const whole = Buffer.allocUnsafeSlow(length);
  let at = 0;
  for (const piece of pieces) at += piece.copy(whole, at);
  return whole;
}

function tooLarge(most: number): KeplerError {
  return new KeplerError(
    'limit_body',
    `The body is larger than the ${most} bytes that the runtime takes at once. Send fewer fields or rows, or raise KEPLER_MAX_CHUNK_BYTES.`,
  );
}
