import { KeplerError } from '../contract/errors.ts';
import type { Message } from '../contract/requests.ts';
import type { Column, Table } from '../contract/table.ts';
import type { Header } from '../table/header.ts';
import { Growing } from '../table/growing.ts';
import { ChunkReader, NUMBER, SKIP, TEXT } from '../table/reader.ts';
import { Region } from '../table/table-memory.ts';
import type { TableMemory } from '../table/table-memory.ts';
import type { ChunkSource } from './chunk-source.ts';
import type { Control } from './control.ts';
import { Fingerprint } from './fingerprint.ts';
import { notFiniteWarning } from './rare-values.ts';
import { readSpooledRows } from './spooled-rows.ts';
import type { SpooledRows } from './spooled-rows.ts';
import type { Spool } from './spool.ts';
import { TrackedColumn } from './tracked-column.ts';
import type { JobSettings } from './types.ts';

/** Distinct texts that a column keeps at most, where not every one is needed: what has more is only counted. */
const MAX_LEVELS = 20_000;

/** Worker: what a collecting job has received: the columns that were asked for in memory, the rows in the spool. */
export class Collector {
  readonly #memory: TableMemory;
  readonly #source: ChunkSource;
  readonly #control: Control;
  readonly #settings: JobSettings;
  readonly #wanted: (name: string) => boolean;
  readonly #spool: Spool | undefined;
  readonly #texts: ReadonlySet<string>;
  readonly #maxLevels: number;
  readonly #reader: ChunkReader;
  readonly #codes: Region;
  readonly #columns = new Map<string, TrackedColumn>();
  readonly #headers: { header: Header; firstRow: number }[] = [];
  readonly #lengths = new Growing<Uint32Array>((n) => new Uint32Array(n));
  readonly #missing = new Growing<Uint32Array>((n) => new Uint32Array(n));
  readonly #fingerprint: Fingerprint;
  #anyMissing = false;
  rows = 0;

  /**
   * @param spool Absent where the rows need not come back.
   * @param texts Fields whose cells are kept as they are written, also where they are numbers.
   * @param maxLevels Distinct texts that a column keeps.
   */
  constructor(
    memory: TableMemory,
    source: ChunkSource,
    control: Control,
    settings: JobSettings,
    wanted: (name: string) => boolean,
    spool: Spool | undefined,
    texts: readonly string[] = [],
    maxLevels = MAX_LEVELS,
  ) {
    this.#memory = memory;
    this.#source = source;
    this.#control = control;
    this.#settings = settings;
    this.#wanted = wanted;
    this.#spool = spool;
    this.#texts = new Set(texts);
    this.#maxLevels = maxLevels;
    this.#reader = new ChunkReader(memory);
    this.#codes = new Region(memory);
    this.#fingerprint = new Fingerprint(memory);
  }

