/** Writes chunked v2. A body may follow in pieces, but never in another length than was announced. */
export interface ByteSink {
  /** Writes all of the bytes before it returns. */
  write(bytes: Uint8Array): void;
}

/** The header and the metadata of a frame; `bodyLength` bytes must follow. */
export function encodeHead(metadata: unknown, bodyLength: number): Buffer {
  const json = Buffer.from(JSON.stringify(metadata), 'utf8');
  return Buffer.concat([Buffer.from(`chunked 1.0,${json.length},${bodyLength}\n`, 'latin1'), json]);
}

export class FrameWriter {
  readonly #sink: ByteSink;
  #remaining = 0;

  constructor(sink: ByteSink) {
    this.#sink = sink;
  }

  /** Bytes that were announced and not written yet. */
  get remaining(): number {
    return this.#remaining;
  }

  /** Starts a frame. */
  begin(metadata: unknown, bodyLength: number): void {
    if (this.#remaining > 0) throw new Error(`The frame before lacks ${this.#remaining} bytes.`);
    this.#remaining = bodyLength;
    this.#sink.write(encodeHead(metadata, bodyLength));
  }

  /** Writes a piece of the body that `begin` announced. */
  write(bytes: Uint8Array): void {
    if (bytes.length > this.#remaining) {
      throw new Error(`The body exceeds what was announced by ${bytes.length - this.#remaining} bytes.`);
    }
    this.#remaining -= bytes.length;
    this.#sink.write(bytes);
  }

  /** Writes a whole frame. */
  send(metadata: unknown, body?: Uint8Array): void {
    this.begin(metadata, body?.length ?? 0);
    if (body && body.length > 0) this.write(body);
  }
}
