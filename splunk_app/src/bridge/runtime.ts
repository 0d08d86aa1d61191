import { KeplerError } from '../../../container/contract/errors.ts';
import type { ReplyMeta } from '../../../container/contract/requests.ts';
import { TOKEN_LIFETIME_S } from '../../../container/contract/token.ts';
import { CONTRACT_VERSION, KEPLER_VERSION } from '../../../container/contract/version.ts';
import { HEADERS, MEDIA } from '../../../container/contract/wire.ts';
import { ChunkReply, JsonReply, type TableSink } from './chunk-reply.ts';
import { Connection, ConnectionLostError } from './connection.ts';
import { headKey, signToken, type Claims, type HeadKey } from './identity.ts';
import { ReplyFormatError } from './reply-reader.ts';
import type { BridgeSettings } from './settings.ts';
import type { Weaver } from './weaver.ts';

/** A chunk's CSV as it comes from splunkd. */
export interface ChunkBody {
  readonly bodyLength: number;
  /** Reads at most `max` bytes to `into[offset…]`; 0 at the end. Blocks until there are some. */
  read(into: Uint8Array, offset: number, max: number): number;
}

/** Bytes read from splunkd and sent on at a time. */
const STEP = 1 << 20;
/** A token is signed anew when it has less than this to live. */
const RENEW_S = 60;

/** The door to the runtime: one search command's requests, one after another, over one kept-alive connection. */
export class Runtime {
  readonly #settings: BridgeSettings;
  #claims: Claims;
  #head: HeadKey | null = null;
  #token = '';
  #tokenEnds = 0;
  #connection: Connection | null = null;
  /** Tells an opening that was overtaken by `close` from the one that is wanted. */
  #opened = 0;

  constructor(settings: BridgeSettings, claims: Claims) {
    this.#settings = settings;
    this.#claims = claims;
  }

  /** From here on the requests speak for a user who may do this. */
  setClaims(claims: Partial<Pick<Claims, 'roles' | 'capabilities' | 'apps'>>): void {
    this.#claims = { ...this.#claims, ...claims };
    this.#tokenEnds = 0;
  }

