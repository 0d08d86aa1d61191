/** The HTTP face that DSDL's side of the wire knows: GET / and /summary, POST /fit and /apply. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { KeplerError } from '../../contract/errors.ts';
import { KEPLER_VERSION } from '../../contract/version.ts';
import { ended, flushed } from '../chunk-reply.ts';
import { asKeplerError } from '../error-handler.ts';
import type { Services } from '../services.ts';
import { Bodies, receiveBody } from './bodies.ts';
import { DsdlCalls } from './calls.ts';
import type { Done } from './calls.ts';
import { ResultsText } from './results.ts';
import type { DsdlSettings } from './settings.ts';

const SLICE = 256 << 10;
const METHODS: Readonly<Record<string, 'GET' | 'POST'>> = {
  '/': 'GET',
  '/summary': 'GET',
  '/fit': 'POST',
  '/apply': 'POST',
};

export class DsdlDoor {
  readonly #services: Services;
  readonly #token: Buffer;
  readonly #bodies: Bodies;
  readonly #calls: DsdlCalls;

  /** @param program of the thread that takes bodies apart, `dsdl-body.mjs` */
  constructor(services: Services, { token, app }: DsdlSettings, program: URL) {
    this.#services = services;
    this.#token = digest(Buffer.from(token, 'utf8'));
    this.#bodies = new Bodies(program);
    this.#calls = new DsdlCalls(services, app);
  }

  readonly handle = (request: IncomingMessage, response: ServerResponse): void => {
    this.#answer(request, response).catch((error: unknown) => {
      this.#services.log.error({ err: error, path: request.url }, 'a call of DSDL failed');
      response.destroy();
    });
  };

  async close(): Promise<void> {
    await this.#bodies.close();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? '/').replace(/\?.*$/s, '');
    const method = Object.hasOwn(METHODS, path) ? METHODS[path] : undefined;
    if (method === undefined) return refuse(request, response, 404, 'Not Found');
    if (request.method !== method) {
      response.setHeader('allow', method);
      return refuse(request, response, 405, 'Method Not Allowed');
    }
    const detail = this.#refusal(request.headers.authorization);
    if (detail !== undefined) {
      response.setHeader('www-authenticate', 'Bearer');
      return refuse(request, response, 401, detail);
    }
    if (method === 'GET') return this.#summary(response);
    await this.#call(path === '/fit' ? 'fit' : 'apply', request, response);
  }

  /** Compared whole, and in a time that tells nothing of how much of it is right. */
  #refusal(given: string | undefined): string | undefined {
    if (given === undefined) return 'No header with token';
    return timingSafeEqual(digest(Buffer.from(given, 'latin1')), this.#token) ? undefined : 'Invalid token';
  }

  async #call(kind: 'fit' | 'apply', request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { settings, connections, log, phase } = this.#services;
    const connection = connections.idOf(request.socket);
    let done: Done;
    try {
      const { maxChunkBytes, idleSeconds } = settings.jobs;
      // Line ends and quotes take twice their room inside JSON.
      const bytes = await receiveBody(request, maxChunkBytes * 2, idleSeconds * 1000);
      if (phase() === 'closed') throw new KeplerError('shutting_down', 'The runtime is ending.');
      done = await this.#calls[kind](await this.#bodies.read(bytes), connection);
    } catch (error) {
      const { code, message, status } = asKeplerError(error);
      if (status >= 500) log.error({ err: error, code, kind }, 'a call of DSDL failed');
      else log.info({ code, kind }, 'a call of DSDL was refused');
      // More of the body than is allowed will not be read to its end.
      if (!request.complete) response.setHeader('connection', 'close');
      return send(response, 200, { status: 'error', message: `/${kind}: ERROR: ${message}` });
    }
    if (done.status === 'staged') return send(response, 200, done);
    await sendResults(response, done);
  }

  async #summary(response: ServerResponse): Promise<void> {
    const { last } = this.#calls;
    const model = last && `${last.name}@${last.version}`;
    const about = {
      app: 'Kepler',
      version: KEPLER_VERSION,
      model: model ?? 'no model exists',
      token: 'valid',
    };
    if (!last) return send(response, 200, JSON.stringify(about));
    let summary: unknown;
    try {
      summary = await this.#calls.summary(last);
    } catch (error) {
      // Deleted since, perhaps: that says why there is none.
      summary = asKeplerError(error).message;
    }
    return send(response, 200, JSON.stringify({ ...about, model_summary: summary }));
  }
}

function digest(bytes: Buffer): Buffer {
  return createHash('sha256').update(bytes).digest();
}

/** Refused before any of it is read: the rest of the body is let run out, so that the client can hear why. */
function refuse(request: IncomingMessage, response: ServerResponse, status: number, detail: string): void {
  send(response, status, { detail });
  request.resume();
}

function send(response: ServerResponse, status: number, body: unknown): void {
  const text = Buffer.from(JSON.stringify(body));
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': text.length }).end(text);
}

/** The new columns, escaped piece by piece: their length in JSON is known only at the end. */
async function sendResults(response: ServerResponse, done: Extract<Done, { status: 'success' }>) {
  const { reply, message } = done;
  try {
    response.writeHead(200, { 'content-type': 'application/json' });
    const head = JSON.stringify({ status: 'success', message, results: '' }).slice(0, -2);
    response.write(head);
    const results = new ResultsText();
    for await (const piece of reply.body) {
      for (let from = 0; from < piece.byteLength; from += SLICE) {
        if (response.destroyed) return;
        const text = results.push(piece.subarray(from, from + SLICE));
        if (text.length > 0 && !(await flushed(response, text))) return;
      }
    }
    response.write('"}');
    await ended(response);
  } catch (error) {
    response.destroy();
    throw error;
  } finally {
    reply.release();
  }
}
