/** One HTTP Event Collector: sends batches, and says what its answers mean. */
import { createHash, randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { ZlibOptions } from 'node:zlib';
import { Agent, request } from 'undici';
import { pinnedConnector } from '../pinned-connect.ts';
import { retryAfterMs } from './backoff.ts';

const compress = promisify<string | Buffer, ZlibOptions, Buffer>(gzip);
const ANSWER_MS = 30_000;

export interface CollectorSettings {
  /** `https://host:8088`, with or without `/services/collector`. */
  readonly url: string;
  readonly token: string;
  /** The token asks for acknowledgement (useACK). */
  readonly ack: boolean;
  /** SHA-256 of the only certificate to trust, hexadecimal; without it the system's authorities decide. */
  readonly fingerprint?: string;
  /** Certificate authority in PEM form. */
  readonly ca?: string;
}

export type Answer =
  /** Taken; with acknowledgement only once `acknowledged` says so. `slow`: the queue fills up. */
  | { readonly kind: 'taken'; readonly ackId?: number; readonly slow: boolean }
  /** Not taken, and the same may succeed later. */
  | { readonly kind: 'later'; readonly reason: string; readonly afterMs: number }
  /** The batch holds something that will never be taken; `event` is its number where the answer tells. */
  | { readonly kind: 'refused'; readonly reason: string; readonly event?: number }
  /** Nothing will be taken until somebody changes the settings. */
  | { readonly kind: 'misconfigured'; readonly reason: string };

/** Codes of HEC that speak of the token, not of the events. */
const TOKEN_CODES = new Set([1, 2, 3, 4, 14, 21, 22]);
const NEARLY_FULL = new Set([24, 25]);

interface Body {
  readonly text?: string;
  readonly code?: number;
  readonly ackId?: number;
  readonly 'invalid-event-number'?: number;
}

export class Collector {
  readonly #settings: CollectorSettings;
  readonly #agent: Agent;
  readonly #base: string;
  /** Names this client's events to a collector that acknowledges. */
  readonly channel: string;
  /** Tells this collector and token from others, without the token. */
  readonly identity: string;

  /** @param channel a GUID: the one of an earlier process, if that process's acknowledgements are to be asked for */
  constructor(settings: CollectorSettings, channel: string = randomUUID()) {
    this.#settings = settings;
    this.channel = channel;
    this.identity = identityOf(settings);
    this.#base = settings.url.replace(/\/+$/, '').replace(/\/services\/collector(\/event)?$/, '');
    this.#agent = new Agent({ connections: 2, connect: pinnedConnector(settings, 'the collector') });
  }

  /** Sends lines of HEC's JSON as one gzipped batch. Never rejects: whatever happens has a meaning for the queue. */
  async send(lines: readonly string[]): Promise<Answer> {
    return this.sendPacked(await pack(lines.join('\n')));
  }

  /** Sends what `pack` made. Never rejects. */
  async sendPacked(packed: Buffer): Promise<Answer> {
    try {
      return await this.#answer(packed);
    } catch (error) {
      return { kind: 'later', reason: reasonOf(error), afterMs: 0 };
    }
  }

  /** Which of these acknowledgements have come. @throws on a network error */
  async acknowledged(ids: readonly number[]): Promise<Set<number>> {
    const { statusCode, body } = await this.#post(
      `/services/collector/ack?channel=${this.channel}`,
      JSON.stringify({ acks: ids }),
      {},
    );
    const answer = (await body.json()) as { acks?: Record<string, boolean>; text?: string };
    if (statusCode !== 200 || !answer.acks)
      throw new Error(`acknowledgement was refused: ${answer.text ?? statusCode}`);
    return new Set(ids.filter((id) => answer.acks?.[String(id)] === true));
  }

  async close(): Promise<void> {
    await this.#agent.destroy();
  }

  async #answer(gzipped: Buffer): Promise<Answer> {
    const { statusCode, headers, body } = await this.#post('/services/collector/event', gzipped, {
      'content-encoding': 'gzip',
    });
    const said = readBody(await body.text());
    const reason = `the collector answered ${statusCode}${said.text === undefined ? '' : ` (${said.text}, code ${said.code})`}`;
    if (statusCode === 200)
      return { kind: 'taken', ackId: said.ackId, slow: NEARLY_FULL.has(said.code ?? 0) };
    if (statusCode === 429 || statusCode >= 500) {
      const header = headers['retry-after'];
      return { kind: 'later', reason, afterMs: retryAfterMs(Array.isArray(header) ? header[0] : header) };
    }
    if (statusCode === 401 || statusCode === 403 || TOKEN_CODES.has(said.code ?? 0)) {
      return { kind: 'misconfigured', reason };
    }
    if (statusCode === 404)
      return { kind: 'misconfigured', reason: `${reason}: is ${this.#base} a collector?` };
    return { kind: 'refused', reason, event: said['invalid-event-number'] };
  }

  async #post(path: string, body: Buffer | string, headers: Record<string, string>) {
    return request(`${this.#base}${path}`, {
      dispatcher: this.#agent,
      method: 'POST',
      body,
      headers: {
        authorization: `Splunk ${this.#settings.token}`,
        'content-type': 'application/json',
        ...(this.#settings.ack && { 'x-splunk-request-channel': this.channel }),
        ...headers,
      },
      headersTimeout: ANSWER_MS,
      bodyTimeout: ANSWER_MS,
    });
  }
}

/** Lines of HEC's JSON as one gzipped batch. Quick rather than small: the collector is near. */
export function pack(lines: string | Buffer): Promise<Buffer> {
  return compress(lines, { level: 1 });
}

/** The same for the same address and token, whichever process asks. */
export function identityOf({ url, token }: CollectorSettings): string {
  return createHash('sha256').update(`${url}\n${token}`).digest('hex').slice(0, 32);
}

/** 413 and 415 come as HTML. */
function readBody(text: string): Body {
  try {
    return JSON.parse(text) as Body;
  } catch {
    return {};
  }
}

function reasonOf(error: unknown): string {
  const { message, code } = error as NodeJS.ErrnoException;
  return message || code || String(error);
}
