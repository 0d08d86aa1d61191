import { decodeCell } from './csv-cells.ts';
import { Region } from './table-memory.ts';
import type { TableMemory } from './table-memory.ts';

export const NULL_CODE = -1;
export const UNSEEN_CODE = -2;

const ENTRY_BYTES = 16;
const ODD = 0x80000000;

/**
 * Codes for a text column's cells. Growing: a text not met before gets the next code. Fixed (`close`, or levels given):
 * it gets UNSEEN_CODE. Texts are told apart by their bytes; what is written in two ways (doubled quotes) is one level.
 */
export class Dictionary {
  readonly #memory: TableMemory;
  readonly #table: Region;
  readonly #hash: number;
  readonly #codes = new Map<string, number>();
  #mask = 63;
  #entries = 0;
  #poolEnd = 0;
  #poolLimit = 0;
  #poolBlock = 2048;
  #fixed = false;
  readonly levels: string[] = [];

  constructor(memory: TableMemory, levels?: readonly string[]) {
    this.#memory = memory;
    this.#hash = memory.reserve(4);
    this.#table = new Region(memory);
    this.#clear();
    if (levels) this.#fill(levels);
  }

  /** No level is added from now on. */
  close(): void {
    this.#fixed = true;
  }

  /** The code of one text, entered where it is new and levels may be added. */
  codeOf(text: string): number {
    const bytes = Buffer.from(text);
    const at = this.#memory.reserve(bytes.length);
    const cell = this.#memory.reserve(16);
    this.#memory.bytes.set(bytes, at);
    this.#memory.words.set([at, bytes.length], cell / 4);
    this.encode(cell, 1, cell + 8);
    return this.#memory.integers[(cell + 8) / 4];
  }

  /** Codes of `rows` text cells (place and length, 8 bytes each) at `cells`, as Int32 at `codes`. */
  encode(cells: number, rows: number, codes: number): void {
    let row = 0;
    for (;;) {
      row = this.#memory.table.encode(
        cells,
        row,
        rows,
        this.#table.address,
        this.#mask,
        this.#fixed ? 1 : 0,
        codes,
        this.#hash,
      );
      if (row >= rows) return;
      const { words, integers } = this.#memory;
      const place = words[cells / 4 + row * 2];
      const length = words[cells / 4 + row * 2 + 1];
      const code = this.#enter(place, length, words[this.#hash / 4]);
      integers[codes / 4 + row] = code;
      row++;
    }
  }

  /** The code of a text whose bytes are not in the table; entered where levels may be added. */
  #enter(place: number, length: number, hash: number): number {
    const bytes = (length & ~ODD) >>> 0;
    const raw = this.#memory.bytes.toString('utf8', place, place + bytes);
    const text = length & ODD ? decodeCell(raw) : raw;
    if (text === '') return NULL_CODE;
    let code = this.#codes.get(text);
    if (this.#fixed) return code ?? UNSEEN_CODE;
    if (code === undefined) {
      code = this.levels.length;
      this.levels.push(text);
      this.#codes.set(text, code);
    }
    const kept = this.#keep(place, bytes);
    if (this.#entries++ * 2 > this.#mask) this.#grow();
    this.#place(hash, kept, length, code);
    return code;
  }

  /** Copies a text's bytes to where they stay; what was kept before never moves. */
  #keep(place: number, bytes: number): number {
    if (this.#poolEnd + bytes + 8 > this.#poolLimit) {
      this.#poolBlock = Math.min(2 * this.#poolBlock, 16 << 20);
      const size = Math.max(this.#poolBlock, bytes + 8);
      this.#poolEnd = this.#memory.reserve(size);
      this.#poolLimit = this.#poolEnd + size;
    }
    const kept = this.#poolEnd;
    this.#memory.bytes.copyWithin(kept, place, place + bytes);
    this.#poolEnd += bytes;
    return kept;
  }

  #place(hash: number, address: number, length: number, code: number): void {
    const { words } = this.#memory;
    const table = this.#table.address / 4;
    let slot = (hash & this.#mask) >>> 0;
    while (words[table + slot * 4 + 2] !== 0) slot = (slot + 1) & this.#mask;
    words.set([hash, address, length, code], table + slot * 4);
  }

  #grow(): void {
    const old = this.#memory.words.slice(
      this.#table.address / 4,
      this.#table.address / 4 + (this.#mask + 1) * 4,
    );
    this.#mask = this.#mask * 2 + 1;
    this.#clear();
    for (let i = 0; i < old.length; i += 4) {
      if (old[i + 2] !== 0) this.#place(old[i], old[i + 1], old[i + 2], old[i + 3]);
    }
  }

  #clear(): void {
    const bytes = (this.#mask + 1) * ENTRY_BYTES;
    const table = this.#table.ensure(bytes);
    this.#memory.bytes.fill(0, table, table + bytes);
  }

  /** Enters levels by coding them as if they were cells, so that the kernel's own hash is used. */
  #fill(levels: readonly string[]): void {
    const cells = new Region(this.#memory);
    const texts = levels.map((level) => Buffer.from(level));
    const total = texts.reduce((sum, text) => sum + text.length, 0);
    const base = cells.ensure(total + 16);
    const cell = this.#memory.reserve(8);
    const code = this.#memory.reserve(4);
    let at = base;
    for (const text of texts) {
      this.#memory.bytes.set(text, at);
      this.#memory.words.set([at, text.length], cell / 4);
      this.encode(cell, 1, code);
      at += text.length;
    }
    this.#fixed = true;
  }
}
