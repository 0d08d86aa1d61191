/**
 * What the runtime and a template's process say to each other, over two pipes:
 *
 *   u32 bytes of the header   u32 bytes of the body   header (JSON, UTF-8)   body
 *
 * Little-endian. Bodies are Arrow IPC streams (tables, columns) or a state's bytes.
 */

export interface Frame {
  readonly header: Readonly<Record<string, unknown>>;
  readonly body: Uint8Array;
}

const PREAMBLE = 8;
/** A longer header can only be a mistake, or bytes that are no frame. */
const LONGEST_HEADER = 64 * 1024 * 1024;

/** The pieces to write, one after the other; the body is not copied. */
export function encodeFrame(header: object, body: Uint8Array = new Uint8Array(0)): Uint8Array[] {
  const json = Buffer.from(JSON.stringify(header));
  const preamble = Buffer.allocUnsafe(PREAMBLE);
  preamble.writeUInt32LE(json.length, 0);
  preamble.writeUInt32LE(body.byteLength, 4);
  return body.byteLength === 0 ? [preamble, json] : [preamble, json, body];
}

/** Cuts frames out of bytes as they come. */
export class FrameDecoder {
  readonly #maxBody: number;
  #pieces: Uint8Array[] = [];
  #bytes = 0;
  #wanted: { header: number; body: number } | null = null;

  /** @param maxBody bytes; a frame with a longer body is an error before its body is taken in */
  constructor(maxBody: number) {
    this.#maxBody = maxBody;
  }

  /** @throws Error when what comes is no frame, or a body is longer than allowed */
  *push(piece: Uint8Array): Generator<Frame> {
    this.#pieces.push(piece);
    this.#bytes += piece.byteLength;
    for (;;) {
      if (!this.#wanted) {
        if (this.#bytes < PREAMBLE) return;
        this.#wanted = this.#readPreamble();
      }
      const { header, body } = this.#wanted;
      if (this.#bytes < header + body) return;
      const json = this.#take(header);
      this.#wanted = null;
      const taken = this.#take(body);
      yield {
        header: JSON.parse(Buffer.from(json).toString('utf8')) as Frame['header'],
        // Arrow reads doubles where they lie, and they must lie at multiples of 8. (A Buffer's own slice would not copy.)
        body: taken.byteOffset % 8 === 0 ? taken : new Uint8Array(taken),
      };
    }
  }

  #readPreamble(): { header: number; body: number } {
    const preamble = Buffer.from(this.#take(PREAMBLE));
    const [header, body] = [preamble.readUInt32LE(0), preamble.readUInt32LE(4)];
    if (header > LONGEST_HEADER) throw new Error('the bytes of the pipe are no frame');
    if (body > this.#maxBody)
      throw new Error(`an answer of ${body} bytes is longer than the ${this.#maxBody} allowed`);
    return { header, body };
  }

  /** The first `count` bytes, in one piece. */
  #take(count: number): Uint8Array {
    this.#bytes -= count;
    const first = this.#pieces[0];
    if (first && first.byteLength >= count) {
      if (first.byteLength === count) this.#pieces.shift();
      else this.#pieces[0] = first.subarray(count);
      return first.subarray(0, count);
    }
    const taken = new Uint8Array(count);
    for (let at = 0; at < count;) {
      const piece = this.#pieces[0];
      const part = piece.subarray(0, count - at);
      taken.set(part, at);
      at += part.byteLength;
      if (part.byteLength === piece.byteLength) this.#pieces.shift();
      else this.#pieces[0] = piece.subarray(part.byteLength);
    }
    return taken;
  }
}
