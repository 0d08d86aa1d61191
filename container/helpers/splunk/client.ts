/** splunkd's REST interface: one server, one identity. What splunkd says goes on word for word. */
import { Agent, request } from 'undici';
import type { Dispatcher } from 'undici';
import { KeplerError } from '../../contract/errors.ts';
import { WrongCertificateError, pinnedConnector } from '../pinned-connect.ts';
import type { Trust } from '../pinned-connect.ts';

export interface SplunkTarget extends Trust {
  /** splunkd's management port, such as https://splunk:8089. */
  readonly url: string;
  /** A session key, or an authentication token of Splunk's. */
  readonly credential: { readonly session: string } | { readonly token: string };
}

/** In whose namespace objects are looked up. */
export interface Namespace {
  readonly owner: string;
  readonly app: string;
}

export interface SplunkReply {
  readonly status: number;
  readonly text: string;
}

export type Form = Readonly<Record<string, string | number | boolean | undefined>>;

const HEADERS_MS = 60_000;
/** Between two pieces of an answer: a search may find nothing for a while. */
const SILENCE_MS = 300_000;
/** An answer that is no stream. */
const LONGEST = 256 * 1024 * 1024;

/** The connection broke, or never was: the same may succeed later. */
export class SplunkConnectionError extends KeplerError {
  /** The certificate is not the trusted one: trying again is of no use. */
  readonly untrusted: boolean;

  constructor(message: string, cause: unknown, untrusted = false) {
    super('splunk_unreachable', message, { cause });
    this.untrusted = untrusted;
  }
}

/** What splunkd wrote in an answer that is no success. */
export class SplunkAnswerError extends KeplerError {
  readonly httpStatus: number;
  /** Splunk's own words. */
  readonly said: string;

  constructor(doing: string, status: number, said: string) {
    const refused = status === 401 || status === 403;
    super(
      refused ? 'splunk_refused' : status >= 500 ? 'splunk_unreachable' : 'splunk_failed',
      `Splunk did not ${doing} (status ${status}): ${said === '' ? 'it said no more' : said}`,
    );
    this.httpStatus = status;
    this.said = said;
  }
}

export class SplunkClient {
  readonly #target: SplunkTarget;
  readonly #agent: Agent;
  readonly #base: string;
  /** Whether splunkd has `search/v2`, as far as it is known. */
  #v2: boolean | undefined;

