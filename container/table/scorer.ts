import type { Column, Preparation, TextColumn } from '../contract/table.ts';
import type { NumericTable, OutputColumn, Params, ScorePlan, State, Template } from '../contract/template.ts';
import { LinearProgram } from './linear-program.ts';
import { rawFeatures } from './prepare-raw.ts';
import { Region } from './table-memory.ts';
import type { TableMemory } from './table-memory.ts';
import { scatterOutputs } from './scatter.ts';
import type { ScoreProgram } from './score-program.ts';
import { TreeProgram } from './tree-program.ts';

/** What is computed for a block of rows. */
export interface Scored {
  readonly outputs: readonly OutputColumn[];
  /** Address of a byte a row: 0 where a null leaves the row without outputs. 0: no row. */
  readonly valid: number;
  /** Rows without outputs. */
  readonly left: number;
  /** What the outputs were decoded from, where the kernels scored; good until the next block. */
  readonly scores?: readonly Float64Array[];
}

const BLOCK_ROWS = 4096;
/** Where asking costs more than a row. */
export const MANY_ROWS = 65_536;

/** The texts that the codes of a text field stand for, by the field's place in the preparation. */
export type LevelsOf = (field: number) => readonly string[];

/**
 * Applies a fitted template to blocks of rows whose fields lie in memory: doubles of a number field, Int32 codes into the
 * preparation's levels of a text field. By the kernels where the template has a plan, else by its own `apply`.
 */
export class Scorer {
  readonly #memory: TableMemory;
  readonly #template: Template;
  readonly #state: State;
  readonly #preparation: Preparation;
  readonly #options: Params;
  readonly #program: ScoreProgram | undefined;
  readonly #valid: Region;
  readonly #scores: Region;
  readonly #skipUnseen: boolean;
  readonly #levelsOf: LevelsOf;
  /** Rows that the template was handed ahead of `score`. */
  #ahead = 0;

  /** @param levelsOf Of raw fields, which have no levels in the preparation. */
  constructor(
    memory: TableMemory,
    template: Template,
    state: State,
    preparation: Preparation,
    options: Params,
    skipUnseen = false,
    levelsOf: LevelsOf = () => [],
  ) {
    this.#levelsOf = levelsOf;
    this.#memory = memory;
    this.#template = template;
    this.#state = state;
    this.#preparation = preparation;
    this.#options = options;
    this.#skipUnseen = skipUnseen;
    this.#valid = new Region(memory);
    this.#scores = new Region(memory);
    const plan = template.decode && template.plan?.(state);
    this.#program = plan && programOf(memory, plan, preparation);
  }

  /** How many rows `score` should be given, where there are so many. */
  get rowsAtOnce(): number {
    if (this.#preparation.raw) return Infinity;
    return this.#template.atOnce ? MANY_ROWS : BLOCK_ROWS;
  }

  /** Hands the next rows to a template that takes them before all are read. False where it cannot be given these. */
  ahead(fields: readonly number[], rows: number): boolean {
    const { fields: prepared, columns } = this.#preparation;
    const whole =
      columns.every(({ kind }) => kind === 'number') &&
      prepared.every(
        ({ kind }, i) => kind === 'number' && this.#memory.scoring.countNulls(fields[i], rows) === 0,
      );
    this.#ahead = whole ? this.#ahead + rows : 0;
    this.#template.ahead?.(whole ? this.#table(fields, rows) : null);
    return whole;
  }

  /** Forgets the rows that were handed over. */
  startAhead(): boolean {
    this.#ahead = 0;
    this.#template.ahead?.(null);
    return this.#template.ahead !== undefined;
  }

  /** Rows as they lie in memory, none of which has a null. */
  #table(fields: readonly number[], rows: number): NumericTable {
    const { doubles } = this.#memory;
    const places = new Map(this.#preparation.fields.map((field, i) => [field.name, fields[i] / 8]));
    const columns = this.#preparation.columns.map(({ field }) => {
      const base = places.get(field) as number;
      return doubles.subarray(base, base + rows);
    });
    return { rows, names: this.#preparation.columns.map(({ name }) => name), columns };
  }

