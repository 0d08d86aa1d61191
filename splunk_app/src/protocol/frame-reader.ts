/**
 * Reads chunked v2: `chunked 1.0,<metadata bytes>,<body bytes>\n<metadata JSON><body CSV>`.
 * Bodies are handed on in pieces, straight into the caller's buffer; only headers and metadata pass through a buffer here.
 */

/** Where bytes come from. Blocks until there are some. */
export interface ByteSource {
  /** Reads at most `length` bytes to `into[offset…]`; 0 only at the end of input. */
  read(into: Uint8Array, offset: number, length: number): number;
}

/** What came in was not the protocol. The message is for the person who searches. */
export class ProtocolError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ProtocolError';
  }
}

export interface FrameHead {
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly bodyLength: number;
}

const LF = 10;
const CR = 13;
const PREFIX = Buffer.from('chunked 1.0,', 'latin1');
const HEADER = /^chunked 1\.0,(\d{1,10}),(\d{1,15})$/;
const MAX_HEADER = 48;
const MAX_METADATA = 64 * 1024 * 1024;
/** The tail of a body goes through the buffer, so that bytes behind the declared length are seen at once. */
const TAIL = 32 * 1024;

export class FrameReader {
  readonly #source: ByteSource;
  #buffer = Buffer.allocUnsafeSlow(64 * 1024);
  #start = 0;
  #end = 0;
  #remaining = 0;
  #bodyLength = 0;

  constructor(source: ByteSource) {
    this.#source = source;
  }

  /** Bytes of the current body that were not read yet. */
  get remaining(): number {
    return this.#remaining;
  }

  /** The next frame's head, or null where input ends between two frames. What is left of the body before is skipped. */
  next(): FrameHead | null {
    this.skipBody();
    this.#bodyLength = 0;
    if (!this.#skipBlankLines()) return null;
    const match = HEADER.exec(this.#headerLine());
    if (!match) throw garbage(this.#buffer.subarray(this.#start, this.#end));
    this.#start += match[0].length + 1;
    const metadataLength = Number(match[1]);
    if (metadataLength > MAX_METADATA) {
      throw new ProtocolError(
        `A chunk declares ${metadataLength} bytes of metadata; ${MAX_METADATA} is the most.`,
      );
    }
    this.#need(metadataLength, 'metadata');
    const text = this.#buffer.toString('utf8', this.#start, this.#start + metadataLength);
    this.#start += metadataLength;
    this.#bodyLength = this.#remaining = Number(match[2]);
    const metadata = parseMetadata(text);
    if (this.#remaining === 0) this.#checkNothingFollows();
    return { metadata, bodyLength: this.#bodyLength };
  }

  /** Reads some of the body, at most `max` bytes; 0 once it is exhausted. Throws where input ends before the body does. */
  read(into: Uint8Array, offset: number, max: number): number {
    let wanted = Math.min(max, this.#remaining);
    if (wanted === 0) return 0;
    if (this.#start === this.#end && this.#remaining <= TAIL) this.#fill('body');
    let count: number;
    if (this.#start < this.#end) {
      wanted = Math.min(wanted, this.#end - this.#start);
      into.set(this.#buffer.subarray(this.#start, this.#start + wanted), offset);
      this.#start += wanted;
      count = wanted;
    } else {
      count = this.#source.read(into, offset, wanted);
      if (count === 0) throw this.#truncated('body');
    }
    this.#remaining -= count;
    if (this.#remaining === 0) this.#checkNothingFollows();
    return count;
  }

  /** Reads the rest of the body and drops it: a reply may be written only when the whole request was read. */
  skipBody(): void {
    if (this.#remaining === 0) return;
    const scratch = Buffer.allocUnsafe(Math.min(this.#remaining, 256 * 1024));
    while (this.read(scratch, 0, scratch.length) > 0);
  }

  /** False at the end of input. */
  #skipBlankLines(): boolean {
    for (;;) {
      while (this.#start < this.#end) {
        const byte = this.#buffer[this.#start];
        if (byte !== LF && byte !== CR) return true;
        this.#start++;
      }
      if (!this.#tryFill()) return false;
    }
  }

  #headerLine(): string {
    for (;;) {
      const at = this.#buffer.subarray(this.#start, this.#end).indexOf(LF);
      if (at >= 0)
        return this.#buffer.toString('latin1', this.#start, this.#start + Math.min(at, MAX_HEADER));
      if (this.#end - this.#start >= MAX_HEADER || !this.#mayBeHeader()) {
        throw garbage(this.#buffer.subarray(this.#start, this.#end));
      }
      this.#fill('header');
    }
  }

  /** Whether what is buffered could be the beginning of a header: garbage is told at its first byte, not at its first line end. */
  #mayBeHeader(): boolean {
    const n = Math.min(PREFIX.length, this.#end - this.#start);
    return this.#buffer.compare(PREFIX, 0, n, this.#start, this.#start + n) === 0;
  }

  #checkNothingFollows(): void {
    if (this.#start === this.#end) return;
    const first = this.#buffer[this.#start];
    if (first === LF || first === CR || this.#mayBeHeader()) return;
    throw new ProtocolError(
      `A chunk's body is longer than the ${this.#bodyLength} bytes that its header declares: ${quote(this.#buffer.subarray(this.#start, this.#end))} follows them.`,
    );
  }

  #need(count: number, what: string): void {
    while (this.#end - this.#start < count) {
      if (this.#buffer.length < count) {
        const larger = Buffer.allocUnsafeSlow(count + TAIL);
        this.#end = this.#buffer.copy(larger, 0, this.#start, this.#end);
        this.#start = 0;
        this.#buffer = larger;
      }
      this.#fill(what);
    }
  }

  #fill(what: string): void {
    if (!this.#tryFill()) throw this.#truncated(what);
  }

  #tryFill(): boolean {
    if (this.#start > 0) {
      this.#buffer.copyWithin(0, this.#start, this.#end);
      this.#end -= this.#start;
      this.#start = 0;
    }
    const count = this.#source.read(this.#buffer, this.#end, this.#buffer.length - this.#end);
    this.#end += count;
    return count > 0;
  }

  #truncated(what: string): ProtocolError {
    const missing = what === 'body' ? ` ${this.#remaining} of ${this.#bodyLength} bytes are missing.` : '';
    this.#remaining = 0;
    return new ProtocolError(`The input ended in the middle of a chunk's ${what}.${missing}`);
  }
}

function parseMetadata(text: string): Record<string, unknown> {
  if (text === '') return {};
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new ProtocolError(`A chunk's metadata is not JSON: ${(error as Error).message}.`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ProtocolError(`A chunk's metadata must be a JSON object; it is ${quote(Buffer.from(text))}.`);
  }
  return value as Record<string, unknown>;
}

function garbage(bytes: Buffer): ProtocolError {
  return new ProtocolError(
    `Expected a chunk's header ("chunked 1.0,<metadata bytes>,<body bytes>"), got ${quote(bytes)}. Either the chunk before it is longer than declared, or the command was not started by splunkd (commands.conf needs chunked = true).`,
  );
}

const quote = (bytes: Buffer): string => JSON.stringify(bytes.toString('latin1', 0, 40));
