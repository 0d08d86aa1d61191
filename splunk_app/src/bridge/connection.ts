import { createHash } from 'node:crypto';
import { connect as connectPlain, type Socket } from 'node:net';
import type * as Tls from 'node:tls';
import { KeplerError } from '../../../container/contract/errors.ts';
import type { RuntimeAddress } from './address.ts';
import { ReplyReader, type ReplyHandler } from './reply-reader.ts';

/** The connection ended, or broke, before the reply was whole. */
export class ConnectionLostError extends Error {
  /** Whether a byte of the reply had come: then sending the request again is not safe. */
  readonly replyBegan: boolean;

  constructor(message: string, replyBegan: boolean, cause?: Error) {
    super(message, { cause });
    this.name = 'ConnectionLostError';
    this.replyBegan = replyBegan;
  }
}

const READ_BYTES = 1 << 20;

/**
 * One kept-alive HTTP/1.1 connection, on which one request follows another. A hand-written client, because `node:http` copies
 * and queues what can go straight from a buffer to the socket: it costs a third of an apply's time.
 */
export class Connection {
  readonly #socket: Socket;
  readonly #reader = new ReplyReader();
  #failure: Error | null = null;
  #fail: ((error: Error) => void) | null = null;
  #began = false;
  #activity = 0;

