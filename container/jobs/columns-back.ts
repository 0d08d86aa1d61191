import type { OutputColumn } from '../contract/template.ts';
import { rowsOfOutput } from '../table/output-kinds.ts';
import { outputsAlone } from '../table/layout.ts';
import { Region } from '../table/table-memory.ts';
import type { TableMemory } from '../table/table-memory.ts';
import { Weaver } from '../table/weaver.ts';
import type { Control } from './control.ts';

const BLOCK_ROWS = 16_384;

/** Worker: a job's new columns alone, piece by piece, for a client that keeps its rows. */
export class ColumnsBack {
  readonly #memory: TableMemory;
  readonly #control: Control;
  readonly #rows: number;
  readonly #outputs: readonly OutputColumn[];
  readonly #valid: Uint8Array | undefined;
  readonly #weaver: Weaver;
  readonly #lengths: Region;
  readonly #flags: Region;
  /** Two in turn: one is read by the main thread while the other is written. */
  readonly #out: readonly [Region, Region];
  #turn = 0;

  /** @param valid 0 for rows whose outputs stay empty. */
  constructor(
    memory: TableMemory,
    control: Control,
    rows: number,
    outputs: readonly OutputColumn[],
    valid?: Uint8Array,
  ) {
    this.#memory = memory;
    this.#control = control;
    this.#rows = rows;
    this.#outputs = outputs;
    this.#valid = valid;
    this.#weaver = new Weaver(memory);
    this.#lengths = new Region(memory);
    this.#flags = new Region(memory);
    this.#out = [new Region(memory), new Region(memory)];
  }

  /** Bytes of the whole reply; all rows are written once to know it. */
  measure(): number {
    let bytes = 0;
    for (const piece of this.produce()) bytes += piece.bytes;
    return bytes;
  }

  /** Pieces of the reply: places in memory, each good until the next but one is asked for. */
  *produce(): Generator<{ start: number; bytes: number }> {
    const { header, mapped } = outputsAlone(this.#outputs.map(({ name }) => name));
    const place = this.#nextOut().ensure(header.length);
    this.#memory.bytes.set(header, place);
    yield { start: place, bytes: header.length };
    for (let from = 0; from < this.#rows; from += BLOCK_ROWS) {
      this.#control.check();
      const end = Math.min(from + BLOCK_ROWS, this.#rows);
      const rows = end - from;
      this.#weaver.setOutputs(
        this.#outputs.map((output) => rowsOfOutput(output, from, end)),
        rows,
      );
      // The weaver reads rows beside its outputs: here all are empty.
      const lengths = this.#lengths.ensure(rows * 4);
      this.#memory.words.fill(0, lengths / 4, lengths / 4 + rows);
      let valid = 0;
      if (this.#valid) {
        valid = this.#flags.ensure(rows);
        this.#memory.bytes.set(this.#valid.subarray(from, end), valid);
      }
      const block = { rows, lengths, missing: 0, maxMissing: 0, valid, keep: 0 };
      const out = this.#nextOut().ensure(this.#weaver.bound(block) + rows * this.#outputs.length);
      yield { start: out, bytes: this.#weaver.csv(block, lengths, out, mapped) - out };
    }
  }

  #nextOut(): Region {
    this.#turn = 1 - this.#turn;
    return this.#out[this.#turn];
  }
}
