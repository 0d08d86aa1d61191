import { KeplerError } from '../../contract/errors.ts';

const PAGE = 65536;
const MAXIMUM_PAGES = 65536;
/** Room for the kernels' own static data. */
const FIRST_FREE = 16384;
/** Kernels read up to a vector beyond the end of an array. */
const SLACK = 64;

/**
 * Typed arrays in one shared memory, which kernels and all threads of a fit see. Arrays are never given back one by one:
 * the memory goes with the fit.
 */
export class Arena {
  readonly memory: WebAssembly.Memory;
  private top: number;

  constructor(memory?: WebAssembly.Memory, top = FIRST_FREE) {
    this.memory = memory ?? new WebAssembly.Memory({ initial: 2, maximum: MAXIMUM_PAGES, shared: true });
    this.top = top;
  }

  bytes(length: number): Uint8Array {
    const start = this.take(length);
    return new Uint8Array(this.memory.buffer, start, length);
  }
  shorts(length: number): Uint16Array {
    const start = this.take(2 * length);
    return new Uint16Array(this.memory.buffer, start, length);
  }
  integers(length: number): Int32Array {
    const start = this.take(4 * length);
    return new Int32Array(this.memory.buffer, start, length);
  }
  words(length: number): Uint32Array {
    const start = this.take(4 * length);
    return new Uint32Array(this.memory.buffer, start, length);
  }
  floats(length: number): Float32Array {
    const start = this.take(4 * length);
    return new Float32Array(this.memory.buffer, start, length);
  }
  doubles(length: number): Float64Array {
    const start = this.take(8 * length);
    return new Float64Array(this.memory.buffer, start, length);
  }

  /** May grow the memory, which changes `memory.buffer`: views made before stay good. */
  private take(bytes: number): number {
    const start = this.top;
    const end = start + Math.ceil((bytes + SLACK) / 64) * 64;
    const missing = Math.ceil((end - this.memory.buffer.byteLength) / PAGE);
    if (missing > 0) {
      if (this.memory.buffer.byteLength / PAGE + missing > MAXIMUM_PAGES) {
        throw new KeplerError(
          'limit_memory',
          'The training data take more than the 4 GB that trees can be trained in. Use fewer fields or rows.',
        );
      }
      this.memory.grow(missing);
    }
    this.top = end;
    return start;
  }
}
