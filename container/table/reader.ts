import { KeplerError } from '../contract/errors.ts';
import { decodeCell } from './csv-cells.ts';
import type { Header } from './header.ts';
import { readNumber } from './numbers.ts';
import { Region } from './table-memory.ts';
import type { TableMemory } from './table-memory.ts';

/** How a column is read. */
export const SKIP = 0;
export const NUMBER = 1;
export const TEXT = 2;

const JOB_BYTES = 56;
const STATUS_LONG_ROW = 1;
/** Values of a block stay in the processor's cache. */
const BLOCK_BYTES = 2 << 20;
const MAX_BLOCK_ROWS = 4096;
/** Ends of cells that are found before the cells are read: few enough that these cells are still in the first cache then. */
const ENDS = 2048;
/** A cell of more bytes is no number. */
const LONGEST_NUMBER = 4096;
const TEXT_READING = { kind: 'text' } as const;

/** What was found where numbers are wanted, by column of the header. */
export interface Rarities {
  /** Cells that hold text. */
  text: Uint32Array;
  /** Cells that hold NaN or an infinity. */
  notFinite: Uint32Array;
  /** The first text found. */
  sample: (string | undefined)[];
}

/**
 * Reads the rows of one chunk, block after block, into columns of 8 bytes a cell that lie in the shared memory.
 * Only the columns that are wanted are kept; the rows' lengths and the cells that short rows lack are kept for the reply.
 */
export class ChunkReader {
  readonly #memory: TableMemory;
  readonly #job: number;
  readonly #kinds: Region;
  readonly #values: Region;
  readonly #lengths: Region;
  readonly #missing: Region;
  readonly #ends: Region;
  #header!: Header;
  #start = 0;
  #position = 0;
  #kept: Int32Array = new Int32Array(0);
  #kindsNow: Uint8Array = new Uint8Array(0);
  #maxRows = 0;
  #rowsBefore = 0;
  /** Start of the block's first row, and behind its last. */
  blockStart = 0;
  blockEnd = 0;
  /** Rows of the block that lack cells. */
  shortRows = 0;
  rarities: Rarities = { text: new Uint32Array(0), notFinite: new Uint32Array(0), sample: [] };

  constructor(memory: TableMemory) {
    this.#memory = memory;
    this.#job = memory.reserve(JOB_BYTES);
    this.#kinds = new Region(memory);
    this.#values = new Region(memory);
    this.#lengths = new Region(memory);
    this.#missing = new Region(memory);
    this.#ends = new Region(memory);
  }

  /**
   * @param start Address of the chunk's first byte.
   * @param kinds SKIP, NUMBER or TEXT for each column of the header.
   */
  open(start: number, header: Header, kinds: Uint8Array): void {
    this.#memory.readRare = (place, length, column) => this.#readRare(place, length, column);
    this.#header = header;
    this.#start = start;
    this.#position = start + header.bytes;
    this.#rowsBefore = 0;
    const columns = header.names.length;
    this.rarities = {
      text: new Uint32Array(columns),
      notFinite: new Uint32Array(columns),
      sample: new Array<string | undefined>(columns).fill(undefined),
    };
    this.setKinds(kinds);
  }

  /** Changes how columns are read from the next block on. */
  setKinds(kinds: Uint8Array): void {
    this.#kindsNow = kinds;
    this.#memory.bytes.set(kinds, this.#kinds.ensure(kinds.length));
    this.#kept = new Int32Array(kinds.length).fill(-1);
    let kept = 0;
    for (let c = 0; c < kinds.length; c++) if (kinds[c] !== SKIP) this.#kept[c] = kept++;
    // An even number, so that every column starts at a multiple of 16.
    const fitting = Math.floor(BLOCK_BYTES / 8 / Math.max(1, kept)) & ~1;
    this.#maxRows = Math.max(64, Math.min(MAX_BLOCK_ROWS, fitting));
    this.#values.ensure(this.#maxRows * 8 * Math.max(1, kept));
    this.#lengths.ensure(this.#maxRows * 4);
    this.#missing.ensure(this.#maxRows * 4);
    this.#ends.ensure(4 * Math.max(ENDS, 2 * kinds.length + 128));
  }

  /**
   * Reads the next block of whole rows that lie below `end`.
   * @returns How many rows; 0 where no whole row is there.
   * @throws KeplerError invalid_csv naming the row that has too many cells.
   */
  next(end: number): number {
    const { words, integers } = this.#memory;
    const at = this.#job / 4;
    words.set(
      [
        this.#position,
        end,
        0,
        this.#maxRows,
        this.#header.names.length,
        this.#kinds.address,
        this.#values.address,
        this.#maxRows * 8,
        this.#lengths.address,
        this.#missing.address,
        0,
        0,
        this.#ends.address,
        this.#ends.capacity,
      ],
      at,
    );
    const rows = this.#memory.table.parse(this.#job);
    if (integers[at + 11] === STATUS_LONG_ROW && rows === 0) {
      throw this.#error(words[at], `has more cells than the header, which has ${this.#header.names.length}`);
    }
    this.blockStart = this.#position;
    this.#position = words[at];
    this.blockEnd = this.#position;
    this.shortRows = words[at + 10];
    this.#rowsBefore += rows;
    return rows;
  }

  /** Goes back to the block's start, to read it again with other kinds. */
  rewind(rows: number): void {
    this.#position = this.blockStart;
    this.#rowsBefore -= rows;
  }

  /** @throws KeplerError invalid_csv where the chunk ends inside a quoted cell. */
  finish(end: number): void {
    const rest = this.#memory.bytes.subarray(this.#position, end);
    if (!rest.every((byte) => byte === 10 || byte === 13)) {
      throw this.#error(this.#position, 'opens a quote that is never closed');
    }
  }

  /** Place of a header's column among the kept ones, times the distance of columns: its address. */
  column(index: number): number {
    return this.#values.address + this.#kept[index] * this.#maxRows * 8;
  }

  kind(index: number): number {
    return this.#kindsNow[index];
  }

  get maxRows(): number {
    return this.#maxRows;
  }

  get lengths(): number {
    return this.#lengths.address;
  }

  get missing(): number {
    return this.#missing.address;
  }

  #readRare(start: number, length: number, column: number): number {
    const raw = this.#memory.bytes.toString('latin1', start, start + Math.min(length, LONGEST_NUMBER));
    const reading = length > LONGEST_NUMBER ? TEXT_READING : readNumber(decodeCell(raw));
    if (reading.kind === 'number') return reading.value;
    if (reading.kind === 'not-finite') this.rarities.notFinite[column]++;
    else if (this.rarities.text[column]++ === 0) {
      this.rarities.sample[column] = this.#memory.bytes.toString('utf8', start, start + Math.min(length, 60));
    }
    return NaN;
  }

  #error(position: number, what: string): KeplerError {
    let line = 1;
    const { bytes } = this.#memory;
    for (let p = this.#start; p < position; p++) if (bytes[p] === 10) line++;
    while (bytes[position] === 10 || bytes[position] === 13) {
      if (bytes[position] === 10) line++;
      position++;
    }
    return new KeplerError(
      'invalid_csv',
      `Row ${this.#rowsBefore + 1} of the chunk (line ${line}) ${what}. The search results that splunkd sent are damaged; run the search again.`,
    );
  }
}
