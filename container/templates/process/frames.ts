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

/** The pieces to write, one after the other; those of the body are not copied. */
export function encodeFrame(header: object, ...body: readonly (Uint8Array | undefined)[]): Uint8Array[] {
  const json = Buffer.from(JSON.stringify(header));
  const preamble = Buffer.allocUnsafe(PREAMBLE);
  preamble.writeUInt32LE(json.length, 0);
  const pieces = body.filter((piece): piece is Uint8Array => piece !== undefined && piece.byteLength > 0);
  preamble.writeUInt32LE(
    pieces.reduce((sum, piece) => sum + piece.byteLength, 0),
    4,
  );
  return [preamble, json, ...pieces];
}

/** A body is given so much room at once; a longer one, more as it comes. */
const FIRST_ROOM = 16 * 1024 * 1024;

/** Cuts frames out of bytes as they come. */
export class FrameDecoder {
  readonly #maxBody: number;
  readonly #preamble = new Filling(PREAMBLE);
  #header: Filling | null = null;
  #body: Filling | null = null;

  /** @param maxBody bytes; a frame with a longer body is an error before its body is taken in */
  constructor(maxBody: number) {
    this.#maxBody = maxBody;
  }

  /** @param piece may be used again afterwards @throws Error when what comes is no frame, or a body is longer than allowed */
  *push(piece: Uint8Array): Generator<Frame> {
    let rest = piece;
    for (;;) {
      if (!this.#header || !this.#body) {
        rest = this.#preamble.take(rest);
        if (!this.#preamble.full) return;
        this.#readPreamble();
      }
      const [header, body] = [this.#header!, this.#body!];
      rest = body.take(header.take(rest));
      if (!header.full || !body.full) return;
      this.#header = this.#body = null;
      this.#preamble.empty();
      const json = Buffer.from(header.bytes.buffer).toString('utf8');
      yield { header: JSON.parse(json) as Frame['header'], body: body.bytes };
    }
  }

  #readPreamble(): void {
    const preamble = Buffer.from(this.#preamble.bytes.buffer);
    const [header, body] = [preamble.readUInt32LE(0), preamble.readUInt32LE(4)];
    if (header > LONGEST_HEADER) throw new Error('the bytes of the pipe are no frame');
    if (body > this.#maxBody)
      throw new Error(`an answer of ${body} bytes is longer than the ${this.#maxBody} allowed`);
    this.#header = new Filling(header);
    // In memory of its own: Arrow reads doubles where they lie, and they must lie at multiples of 8.
    this.#body = new Filling(body);
  }
}

/** So many bytes, of which some have come. */
class Filling {
  readonly #wanted: number;
  #filled = 0;
  bytes: Uint8Array<ArrayBuffer>;

  constructor(wanted: number) {
    this.#wanted = wanted;
    this.bytes = new Uint8Array(Math.min(wanted, FIRST_ROOM));
  }

  get full(): boolean {
    return this.#filled === this.#wanted;
  }

  empty(): void {
    this.#filled = 0;
  }

  /** Copies what is wanted of the bytes; returns the others. */
  take(piece: Uint8Array): Uint8Array {
    const count = Math.min(piece.byteLength, this.#wanted - this.#filled);
    if (this.#filled + count > this.bytes.byteLength) this.#grow(this.#filled + count);
    this.bytes.set(piece.subarray(0, count), this.#filled);
    this.#filled += count;
    return piece.subarray(count);
  }

  #grow(least: number): void {
    const larger = new Uint8Array(Math.min(this.#wanted, Math.max(least, 2 * this.bytes.byteLength)));
    larger.set(this.bytes.subarray(0, this.#filled));
    this.bytes = larger;
  }
}
