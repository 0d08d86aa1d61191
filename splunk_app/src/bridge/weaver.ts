import kernel from '#kernels/splice.wasm';
import { KeplerError } from '../../../container/contract/errors.ts';
import {
  SPLICE_CRLF,
  SPLICE_LONG_ROW,
  SPLICE_LONG_TEXT,
  SPLICE_PREAMBLE_BYTES,
} from '../../../container/contract/splice.ts';

interface Kernel {
  measure(chunk: number, chunkEnd: number, list: number, listEnd: number): number;
  weave(listEnd: number, to: number, toEnd: number): number;
}

/** Memory: the kernel's state and data, the block that is written out, the chunk, behind it the list. */
const STATE = 64;
const BLOCK = 64 * 1024;
const BLOCK_BYTES = 1 << 20;
/** The kernel copies in steps of 16 bytes and may touch some bytes behind each region. */
const SLACK = 64;
const CHUNK = BLOCK + BLOCK_BYTES + SLACK;
const PAGE = 65536;
/** Memory is reused from chunk to chunk; what a single large chunk needed is not kept above this. */
const KEEP_BYTES = 256 << 20;

/**
 * Holds one chunk's bytes and makes the reply out of them and the runtime's splice list. The memory is the kernel's own, so
 * that bytes are read from splunkd, sent to the runtime and woven from one and the same place.
 */
export class Weaver {
  #memory!: WebAssembly.Memory;
  #kernel!: Kernel;
  #bytes!: Buffer;
  #chunkLength = 0;
  #list = 0;
  #listLength = 0;

  constructor() {
    this.#start();
  }

  #start(): void {
    this.#memory = new WebAssembly.Memory({ initial: 64 });
    const instance = new WebAssembly.Instance(new WebAssembly.Module(kernel), {
      env: { memory: this.#memory, abort: () => {} },
    });
    this.#kernel = instance.exports as unknown as Kernel;
    this.#bytes = Buffer.from(this.#memory.buffer);
  }

  /** Room for a chunk of so many bytes. Earlier views are void after it. */
  chunk(length: number): Buffer {
    if (this.#bytes.length > KEEP_BYTES && length < KEEP_BYTES / 2) this.#start();
    this.#chunkLength = length;
    this.#reserve(CHUNK + length + SLACK);
    return this.#bytes.subarray(CHUNK, CHUNK + length);
  }

  /** Room for the list that belongs to the chunk. */
  list(length: number): Buffer {
    this.#list = Math.ceil((CHUNK + this.#chunkLength + SLACK) / 16) * 16;
    this.#listLength = length;
    this.#reserve(this.#list + length + SLACK);
    return this.#bytes.subarray(this.#list, this.#list + length);
  }

  /**
   * Bytes of the woven table, after checking that the list fits the chunk and comes to what it announces.
   * Throws `bad_reply` before anything is written.
   */
  check(): number {
    const list = this.#list;
    if (this.#listLength < SPLICE_PREAMBLE_BYTES) throw misfit('it is cut short');
    const oldHeader = this.#bytes.readUInt32LE(list);
    const total = this.#bytes.readUInt32LE(list + 4);
    const newHeader = this.#bytes.readUInt32LE(list + 8);
    if (oldHeader > this.#chunkLength || SPLICE_PREAMBLE_BYTES + newHeader > this.#listLength) {
      throw misfit('its headers exceed the chunk or the list');
    }
    const rows = this.#kernel.measure(
      CHUNK + oldHeader,
      CHUNK + this.#chunkLength,
      list + SPLICE_PREAMBLE_BYTES + newHeader,
      list + this.#listLength,
    );
    if (rows < 0) throw misfit('its rows are not those of the chunk');
    if (rows + newHeader !== total) throw misfit(`it comes to ${rows + newHeader} bytes, not to ${total}`);
    return total;
  }

  /** Hands the woven table on in blocks that are valid until `write` returns. Call `check` first. */
  weave(write: (bytes: Uint8Array) => void): void {
    const list = this.#list;
    const listEnd = list + this.#listLength;
    const headerEnd = list + SPLICE_PREAMBLE_BYTES + this.#bytes.readUInt32LE(list + 8);
    write(this.#bytes.subarray(list + SPLICE_PREAMBLE_BYTES, headerEnd));
    this.#bytes.writeUInt32LE(CHUNK + this.#bytes.readUInt32LE(list), STATE);
    this.#bytes.writeUInt32LE(headerEnd, STATE + 4);
    while (this.#bytes.readUInt32LE(STATE + 4) < listEnd) {
      const end = this.#kernel.weave(listEnd, BLOCK, BLOCK + BLOCK_BYTES);
      if (end > BLOCK) write(this.#bytes.subarray(BLOCK, end));
      else this.#passLargeRow(write);
    }
  }

  /** A row that is larger than the block is written from where it lies. */
  #passLargeRow(write: (bytes: Uint8Array) => void): void {
    const bytes = this.#bytes;
    const chunk = bytes.readUInt32LE(STATE);
    let at = bytes.readUInt32LE(STATE + 4);
    let row = bytes.readUInt16LE(at);
    at += 2;
    if (row === SPLICE_LONG_ROW) {
      row = bytes.readUInt32LE(at);
      at += 4;
    }
    const mark = bytes[at++];
    let text = mark & ~SPLICE_CRLF;
    if (text === SPLICE_LONG_TEXT) {
      text = bytes.readUInt32LE(at);
      at += 4;
    }
    write(bytes.subarray(chunk, chunk + row));
    write(bytes.subarray(at, at + text));
    bytes.writeUInt32LE(chunk + row + (mark & SPLICE_CRLF ? 2 : 1), STATE);
    bytes.writeUInt32LE(at + text, STATE + 4);
  }

  #reserve(bytes: number): void {
    const missing = bytes - this.#bytes.length;
    if (missing <= 0) return;
    this.#memory.grow(Math.ceil(missing / PAGE));
    this.#bytes = Buffer.from(this.#memory.buffer);
  }
}

const misfit = (why: string): KeplerError =>
  new KeplerError(
    'bad_reply',
    `The runtime's reply does not fit the rows that were sent: ${why}. No rows were changed. Check that app and runtime are of the same version, and report this if they are.`,
  );
