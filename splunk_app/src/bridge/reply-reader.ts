/** Reads HTTP/1.1 replies out of a socket's bytes, which may come split anywhere. Only what Kepler's runtime sends is understood. */

export interface ReplyHead {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  readonly contentLength: number;
}

export interface ReplyHandler {
  head(head: ReplyHead): void;
  /** The bytes are valid until the call returns. */
  body(bytes: Buffer): void;
  end(): void;
}

/** The bytes are not a reply that can be understood. */
export class ReplyFormatError extends Error {}

const MAX_HEAD = 64 * 1024;
const HEAD_END = Buffer.from('\r\n\r\n', 'latin1');

export class ReplyReader {
  #pending: Buffer = Buffer.alloc(0);
  #handler: ReplyHandler | null = null;
  #remaining = -1;

  /** Expects one reply. */
  expect(handler: ReplyHandler): void {
    this.#handler = handler;
    this.#remaining = -1;
  }

  /** Takes bytes from the socket; throws `ReplyFormatError`, or what the handler throws. */
  push(bytes: Buffer): void {
    let rest = bytes;
    while (rest.length > 0) {
      const handler = this.#handler;
      if (!handler) throw new ReplyFormatError('bytes came that nobody asked for');
      rest = this.#remaining < 0 ? this.#pushHead(rest, handler) : this.#pushBody(rest, handler);
    }
  }

  #pushHead(bytes: Buffer, handler: ReplyHandler): Buffer {
    const all = this.#pending.length > 0 ? Buffer.concat([this.#pending, bytes]) : bytes;
    const end = all.indexOf(HEAD_END);
    if (end < 0) {
      if (all.length > MAX_HEAD) throw new ReplyFormatError('its head is too long');
      this.#pending = Buffer.from(all);
      return all.subarray(all.length);
    }
    this.#pending = Buffer.alloc(0);
    const head = parseHead(all.toString('latin1', 0, end));
    const rest = all.subarray(end + HEAD_END.length);
    // 1xx: a sign of life, the reply is still to come.
    if (head.status < 200) return rest;
    this.#remaining = head.contentLength;
    handler.head(head);
    if (this.#remaining === 0) this.#finish(handler);
    return rest;
  }

  #pushBody(bytes: Buffer, handler: ReplyHandler): Buffer {
    const count = Math.min(this.#remaining, bytes.length);
    this.#remaining -= count;
    handler.body(bytes.subarray(0, count));
    if (this.#remaining === 0) this.#finish(handler);
    return bytes.subarray(count);
  }

  #finish(handler: ReplyHandler): void {
    this.#handler = null;
    this.#remaining = -1;
    handler.end();
  }
}

function parseHead(text: string): ReplyHead {
  const lines = text.split('\r\n');
  const status = /^HTTP\/1\.[01] (\d{3})(?: |$)/.exec(lines[0]);
  if (!status) throw new ReplyFormatError('it is not HTTP');
  const headers = new Map<string, string>();
  for (const line of lines.slice(1)) {
    const colon = line.indexOf(':');
    if (colon < 1) throw new ReplyFormatError('a header of it has no colon');
    headers.set(line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim());
  }
  const code = Number(status[1]);
  const length = headers.get('content-length') ?? (code === 204 || code < 200 ? '0' : undefined);
  if (length === undefined || !/^\d{1,15}$/.test(length)) {
    throw new ReplyFormatError('it does not say how long it is');
  }
  return { status: code, headers, contentLength: Number(length) };
}