  /** Asks a short question. Sent again once where the connection breaks before an answer and `repeatable` says so. */
  async ask<T>(
    method: 'GET' | 'POST' | 'PUT',
    path: string,
    body: unknown,
    options: { repeatable: boolean; silenceMs?: number; onSent?: () => void },
  ): Promise<T> {
    const json = body === undefined ? Buffer.alloc(0) : Buffer.from(JSON.stringify(body), 'utf8');
    const head = this.#requestHead(method, path, json.length, [
      'accept: application/json',
      ...(body === undefined ? [] : ['content-type: application/json']),
    ]);
    return this.#repeating(options.repeatable, async (connection) => {
      const reply = new JsonReply();
      await connection.exchange(
        (write) => write(Buffer.concat([head, json])),
        reply,
        options.silenceMs ?? this.#settings.replyMs,
        options.onSent,
      );
      return reply.value as T;
    });
  }

  /**
   * Sends a chunk that stands for itself and weaves or passes on the reply. The chunk is kept in the weaver's memory, so that
   * it can be sent again where a connection broke before the first byte of a reply.
   */
  async apply(
    path: string,
    meta: unknown,
    body: ChunkBody,
    weaver: Weaver,
    sink: TableSink,
  ): Promise<ReplyMeta> {
    this.#checkSize(body.bodyLength);
    const chunk = weaver.chunk(body.bodyLength);
    const head = this.#chunkHead(path, meta, body.bodyLength, `${MEDIA.splice}, ${MEDIA.csv}`);
    let read = 0;
    return this.#repeating(true, async (connection) => {
      const reply = new ChunkReply(sink, weaver);
      await connection.exchange(
        async (write) => {
          await write(head);
          for (let sent = 0; sent < chunk.length;) {
            if (sent === read) read += body.read(chunk, read, STEP);
            await write(chunk.subarray(sent, read));
            sent = read;
          }
        },
        reply,
        this.#settings.replyMs,
      );
      return reply.meta;
    });
  }

  /**
   * Sends a chunk of a job that collects. Resolves when all of it is sent: `reply` settles later, with what the runtime said.
   * Where `keep` is given, the chunk's bytes are left in it. Never sent twice.
   */
  async collect(
    path: string,
    meta: unknown,
    body: ChunkBody,
    sink: TableSink,
    options: { keep?: KeptChunk; last: boolean },
  ): Promise<{ reply: Promise<ReplyMeta> }> {
    this.#checkSize(body.bodyLength);
    const head = this.#chunkHead(path, meta, body.bodyLength, MEDIA.csv);
    const buffer = options.keep
      ? options.keep.reserve(body.bodyLength)
      : (this.#step ??= Buffer.allocUnsafeSlow(STEP));
    const silenceMs = options.last ? this.#settings.workMs : this.#settings.replyMs;
    let sent!: () => void;
    const allSent = new Promise<void>((resolve) => (sent = resolve));
    const reply = this.#repeating(false, async (connection) => {
      const handler = new ChunkReply(sink, null);
      await connection.exchange(
        async (write) => {
          await write(head);
          for (let done = 0; done < body.bodyLength;) {
            const at = options.keep ? done : 0;
            const count = body.read(buffer, at, STEP);
            await write(buffer.subarray(at, at + count));
            done += count;
          }
        },
        handler,
        silenceMs,
        sent,
      );
      return handler.meta;
    });
    reply.catch(() => {});
    await Promise.race([allSent, reply]);
    return { reply };
  }

  #step: Buffer | null = null;

  /** Drops the connection, and with it what is still being asked; the next request opens another. */
  close(): void {
    this.#opened++;
    this.#connection?.close();
    this.#connection = null;
  }

  async #repeating<T>(repeatable: boolean, request: (connection: Connection) => Promise<T>): Promise<T> {
    for (let attempt = 0; ; attempt++) {
      const connection = await this.#connected();
      try {
        return await request(connection);
      } catch (error) {
        const lost = error instanceof ConnectionLostError;
        if (lost && repeatable && attempt === 0 && !error.replyBegan) continue;
        throw explain(error, this.#settings.address.url);
      }
    }
  }

  async #connected(): Promise<Connection> {
    if (this.#connection?.usable) return this.#connection;
    const turn = ++this.#opened;
    const connection = await Connection.open(this.#settings.address, this.#settings.connectMs);
    if (turn !== this.#opened) {
      connection.close();
      throw new ConnectionLostError('it was no longer wanted', true);
    }
    this.#connection = connection;
    return connection;
  }

  #checkSize(bytes: number): void {
    if (bytes <= this.#settings.maxChunkBytes) return;
    throw new KeplerError(
      'limit_body',
      `splunkd sent a chunk of ${(bytes / (1 << 20)).toFixed(0)} MB; ${this.#settings.maxChunkBytes >> 20} MB is the most. Pass fewer or smaller fields (| fields …), or raise max_chunk_mb in kepler.conf [runtime:main].`,
    );
  }

  #chunkHead(path: string, meta: unknown, bytes: number, accept: string): Buffer {
    const json = Buffer.from(JSON.stringify(meta), 'utf8');
    const head = this.#requestHead('POST', path, json.length + bytes, [
      `accept: ${accept}`,
      `content-type: ${MEDIA.chunk}`,
      `${HEADERS.metaLength}: ${json.length}`,
    ]);
    return Buffer.concat([head, json]);
  }

  #requestHead(method: string, path: string, length: number, headers: readonly string[]): Buffer {
    const lines = [
      `${method} ${path} HTTP/1.1`,
      'host: kepler',
      `authorization: Bearer ${this.#currentToken()}`,
      `${HEADERS.contract}: ${CONTRACT_VERSION}`,
      `${HEADERS.release}: ${KEPLER_VERSION}`,
      `content-length: ${length}`,
      ...headers,
    ];
    return Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
  }

  #currentToken(): string {
    const now = Math.floor(Date.now() / 1000);
    if (now > this.#tokenEnds - RENEW_S) {
      this.#head ??= headKey(this.#settings.splunkHome);
      this.#token = signToken(this.#head, this.#claims, now);
      this.#tokenEnds = now + TOKEN_LIFETIME_S;
    }
    return this.#token;
  }
}

/** A chunk that is kept to be given back; its memory is used again for the next. */
export class KeptChunk {
  #memory: Buffer = Buffer.alloc(0);
  bytes: Buffer = this.#memory;

  reserve(length: number): Buffer {
    if (this.#memory.length < length) this.#memory = Buffer.allocUnsafeSlow(Math.ceil(length * 1.25));
    this.bytes = this.#memory.subarray(0, length);
    return this.bytes;
  }
}

function explain(error: unknown, url: string): unknown {
  // This app asks for nothing that a runtime of its own release has not.
  if (error instanceof KeplerError && error.code === 'not_found' && !error.message.includes('upgrade')) {
    return new KeplerError(
      'not_found',
      `${error.message} The runtime at ${url} is older than this app (Kepler ${KEPLER_VERSION}): upgrade the runtime.`,
      { cause: error },
    );
  }
  if (error instanceof ConnectionLostError) {
    return new KeplerError(
      'runtime_lost',
      `The Kepler runtime at ${url} ended the connection in the middle of this search (${error.message}). No model was made and no rows were changed by it. Run the search again; if it happens again, look into the runtime's log for the reason.`,
      { cause: error },
    );
  }
  if (error instanceof ReplyFormatError) {
    return new KeplerError(
      'bad_reply',
      `What answers at ${url} does not speak as a Kepler runtime does: ${error.message}. Check url in kepler.conf [runtime:main].`,
      { cause: error },
    );
  }
  return error;
}
