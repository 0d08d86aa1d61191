import { KeplerError } from '../contract/errors.ts';
import { readHeader } from '../table/header.ts';
import type { Header } from '../table/header.ts';
import { Region } from '../table/table-memory.ts';
import type { TableMemory } from '../table/table-memory.ts';
import type { Control } from './control.ts';

const LF = 10;
const QUOTE = 34;

/** Worker: the bytes of the chunk that is arriving in the shared memory. */
export class ChunkSource {
  readonly #memory: TableMemory;
  readonly #control: Control;
  readonly #region: Region;
  #bytes = 0;
  #have = 0;

  constructor(memory: TableMemory, control: Control) {
    this.#memory = memory;
    this.#control = control;
    this.#region = new Region(memory);
  }

  /** Makes room for a chunk and the line end that its last row may lack. */
  place(bytes: number): { start: number; capacity: number } {
    const start = this.#region.ensure(Math.max(bytes + 1, 1 << 20));
    return { start, capacity: this.#region.capacity - 1 };
  }

  start(bytes: number): void {
    this.#bytes = bytes;
    this.#have = 0;
  }

  get address(): number {
    return this.#region.address;
  }

  get complete(): boolean {
    return this.#have >= this.#bytes;
  }

  /**
   * Waits for more bytes. Returns the address behind those that are there; behind the last stands a line end in any case.
   */
  more(): number {
    if (!this.complete) this.#have = this.#control.waitFor(this.#have);
    const end = this.address + this.#have;
    if (!this.complete || this.#have === 0) return end;
    const { bytes } = this.#memory;
    if (bytes[end - 1] === LF) return end;
    bytes[end] = LF;
    return end + 1;
  }

  /**
   * The chunk's header; undefined where the chunk is empty or holds blank lines alone.
   * @throws KeplerError invalid_csv, duplicate_field, limit_columns
   */
  header(maxColumns: number): { header: Header | undefined; end: number } {
    for (;;) {
      const end = this.more();
      const there = this.#memory.bytes.subarray(this.address, end);
      const header = readHeader(there, maxColumns);
      if (header) return { header, end };
      if (!this.complete) continue;
      if (there.includes(QUOTE)) {
        throw new KeplerError(
          'invalid_csv',
          'The header of the chunk (line 1) opens a quote that is never closed. The search results that splunkd sent are damaged; run the search again.',
        );
      }
      return { header, end };
    }
  }
}