  private constructor(address: RuntimeAddress, tls: typeof Tls | null) {
    // Bytes come into one buffer, used again and again, in place of a new one for each piece.
    const buffer = Buffer.allocUnsafeSlow(READ_BYTES);
    const onread = {
      buffer,
      callback: (count: number): boolean => {
        this.#take(buffer.subarray(0, count));
        return true;
      },
    };
    if (address.kind === 'tls') {
      const options: Tls.ConnectionOptions & { onread: typeof onread } = {
        host: address.host,
        port: address.port,
        onread,
        servername: /^[\d.:]+$/.test(address.host) ? undefined : address.host,
        // A pinned certificate is compared by `#checkPin` before anything is sent; else the system's authorities decide.
        rejectUnauthorized: address.fingerprint === undefined,
        // Reading those takes 15 ms.
        ...(address.fingerprint !== undefined && { ca: [] }),
      };
      this.#socket = tls!.connect(options);
    } else {
      this.#socket = connectPlain(
        address.kind === 'unix'
          ? { path: address.path, onread }
          : { host: address.host, port: address.port, onread },
      );
    }
    if (address.kind !== 'unix') {
      this.#socket.setNoDelay(true);
      // A machine that vanishes sends no end; this finds out during a long fit.
      this.#socket.setKeepAlive(true, 15_000);
    }
    this.#socket.on('error', (error) => this.#broken(error));
    this.#socket.on('end', () => this.#broken(new Error('it closed the connection')));
    this.#socket.on('close', () => this.#broken(new Error('the connection was closed')));
  }

  /** Opens a connection; rejects with `runtime_unreachable` or `runtime_untrusted`. */
  static async open(address: RuntimeAddress, connectMs: number): Promise<Connection> {
    const tls = address.kind === 'tls' ? await import('node:tls') : null;
    const connection = new Connection(address, tls);
    try {
      await new Promise<void>((resolve, reject) => {
        const timer = setTimeout(
          () => reject(new Error(`no answer within ${connectMs / 1000} s`)),
          connectMs,
        );
        connection.#fail = (error) => {
          clearTimeout(timer);
          reject(error);
        };
        connection.#socket.once(address.kind === 'tls' ? 'secureConnect' : 'connect', () => {
          clearTimeout(timer);
          resolve();
        });
      });
    } catch (error) {
      connection.close();
      throw unreachable(
        address,
        (error instanceof ConnectionLostError ? error.cause : error) as NodeJS.ErrnoException,
      );
    }
    connection.#fail = null;
    if (address.kind === 'tls') connection.#checkPin(address);
    return connection;
  }

  /** False once the other side is known to be gone. */
  get usable(): boolean {
    return this.#failure === null;
  }

  /**
   * Sends one request and takes its reply. `send` writes the request with the function it is given, which resolves when the
   * bytes have been handed on, so that their buffer may be used again. Rejects with `ConnectionLostError`, `runtime_timeout`
   * when nothing comes for `silenceMs` after the request, or what the handler throws; the connection is unusable then.
   * A reply that comes before the request is whole ends it: what `send` writes afterwards is dropped.
   */
  async exchange(
    send: (write: (bytes: Uint8Array) => Promise<void>) => Promise<void>,
    handler: ReplyHandler,
    silenceMs: number,
    onSent?: () => void,
  ): Promise<void> {
    this.#began = false;
    let replied = false;
    let settle!: () => void;
    const reply = new Promise<void>((resolve, reject) => {
      settle = resolve;
      this.#fail = reject;
    });
    reply.catch(() => {});
    if (this.#failure) this.#fail?.(this.#lost(this.#failure));
    this.#reader.expect({
      head: (head) => {
        replied = true;
        handler.head(head);
      },
      body: (bytes) => handler.body(bytes),
      end: () => {
        handler.end();
        settle();
      },
    });
    let early = false;
    const write = async (bytes: Uint8Array): Promise<void> => {
      early ||= replied;
      if (early || this.#failure) return;
      await Promise.race([this.#write(bytes), reply]);
    };
    try {
      await send(write);
      onSent?.();
      await this.#untilSilent(reply, silenceMs);
    } catch (error) {
      this.close();
      throw error;
    } finally {
      this.#fail = null;
    }
    // The other side still waits for the rest of a request that it refused early.
    if (early) this.close();
  }

  close(): void {
    this.#failure ??= new Error('the connection was closed');
    this.#socket.destroy();
  }

  #write(bytes: Uint8Array): Promise<void> {
    return new Promise((resolve) => {
      // A failure arrives by the socket's own error event, and with it the reason.
      this.#socket.write(bytes, () => resolve());
    });
  }

  async #untilSilent(reply: Promise<void>, silenceMs: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const silence = new Promise<never>((_, reject) => {
      let seen = this.#activity;
      timer = setTimeout(() => {
        // Bytes may lie in the socket while this process was held up writing: look once more before giving up.
        setImmediate(() => {
          if (this.#activity === seen) {
            return reject(
              new KeplerError(
                'runtime_timeout',
                `The Kepler runtime has not answered for ${silenceMs / 1000} s, so the search was given up and its job cancelled. If the work does take longer, raise reply_timeout (apply) or work_timeout (fit, score, sample) in kepler.conf [runtime:main]; else look into the runtime's log.`,
              ),
            );
          }
          seen = this.#activity;
          timer?.refresh();
        });
      }, silenceMs);
    });
    try {
      await Promise.race([reply, silence]);
    } finally {
      clearTimeout(timer);
    }
  }

  #take(bytes: Buffer): void {
    this.#began = true;
    this.#activity++;
    try {
      this.#reader.push(bytes);
    } catch (error) {
      this.#failure ??= error as Error;
      this.#fail?.(error as Error);
      this.#socket.destroy();
    }
  }

  #broken(error: Error): void {
    this.#failure ??= error;
    this.#fail?.(this.#lost(error));
  }

  #lost(error: Error): Error {
    return error instanceof KeplerError ? error : new ConnectionLostError(error.message, this.#began, error);
  }

  #checkPin(address: RuntimeAddress & { kind: 'tls' }): void {
    if (address.fingerprint === undefined) return;
    const der = (this.#socket as Tls.TLSSocket).getPeerCertificate().raw;
    const found = createHash('sha256').update(der).digest('hex');
    if (found === address.fingerprint) return;
    this.close();
    throw new KeplerError(
      'runtime_untrusted',
      `The certificate of the Kepler runtime at ${address.url} is not the one that kepler.conf names: nothing was sent. Expected sha256:${address.fingerprint}, found sha256:${found}. If the runtime was given a new certificate, write its fingerprint into kepler.conf [runtime:main].`,
    );
  }
}

function unreachable(address: RuntimeAddress, error: NodeJS.ErrnoException): KeplerError {
  const detail = (error as Error).message || error.code || 'unknown reason';
  if (
    error.code?.startsWith('CERT_') ||
    error.code?.includes('SELF_SIGNED') ||
    error.code === 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'
  ) {
    return new KeplerError(
      'runtime_untrusted',
      `The certificate of the Kepler runtime at ${address.url} is not trusted (${detail}). Write its fingerprint = sha256:<hex> into kepler.conf [runtime:main].`,
      { cause: error },
    );
  }
  const hint =
    error.code === 'EACCES'
      ? 'This user may not open the socket: check its owner and mode.'
      : 'Start the runtime, or correct url in kepler.conf [runtime:main] (or KEPLER_RUNTIME_URL).';
  return new KeplerError(
    'runtime_unreachable',
    `The Kepler runtime at ${address.url} cannot be reached (${detail}). ${hint}`,
    { cause: error },
  );
}
