import { setImmediate } from 'node:timers/promises';
import type { OutputColumn } from '../contract/template.ts';
import { rowsOfOutput } from '../table/output-kinds.ts';
import { unionLayout } from '../table/layout.ts';
import type { Layout } from '../table/layout.ts';
import { Region } from '../table/table-memory.ts';
import type { TableMemory } from '../table/table-memory.ts';
import { Weaver } from '../table/weaver.ts';
import type { RowsInMemory } from '../table/weaver.ts';
import type { Control } from './control.ts';
import type { Spool } from './spool.ts';
import { pieces } from './spooled-rows.ts';
import type { SpooledPiece, SpooledRows } from './spooled-rows.ts';

/** Texts of outputs that are kept between measuring and weaving: of some ten million numbers. What is more is made twice. */
const MOST_TEXT_BYTES = 256 << 20;
const TEXT_BLOCK_BYTES = 4 << 20;

/** Worker: the rows of a job from its spool, with new columns, piece by piece. */
export class RowsBack {
  readonly #memory: TableMemory;
  readonly #control: Control;
  readonly #spool: Spool;
  readonly #spooled: SpooledRows;
  readonly #outputs: readonly OutputColumn[];
  readonly #valid: Uint8Array | undefined;
  readonly #keep: Uint8Array | undefined;
  readonly #weaver: Weaver;
  readonly #source: Region;
  readonly #lengths: Region;
  readonly #missing: Region;
  readonly #flags: readonly [Region, Region];
  /** Two in turn: one is read by the main thread while the other is written. */
  readonly #out: readonly [Region, Region];
  readonly #layouts: readonly Layout[];
  /** Texts of the outputs by the first row of their piece. */
  readonly #texts = new Map<number, { start: number; end: number }>();
  #textBytes = 0;
  #textEnd = 0;
  #textLimit = 0;
  #turn = 0;
  readonly #pieces: readonly SpooledPiece[];

  /**
   * @param valid 0 for rows whose outputs stay empty.
   * @param keep 0 for rows that do not come back.
   */
  constructor(
    memory: TableMemory,
    control: Control,
    spool: Spool,
    spooled: SpooledRows,
    outputs: readonly OutputColumn[],
    valid?: Uint8Array,
    keep?: Uint8Array,
  ) {
    this.#memory = memory;
    this.#control = control;
    this.#spool = spool;
    this.#spooled = spooled;
    this.#outputs = outputs;
    this.#valid = valid;
    this.#keep = keep;
    this.#weaver = new Weaver(memory);
    this.#source = new Region(memory);
    this.#lengths = new Region(memory);
    this.#missing = new Region(memory);
    this.#flags = [new Region(memory), new Region(memory)];
    this.#out = [new Region(memory), new Region(memory)];
    this.#layouts =
      spooled.headers.length > 0
        ? unionLayout(
            spooled.headers.map(({ header }) => header),
            outputs.map(({ name }) => name),
          )
        : [];
    this.#pieces = [...pieces(spooled.headers, spooled.lengths, spooled.rows)];
  }

  /** Bytes of the whole reply. Where cells change places, all rows are woven once to know it. Lets others work in between. */
  async measure(): Promise<number> {
    if (this.#layouts.length === 0) return 0;
    let bytes = this.#layouts[0].header.length;
    if (this.#layouts.some(({ mapped }) => mapped)) {
      for (const piece of this.produce()) {
        bytes += piece.bytes;
        await setImmediate();
      }
      return bytes - this.#layouts[0].header.length;
    }
    for (const piece of this.#pieces) {
      const rows = this.#place(piece);
      if (this.#keep || this.#textBytes > MOST_TEXT_BYTES) bytes += this.#weaver.measure(rows);
      else bytes += this.#formatAhead(piece.firstRow, rows);
      this.#control.check();
      await setImmediate();
    }
    return bytes;
  }

  /** Keeps the texts of a piece's outputs, so that they are made once. Returns the bytes of its rows with them. */
  #formatAhead(firstRow: number, rows: RowsInMemory): number {
    const bound = this.#weaver.bound(rows);
    if (this.#textEnd + bound > this.#textLimit) {
      const block = Math.max(TEXT_BLOCK_BYTES, bound);
      this.#textEnd = this.#memory.reserve(block);
      this.#textLimit = this.#textEnd + block;
    }
    const start = this.#textEnd;
    const { end, woven } = this.#weaver.list(rows, start);
    this.#texts.set(firstRow, { start, end });
    this.#textBytes += end - start;
    this.#textEnd = end;
    return woven;
  }

  /** Pieces of the reply: places in memory, each good until the next but one is asked for. */
  *produce(): Generator<{ start: number; bytes: number }> {
    if (this.#layouts.length === 0) return;
    const { header } = this.#layouts[0];
    const place = this.#nextOut().ensure(header.length);
    this.#memory.bytes.set(header, place);
    yield { start: place, bytes: header.length };
    for (const piece of this.#pieces) {
      this.#control.check();
      const source = this.#source.ensure(piece.bytes);
      this.#spool.read(this.#memory.bytes.subarray(source, source + piece.bytes), piece.at);
      const texts = this.#texts.get(piece.firstRow);
      if (texts) {
        const out = this.#nextOut().ensure(piece.bytes + texts.end - texts.start);
        const end = this.#weaver.listed(texts.start, texts.end, source, out);
        yield { start: out, bytes: end - out };
        continue;
      }
      const rows = this.#place(piece);
      const { mapped } = this.#layouts[piece.chunk];
      const extra = mapped ? piece.rows * mapped.map.length : 0;
      const out = this.#nextOut().ensure(piece.bytes + this.#weaver.bound(rows) + extra);
      const end = this.#weaver.csv(rows, source, out, mapped);
      if (end > out) yield { start: out, bytes: end - out };
    }
  }

  #nextOut(): Region {
    this.#turn = 1 - this.#turn;
    return this.#out[this.#turn];
  }

  /** Lays out what the weaver needs of a piece's rows. */
  #place(piece: { firstRow: number; rows: number; chunk: number }): RowsInMemory {
    const { firstRow, rows } = piece;
    const end = firstRow + rows;
    this.#weaver.setOutputs(
      this.#outputs.map((output) => rowsOfOutput(output, firstRow, end)),
      rows,
    );
    const lengths = this.#lengths.ensure(rows * 4);
    this.#memory.words.set(this.#spooled.lengths.subarray(firstRow, end), lengths / 4);
    let missing = 0;
    let maxMissing = 0;
    if (this.#spooled.missing) {
      missing = this.#missing.ensure(rows * 4);
      this.#memory.words.set(this.#spooled.missing.subarray(firstRow, end), missing / 4);
      maxMissing = this.#spooled.headers[piece.chunk].header.names.length;
    }
    const flags = (which: 0 | 1, values: Uint8Array | undefined) => {
      if (!values) return 0;
      const at = this.#flags[which].ensure(rows);
      this.#memory.bytes.set(values.subarray(firstRow, end), at);
      return at;
    };
    return {
      rows,
      lengths,
      missing,
      maxMissing,
      valid: flags(0, this.#valid),
      keep: flags(1, this.#keep),
    };
  }
}