  /** The outputs' names, before `as`. */
  outputNames(): string[] {
    return this.#template
      .apply(this.#state, noRows(this.#preparation), this.#options)
      .map(({ name }) => name);
  }

  /** @param fields Addresses, in the order of the preparation's fields. */
  score(fields: readonly number[], rows: number): Scored {
    if (rows > 0 && rows === this.#ahead) {
      const outputs = this.#template.apply(this.#state, this.#table(fields, rows), this.#options);
      return { outputs, valid: 0, left: 0 };
    }
    if (this.#preparation.raw) return { outputs: this.#applyRaw(fields, rows), valid: 0, left: 0 };
    const left = this.#markNulls(fields, rows);
    const valid = left > 0 ? this.#valid.address : 0;
    if (!this.#program || !this.#template.decode) {
      return { outputs: this.#applyPlainly(fields, rows, left), valid, left };
    }
    const stride = (rows + 1) * 8;
    const out = this.#scores.ensure(stride * this.#program.outputs);
    this.#program.run(fields, rows, out, stride);
    const { doubles } = this.#memory;
    const scores = Array.from({ length: this.#program.outputs }, (_, k) =>
      doubles.subarray((out + k * stride) / 8, (out + k * stride) / 8 + rows),
    );
    const outputs = this.#template.decode(this.#state, scores, rows, this.#options);
    return { outputs, valid, left, scores };
  }

  /** Writes which rows have no null, and answers how many have one. */
  #markNulls(fields: readonly number[], rows: number): number {
    const valid = this.#valid.ensure(rows);
    const { bytes, scoring } = this.#memory;
    bytes.fill(1, valid, valid + rows);
    let nulls = 0;
    this.#preparation.fields.forEach((field, i) => {
      nulls +=
        field.kind === 'number'
          ? scoring.markNullNumbers(fields[i], rows, valid)
          : scoring.markNullCodes(fields[i], rows, this.#skipUnseen ? 1 : 0, valid);
    });
    if (nulls === 0) return 0;
    let left = 0;
    for (let r = 0; r < rows; r++) left += 1 - bytes[valid + r];
    return left;
  }

  /** The template's own apply on all rows as they are. */
  #applyRaw(fields: readonly number[], rows: number): OutputColumn[] {
    const { doubles, integers } = this.#memory;
    const raw = this.#preparation.fields.map(({ name, kind }, i): Column => {
      if (kind === 'number') {
        return { kind, name, values: doubles.slice(fields[i] / 8, fields[i] / 8 + rows) };
      }
      const codes = integers.slice(fields[i] / 4, fields[i] / 4 + rows);
      return { kind, name, ...usedLevels(codes, this.#levelsOf(i)) };
    });
    return this.#template.apply(this.#state, rawFeatures(raw, rows), this.#options);
  }

  /** The template's own apply on the rows without a null. */
  #applyPlainly(fields: readonly number[], rows: number, left: number): OutputColumn[] {
    const { bytes, doubles, integers } = this.#memory;
    const valid = this.#valid.address;
    const places = new Int32Array(rows - left);
    for (let r = 0, n = 0; n < places.length; r++) if (bytes[valid + r]) places[n++] = r;
    const index = new Map(this.#preparation.fields.map((field, i) => [field.name, i]));
    const columns = this.#preparation.columns.map((column) => {
      const i = index.get(column.field) as number;
      const values = new Float64Array(places.length);
      if (column.kind === 'number') {
        const base = fields[i] / 8;
        if (left === 0) {
          // Who is asked at once writes its rows into a message: they need not be copied for it.
          return this.#template.atOnce
            ? doubles.subarray(base, base + rows)
            : doubles.slice(base, base + rows);
        }
        for (let n = 0; n < places.length; n++) values[n] = doubles[base + places[n]];
      } else {
        const base = fields[i] / 4;
        const code = this.#preparation.fields[i].levels?.indexOf(column.level) ?? -1;
        for (let n = 0; n < places.length; n++) values[n] = integers[base + places[n]] === code ? 1 : 0;
      }
      return values;
    });
    const names = this.#preparation.columns.map(({ name }) => name);
    const outputs = this.#template.apply(this.#state, { rows: places.length, names, columns }, this.#options);
    return places.length === rows ? outputs : scatterOutputs(outputs, places, rows);
  }
}

/** A table of no row, with the columns that a template gets. */
export function noRows({ raw, columns, fields }: Preparation): NumericTable {
  if (!raw) {
    return {
      rows: 0,
      names: columns.map(({ name }) => name),
      columns: columns.map(() => new Float64Array(0)),
    };
  }
  return {
    rows: 0,
    names: fields.map(({ name }) => name),
    columns: fields.map(() => new Float64Array(0)),
    levels: fields.map(({ kind }) => (kind === 'text' ? [] : undefined)),
  };
}

/** Only the levels that occur: a dictionary that grows over many chunks knows more than one of them holds. */
function usedLevels(codes: Int32Array, all: readonly string[]): Pick<TextColumn, 'codes' | 'levels'> {
  const recode = new Int32Array(all.length).fill(-1);
  const levels: string[] = [];
  for (let row = 0; row < codes.length; row++) {
    const code = codes[row];
    if (code < 0) continue;
    if (recode[code] < 0) recode[code] = levels.push(all[code]) - 1;
    codes[row] = recode[code];
  }
  return { codes, levels };
}

function programOf(memory: TableMemory, plan: ScorePlan, preparation: Preparation): ScoreProgram {
  return plan.kind === 'linear'
    ? new LinearProgram(memory, plan, preparation)
    : new TreeProgram(memory, plan, preparation);
}
