import scoringBytes from '#kernels/scoring.wasm';
import tableBytes from '#kernels/table.wasm';
import { KeplerError } from '../contract/errors.ts';
import type { ScoringKernels, TableKernels } from './kernels.ts';
import { writeLookupTables } from './lookup-tables.ts';
import type { ScoringCrew } from './scoring-crew.ts';

const PAGE = 65536;
/** Addresses stay below 2^31, so that WebAssembly's signed integers are the same numbers in JavaScript. */
const MAX_PAGES = 32767;
/** Kernels read and write up to so many bytes past what they are given. */
export const SLACK = 64;

/** Called for cells that the parse kernel does not read itself; NaN for null. */
export type ReadRare = (start: number, length: number, column: number) => number;

export function newSharedMemory(): WebAssembly.Memory {
  return new WebAssembly.Memory({ initial: 4, maximum: MAX_PAGES, shared: true });
}

/** Makes the memory at least so large. Another thread's views stay valid, but end where they ended. */
export function growMemory(memory: WebAssembly.Memory, bytes: number): void {
  const lacking = Math.ceil((bytes - memory.buffer.byteLength) / PAGE);
  if (lacking <= 0) return;
  try {
    memory.grow(lacking);
  } catch (cause) {
    throw new KeplerError(
      'limit_memory',
      `The runtime has no memory left for this search: ${Math.ceil(bytes / 2 ** 20)} MB were needed for one chunk of rows and their columns. Search fewer fields with "fields", or give the runtime more memory.`,
      { cause },
    );
  }
}

let modules: { table: WebAssembly.Module; scoring: WebAssembly.Module } | undefined;

/**
 * One shared memory with the kernels over it. Regions are laid out one behind the other from `free` on and never given back:
 * whoever needs one for long keeps it in a `Region`, which at least doubles when it grows. Views are made anew when the memory
 * has grown: take them from here each time.
 */
export class TableMemory {
  readonly memory: WebAssembly.Memory;
  readonly table: TableKernels;
  readonly scoring: ScoringKernels;
  /** First byte behind the lookup tables. */
  readonly free: number;
  readRare: ReadRare = () => NaN;
  /** Where costly models are scored by more threads than this one. */
  crew?: ScoringCrew;
  #top: number;
  #buffer!: ArrayBufferLike;
  #bytes!: Buffer;
  #doubles!: Float64Array;
  #words!: Uint32Array;
  #integers!: Int32Array;

  constructor(memory: WebAssembly.Memory) {
    this.memory = memory;
    modules ??= { table: new WebAssembly.Module(tableBytes), scoring: new WebAssembly.Module(scoringBytes) };
    const table = new WebAssembly.Instance(modules.table, {
      env: {
        memory,
        readRare: (start: number, length: number, column: number) => this.readRare(start, length, column),
      },
    }).exports;
    this.table = table as unknown as TableKernels;
    this.scoring = new WebAssembly.Instance(modules.scoring, { env: { memory } })
      .exports as unknown as ScoringKernels;
    const place = (name: string): number => (table[name] as WebAssembly.Global).value as number;
    this.free = place('FREE');
    this.#top = this.free;
    growMemory(memory, this.free);
    this.#refresh();
    writeLookupTables(memory.buffer, {
      shuffles: place('SHUFFLES'),
      powersOfFive: place('POWERS_OF_FIVE'),
      powersForWriting: place('POWERS_FOR_WRITING'),
      digitPairs: place('DIGIT_PAIRS'),
      divisors: place('DIVISORS'),
    });
  }

  /** A region of so many bytes and some slack, at a multiple of 64. */
  reserve(bytes: number): number {
    const start = this.#top;
    this.#top = Math.ceil((start + bytes + SLACK) / 64) * 64;
    growMemory(this.memory, this.#top);
    return start;
  }

  /** The place up to which regions are laid out. */
  get mark(): number {
    return this.#top;
  }

  /** Forgets all regions: for another job, which makes its own. */
  reset(): void {
    this.#top = this.free;
  }

  get bytes(): Buffer {
    this.#refresh();
    return this.#bytes;
  }

  get doubles(): Float64Array {
    this.#refresh();
    return this.#doubles;
  }

  get words(): Uint32Array {
    this.#refresh();
    return this.#words;
  }

  get integers(): Int32Array {
    this.#refresh();
    return this.#integers;
  }

  #refresh(): void {
    const buffer = this.memory.buffer;
    if (buffer === this.#buffer) return;
    this.#buffer = buffer;
    this.#bytes = Buffer.from(buffer as ArrayBuffer);
    const whole = buffer.byteLength & ~7;
    this.#doubles = new Float64Array(buffer, 0, whole / 8);
    this.#words = new Uint32Array(buffer, 0, whole / 4);
    this.#integers = new Int32Array(buffer, 0, whole / 4);
  }
}

/** A piece of the memory that grows by moving to the end, so what it leaves behind is never more than what it holds. */
export class Region {
  readonly #memory: TableMemory;
  #address = 0;
  #capacity = 0;

  constructor(memory: TableMemory) {
    this.#memory = memory;
  }

  get address(): number {
    return this.#address;
  }

  get capacity(): number {
    return this.#capacity;
  }

  /** Makes room for so many bytes; the first `keep` move along. Returns the address. */
  ensure(bytes: number, keep = 0): number {
    if (bytes <= this.#capacity) return this.#address;
    const capacity = Math.max(bytes, Math.min(2 * this.#capacity, this.#capacity + (256 << 20)), 256);
    const address = this.#memory.reserve(capacity);
    if (keep > 0) this.#memory.bytes.copyWithin(address, this.#address, this.#address + keep);
    this.#address = address;
    this.#capacity = capacity;
    return address;
  }
}
