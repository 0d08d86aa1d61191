import { Region } from '../table/table-memory.ts';
import type { TableMemory } from '../table/table-memory.ts';

/** Whole rows of a chunk that lie one behind the other. Places are addresses; 0 is none. */
export interface Block {
  readonly rows: number;
  readonly start: number;
  readonly bytes: number;
  readonly lengths: number;
  /** What each row lacks of cells. */
  readonly missing: number;
}

/** The blocks of one chunk, kept until all of its rows are scored at once: their fields, and where their rows are. */
export class KeptBlocks {
  readonly #memory: TableMemory;
  readonly #fields: Region[] = [];
  readonly #lengths: Region;
  readonly #missing: Region;
  #widths: readonly number[] = [];
  #blocks: (Omit<Block, 'lengths' | 'missing'> & { readonly short: boolean })[] = [];
  rows = 0;

  constructor(memory: TableMemory) {
    this.#memory = memory;
    this.#lengths = new Region(memory);
    this.#missing = new Region(memory);
  }

  /** @param widths Bytes that a value of each field takes. */
  clear(widths: readonly number[]): void {
    this.#widths = widths;
    this.#blocks = [];
    this.rows = 0;
  }

  /** Copies what the next block will overwrite. @param fields Addresses of the block's fields. */
  add({ rows, start, bytes, lengths, missing }: Block, fields: readonly number[]): void {
    this.#widths.forEach((width, i) => {
      this.#append((this.#fields[i] ??= new Region(this.#memory)), fields[i], rows, width);
    });
    this.#append(this.#lengths, lengths, rows, 4);
    this.#append(this.#missing, missing, rows, 4);
    this.#blocks.push({ rows, start, bytes, short: missing > 0 });
    this.rows += rows;
  }

  /** Addresses of the fields of the rows from this one on. What lies there stays until the next `clear`. */
  fieldsFrom(row: number): number[] {
    return this.#widths.map((width, i) => this.#fields[i].address + row * width);
  }

  *blocks(): Generator<Block> {
    let before = 0;
    for (const { short, ...block } of this.#blocks) {
      const missing = short ? this.#missing.address + before * 4 : 0;
      yield { ...block, lengths: this.#lengths.address + before * 4, missing };
      before += block.rows;
    }
  }

  #append(region: Region, from: number, rows: number, width: number): void {
    const used = this.rows * width;
    const at = region.ensure(used + rows * width, used) + used;
    if (from > 0) this.#memory.bytes.copyWithin(at, from, from + rows * width);
  }
}
