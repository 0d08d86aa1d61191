import type { ErrorRequestHandler } from 'express';
import { KeplerError } from '../contract/errors.ts';
import type { ErrorCode } from '../contract/errors.ts';
import { KEPLER_VERSION, whatToUpgrade } from '../contract/version.ts';
import { HEADERS } from '../contract/wire.ts';
import type { Log } from './log.ts';

/** Every failure leaves here, as an ErrorBody with the status of its code. */
export function errorHandler(log: Log): ErrorRequestHandler {
  // Express knows an error handler by its four parameters.
  return (reason: unknown, request, response, _next) => {
    const error = asKeplerError(reason);
    if (error.status >= 500) {
      log.error({ err: rootOf(reason), code: error.code, path: request.path }, 'request failed');
    } else {
      log.debug({ code: error.code, path: request.path }, 'request refused');
    }
    // Once the head is out, or the client gone, nothing can be said any more.
    if (response.headersSent || response.destroyed) {
      response.destroy();
      return;
    }
    // More of the body than allowed will not be read to its end.
    if (error.code === 'limit_body' || error.code === 'body_length') {
      response.setHeader('connection', 'close');
      giveUpLater(request.socket);
    }
    if (error.status === 401) response.setHeader('www-authenticate', 'Bearer');
    if (error.retryable) response.setHeader('retry-after', '1');
    response.status(error.status).json(withAdvice(error, request.headers[HEADERS.release]).toBody());
    request.resume();
  };
}

/** What one side does not know that another release has: then the message says what to upgrade. */
const UNHEARD_OF: ReadonlySet<ErrorCode> = new Set(['bad_request', 'not_found', 'method_not_allowed']);

function withAdvice(error: KeplerError, release: string | string[] | undefined): KeplerError {
  const advice = typeof release === 'string' ? whatToUpgrade(release, KEPLER_VERSION) : '';
  const unheard = UNHEARD_OF.has(error.code) || error.details?.catalogue === true;
  if (advice === '' || !unheard) return error;
  return new KeplerError(error.code, `${error.message} ${advice}`, { details: error.details });
}

/** A client that goes on sending after it was refused is listened to for a while, so that it can read why. */
function giveUpLater(socket: { destroyed: boolean; destroy(): void }): void {
  setTimeout(() => socket.destroy(), 5000).unref();
}

/** What a client is told of a failure. */
export function asKeplerError(reason: unknown): KeplerError {
  if (reason instanceof KeplerError) return reason;
  // What Express and its parser of JSON raise.
  const { type, status } = (reason ?? {}) as { type?: string; status?: number };
  if (type === 'entity.parse.failed') {
    return new KeplerError('bad_request', 'The body of the request is not a JSON object.');
  }
  if (type === 'entity.too.large') {
    return new KeplerError('limit_body', 'The body of the request is larger than such a request can be.');
  }
  if (type === 'request.size.invalid' || type === 'request.aborted') {
    return new KeplerError('body_length', 'The body of the request is shorter or longer than declared.');
  }
  if (status !== undefined && status >= 400 && status < 500) {
    return new KeplerError('bad_request', 'The request cannot be read.');
  }
  return new KeplerError(
    'internal',
    'The runtime failed in a way that it should not; its log says more. Please report it with that part of the log.',
  );
}

/** An internal error is logged with what caused it. */
function rootOf(reason: unknown): unknown {
  return reason instanceof KeplerError && reason.cause !== undefined ? reason.cause : reason;
}
