import type { Readable } from 'node:stream';

/** The bytes did not follow the protocol. */
export class ProtocolError extends Error {}

const HEADER = /^chunked 1\.0,(\d+),(\d+)$/;
const LONGEST_HEADER = 64;

/** Reads a command's replies from its standard output: `chunked 1.0,<metadata>,<body>\n`, then so many bytes of each. */
export class ReplyReader {
  private readonly pieces: AsyncIterator<Buffer>;
  private held: Buffer = Buffer.alloc(0);

  constructor(stream: Readable) {
    this.pieces = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  }

  /** Bytes that came behind the last reply: in lockstep there are none. */
  get surplus(): number {
    return this.held.length;
  }

  /** The lengths that the next header declares; null at the end of output. */
  async header(): Promise<{ metadata: number; body: number } | null> {
    for (;;) {
      const end = this.held.indexOf(0x0a);
      if (end >= 0) {
        const line = this.held.toString('utf8', 0, end);
        const match = HEADER.exec(line);
        if (!match) throw new ProtocolError(`'${line.slice(0, 80)}' is not a transport header`);
        this.held = this.held.subarray(end + 1);
        return { metadata: Number(match[1]), body: Number(match[2]) };
      }
      if (this.held.length > LONGEST_HEADER) {
        throw new ProtocolError(`'${this.held.toString('utf8', 0, 80)}' is not a transport header`);
      }
      if (!(await this.more())) {
        if (this.held.length > 0) throw new ProtocolError('the output ended inside a transport header');
        return null;
      }
    }
  }

  /** The next bytes as they come, until so many have been given. */
  async *bytes(count: number): AsyncGenerator<Buffer> {
    let left = count;
    while (left > 0) {
      if (this.held.length === 0 && !(await this.more())) {
        throw new ProtocolError(`the output ended ${left} bytes before the end of a reply of ${count}`);
      }
      const piece = this.held.subarray(0, left);
      this.held = this.held.subarray(piece.length);
      left -= piece.length;
      yield piece;
    }
  }

  /** All of the next bytes. */
  async exactly(count: number): Promise<Buffer> {
    const all = Buffer.allocUnsafe(count);
    let at = 0;
    for await (const piece of this.bytes(count)) at += piece.copy(all, at);
    return all;
  }

  /** Reads to the end of output; gives how many bytes there were. */
  async rest(): Promise<number> {
    let count = this.held.length;
    this.held = Buffer.alloc(0);
    while (await this.more()) {
      count += this.held.length;
      this.held = Buffer.alloc(0);
    }
    return count;
  }

  private async more(): Promise<boolean> {
    const { value, done } = await this.pieces.next();
    if (done) return false;
    this.held = this.held.length === 0 ? value : Buffer.concat([this.held, value]);
    return true;
  }
}