  constructor(target: SplunkTarget) {
    this.#target = target;
    this.#base = target.url.replace(/\/+$/, '');
    this.#agent = new Agent({
      connections: 4,
      connect: pinnedConnector(target, 'splunkd'),
      headersTimeout: HEADERS_MS,
      bodyTimeout: SILENCE_MS,
    });
  }

  get url(): string {
    return this.#base;
  }

  /**
   * One call, whose answer is read whole; any status is an answer.
   * @param path below `/services`, its parts encoded; `search/v2/…` becomes `search/…` where splunkd is older
   * @throws SplunkConnectionError
   */
  async call(
    method: 'GET' | 'POST' | 'DELETE',
    path: string,
    options: { namespace?: Namespace; form?: Form; json?: unknown; signal?: AbortSignal } = {},
  ): Promise<SplunkReply> {
    const reply = await this.#whole(await this.#send(method, path, options));
    if (!this.#isOlder(path, reply.status, reply.text)) return reply;
    return this.#whole(await this.#send(method, path, options));
  }

  /**
   * A call that must succeed.
   * @param doing completes "Splunk did not …"
   * @returns the JSON of its answer
   * @throws SplunkConnectionError, SplunkAnswerError
   */
  async ask<T>(
    doing: string,
    method: 'GET' | 'POST' | 'DELETE',
    path: string,
    options: { namespace?: Namespace; form?: Form; json?: unknown; signal?: AbortSignal } = {},
  ): Promise<T> {
    const { status, text } = await this.call(method, path, options);
    if (status < 200 || status > 299) throw new SplunkAnswerError(doing, status, wordsOf(text));
    try {
      return (text === '' ? {} : JSON.parse(text)) as T;
    } catch (error) {
      throw new KeplerError(
        'splunk_failed',
        `What answers at ${this.#base} does not speak as splunkd does: ${(error as Error).message}. Is this the management port (8089)?`,
        { cause: error },
      );
    }
  }

  /**
   * A call whose answer comes piece by piece.
   * @param begun told, before the first piece, whether the answer says itself where it ends: then an end is no broken connection
   * @throws SplunkConnectionError also in the middle; SplunkAnswerError
   */
  async *stream(
    doing: string,
    path: string,
    options: { namespace?: Namespace; form: Form; signal?: AbortSignal },
    begun: (framed: boolean) => void,
  ): AsyncGenerator<Buffer> {
    const { statusCode, headers, body } = await this.#send('POST', path, options);
    if (statusCode < 200 || statusCode > 299) {
      const text = await body.text();
      if (!this.#isOlder(path, statusCode, text))
        throw new SplunkAnswerError(doing, statusCode, wordsOf(text));
      yield* this.stream(doing, path, options, begun);
      return;
    }
    begun(headers['transfer-encoding'] !== undefined || headers['content-length'] !== undefined);
    try {
      for await (const piece of body as AsyncIterable<Buffer>) yield piece;
    } catch (error) {
      throw this.#broken(error);
    }
  }

  async close(): Promise<void> {
    await this.#agent.destroy();
  }

  async #whole({ statusCode, body }: Dispatcher.ResponseData): Promise<SplunkReply> {
    try {
      const pieces: Buffer[] = [];
      let bytes = 0;
      for await (const piece of body as AsyncIterable<Buffer>) {
        bytes += piece.length;
        if (bytes > LONGEST) throw new Error(`the answer has more than ${LONGEST} bytes`);
        pieces.push(piece);
      }
      return { status: statusCode, text: Buffer.concat(pieces).toString('utf8') };
    } catch (error) {
      throw this.#broken(error);
    }
  }

  /** Before 9.0 there is no `search/v2`, and `search` does the same: true where that was just found out. */
  #isOlder(path: string, status: number, text: string): boolean {
    if (!path.startsWith('/search/v2/') || this.#v2 !== undefined) return false;
    // What is refused or failed tells nothing of the path; and "Unknown sid." is a 404 as well.
    if (status === 401 || status === 403 || status >= 500) return false;
    this.#v2 = status !== 404 || /sid/i.test(text);
    return !this.#v2;
  }

  async #send(
    method: 'GET' | 'POST' | 'DELETE',
    path: string,
    {
      namespace,
      form,
      json,
      signal,
    }: { namespace?: Namespace; form?: Form; json?: unknown; signal?: AbortSignal },
  ): Promise<Dispatcher.ResponseData> {
    const { credential } = this.#target;
    const root = namespace
      ? `/servicesNS/${encodeURIComponent(namespace.owner)}/${encodeURIComponent(namespace.app)}`
      : '/services';
    const fields = new URLSearchParams();
    for (const [name, value] of Object.entries({ output_mode: 'json', ...form }))
      if (value !== undefined) fields.append(name, String(value));
    const inQuery = method !== 'POST' || json !== undefined;
    try {
      return await request(
        `${this.#base}${root}${this.#v2 === false ? path.replace('/search/v2/', '/search/') : path}${inQuery ? `?${fields}` : ''}`,
        {
          dispatcher: this.#agent,
          method,
          signal,
          headers: {
            // A line end in it would begin another header; undici refuses such a one.
            authorization:
              'session' in credential ? `Splunk ${credential.session}` : `Bearer ${credential.token}`,
            accept: 'application/json',
            ...(method === 'POST' && {
              'content-type': json === undefined ? 'application/x-www-form-urlencoded' : 'application/json',
            }),
          },
          ...(method === 'POST' && { body: json === undefined ? fields.toString() : JSON.stringify(json) }),
        },
      );
    } catch (error) {
      throw this.#broken(error);
    }
  }

  #broken(error: unknown): unknown {
    const { message, code, name } = error as NodeJS.ErrnoException;
    if (name === 'AbortError') return new KeplerError('cancelled', 'The search was cancelled.');
    const why = message || code || String(error);
    return new SplunkConnectionError(
      `splunkd at ${this.#base} cannot be asked: ${why}.`,
      error,
      error instanceof WrongCertificateError || /CERT|self.signed|altname/i.test(`${code} ${message}`),
    );
  }
}

/** The texts of an answer's messages, as Splunk wrote them; an HTML page's own text where it is none of splunkd's. */
export function wordsOf(text: string): string {
  try {
    return messagesIn(JSON.parse(text))
      .map(({ text: said }) => said)
      .join(' ');
  } catch {
    return text
      .replace(/<[^>]*>/g, ' ')
      .replace(/\s+/g, ' ')
      .trim()
      .slice(0, 500);
  }
}

export interface SplunkMessage {
  readonly type: string;
  readonly text: string;
}

/** Messages as any of splunkd's endpoints writes them: a list, or (for jobs of older releases) texts by kind. */
export function messagesIn(body: unknown): SplunkMessage[] {
  const { messages } = (body ?? {}) as { messages?: unknown };
  if (Array.isArray(messages)) {
    return (messages as Partial<SplunkMessage>[]).map(({ type, text }) => ({
      type: String(type ?? '').toUpperCase(),
      text: String(text ?? ''),
    }));
  }
  if (messages !== null && typeof messages === 'object') {
    return Object.entries(messages).flatMap(([type, texts]) =>
      [texts].flat().map((text) => ({ type: type.toUpperCase(), text: String(text) })),
    );
  }
  return [];
}