  /**
   * Reads a chunk as its bytes arrive. Returns its rows.
   * @throws KeplerError invalid_csv, duplicate_field, limit_rows, limit_columns, limit_memory, disk_full …
   */
  collect(bytes: number): number {
    this.#source.start(bytes);
    const { header, end } = this.#source.header(this.#settings.maxColumns);
    if (!header) {
      this.#fingerprint.add(this.#source.address, bytes);
      return 0;
    }
    const tracked = this.#track(header);
    const before = this.rows;
    this.#headers.push({ header, firstRow: before });
    this.#reader.open(this.#source.address, header, kindsOf(header, tracked));

    for (let available = end; ; available = this.#source.more()) {
      const last = this.#source.complete;
      for (let rows = this.#reader.next(available); rows > 0; rows = this.#reader.next(available)) {
        if (this.#promote(header, tracked, rows)) continue;
        this.#keep(tracked, rows);
        if (this.#spool) {
          this.#spool.write(this.#memory.bytes.subarray(this.#reader.blockStart, this.#reader.blockEnd));
        }
        this.#control.check();
      }
      if (last) {
        this.#reader.finish(available);
        break;
      }
    }
    this.#fingerprint.add(this.#source.address, bytes);
    return this.rows - before;
  }

  /** The columns, whole. May be called once. */
  table(messages: Message[]): Table {
    const again = [...this.#columns.values()].filter((column) => column.textUpTo > 0);
    const columns: Column[] = [];
    const patches = again.length > 0 ? this.#readTextsAgain(again) : new Map<string, Int32Array>();
    for (const tracked of this.#columns.values()) {
      if (tracked.notFinite > 0) {
        messages.push(notFiniteWarning(tracked.name, tracked.notFinite));
      }
      const column = tracked.take();
      const patch = patches.get(tracked.name);
      if (patch && column.kind === 'text') column.codes.set(patch);
      columns.push(column);
    }
    const fieldNames = new Set(this.#headers.flatMap(({ header }) => header.names));
    return { rows: this.rows, columns, fieldNames: [...fieldNames] };
  }

  /** The rows as the spool holds them. May be called once, after `table`. */
  spooledRows(): SpooledRows {
    return {
      rows: this.rows,
      headers: this.#headers,
      lengths: this.#lengths.take(),
      missing: this.#anyMissing ? this.#missing.take() : undefined,
    };
  }

  fingerprint(): string {
    return this.#fingerprint.digest();
  }

  /** Columns that the chunk's rows go to, one a column of the header; undefined where it is not wanted. */
  #track(header: Header): (TrackedColumn | undefined)[] {
    return header.names.map((name) => {
      if (!this.#wanted(name)) return undefined;
      let column = this.#columns.get(name);
      if (!column) {
        column = new TrackedColumn(name, this.#memory, this.rows, this.#maxLevels);
        if (this.#texts.has(name)) column.promote(true);
        this.#columns.set(name, column);
      }
      return column;
    });
  }

  /** Turns numeric columns in which the block has text into text ones; then the block is to be read again. */
  #promote(header: Header, tracked: readonly (TrackedColumn | undefined)[], rows: number): boolean {
    const { text } = this.#reader.rarities;
    let promoted = false;
    tracked.forEach((column, c) => {
      if (!column || column.isText || text[c] === 0) return;
      column.promote(this.#spool !== undefined);
      promoted = true;
    });
    if (!promoted) return false;
    this.#reader.rewind(rows);
    this.#reader.rarities.notFinite.fill(0);
    this.#reader.setKinds(kindsOf(header, tracked));
    return true;
  }

  #keep(tracked: readonly (TrackedColumn | undefined)[], rows: number): void {
    this.rows += rows;
    this.#checkLimits();
    const { doubles, words } = this.#memory;
    const { notFinite } = this.#reader.rarities;
    const inChunk = new Set<TrackedColumn>();
    tracked.forEach((column, c) => {
      if (!column) return;
      inChunk.add(column);
      const at = this.#reader.column(c);
      if (column.isText) column.appendTexts(at, rows, this.#codes.ensure(rows * 4));
      else {
        column.appendNumbers(
          doubles.subarray(at / 8, at / 8 + rows),
          this.#memory.scoring.countNulls(at, rows),
        );
        column.notFinite += notFinite[c];
      }
      notFinite[c] = 0;
    });
    for (const column of this.#columns.values()) if (!inChunk.has(column)) column.appendNulls(rows);
    if (!this.#spool) return;
    const lengths = this.#reader.lengths / 4;
    this.#lengths.append(words.subarray(lengths, lengths + rows));
    if (this.#reader.shortRows > 0 && !this.#anyMissing) {
      this.#anyMissing = true;
      this.#missing.appendSame(0, this.rows - rows);
    }
    if (!this.#anyMissing) return;
    const missing = this.#reader.missing / 4;
    this.#missing.append(words.subarray(missing, missing + rows));
  }

  #checkLimits(): void {
    const { maxRows, maxMemoryMb } = this.#settings;
    if (this.rows > maxRows) {
      throw new KeplerError(
        'limit_rows',
        `The search has more than ${maxRows} rows, the most that the runtime takes (KEPLER_MAX_ROWS). Narrow the search, or raise the limit.`,
      );
    }
    let bytesPerRow = this.#spool ? 4 : 0;
    for (const column of this.#columns.values()) bytesPerRow += column.bytesPerRow;
    // Texts that are all kept lie in the memory besides.
    const texts = this.#maxLevels === Infinity ? this.#memory.mark : 0;
    if (bytesPerRow * this.rows + texts > maxMemoryMb * 2 ** 20) {
      throw new KeplerError(
        'limit_memory',
        `The ${this.#columns.size} fields of ${this.rows} rows need more than the ${maxMemoryMb} MB that the runtime allows (KEPLER_MAX_MEMORY_MB). Name fewer fields or rows, or raise the limit.`,
      );
    }
  }

  /** Codes of the rows that were read as numbers before their column turned out to be text. */
  #readTextsAgain(columns: readonly TrackedColumn[]): Map<string, Int32Array> {
    const patches = new Map(columns.map((column) => [column.name, new Int32Array(column.textUpTo).fill(-1)]));
    const upTo = columns.reduce((most, column) => Math.max(most, column.textUpTo), 0);
    const lengths = this.#lengths.peek();
    const reader = new ChunkReader(this.#memory);
    const spool = this.#spool as Spool;
    const region = new Region(this.#memory);
    readSpooledRows(spool, this.#headers, lengths, upTo, region, this.#memory, (piece) => {
      this.#control.check();
      const header = { ...piece.header, bytes: 0 };
      const kinds = Uint8Array.from(header.names, (name) => (patches.has(name) ? TEXT : SKIP));
      reader.open(piece.start, header, kinds);
      let row = piece.firstRow;
      for (let rows = reader.next(piece.end); rows > 0; rows = reader.next(piece.end)) {
        header.names.forEach((name, c) => {
          const patch = patches.get(name);
          if (!patch || row >= patch.length) return;
          const codes = this.#codes.ensure(rows * 4);
          this.#columns.get(name)?.encode(reader.column(c), rows, codes);
          const some = Math.min(rows, patch.length - row);
          patch.set(this.#memory.integers.subarray(codes / 4, codes / 4 + some), row);
        });
        row += rows;
      }
    });
    return patches;
  }
}

function kindsOf(header: Header, tracked: readonly (TrackedColumn | undefined)[]): Uint8Array {
  return Uint8Array.from(header.names, (_, c) => {
    const column = tracked[c];
    return column ? (column.isText ? TEXT : NUMBER) : SKIP;
  });
}
