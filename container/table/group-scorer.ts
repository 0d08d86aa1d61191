import type { GroupedState } from '../contract/groups.ts';
import type { Preparation } from '../contract/table.ts';
import type { OutputColumn, Params, Template } from '../contract/template.ts';
import { GroupIndex, UNKNOWN_GROUP } from './group-index.ts';
import { GroupOutputs } from './group-outputs.ts';
import { MANY_ROWS, Scorer, noRows } from './scorer.ts';
import type { LevelsOf, Scored } from './scorer.ts';
import { Region } from './table-memory.ts';
import type { TableMemory } from './table-memory.ts';

/** Rows of one group that are scored at once: each group's scorer keeps room for so many. */
const STEP_ROWS = 512;

export interface GroupScored extends Scored {
  /** Rows of groups that the model does not know. */
  readonly unknown: number;
}

/**
 * Applies the models of all groups to blocks of rows: each row by its group's. The fields are the preparation's, and among
 * them, as text, the `by` fields, which no column is made of.
 */
export class GroupScorer {
  readonly #memory: TableMemory;
  readonly #template: Template;
  readonly #state: GroupedState;
  readonly #preparation: Preparation;
  readonly #given: Params;
  readonly #skipUnseen: boolean;
  readonly #levelsOf: LevelsOf;
  readonly #stepRows: number;
  readonly #scorers: (Scorer | undefined)[] = [];
  readonly #outputs: GroupOutputs;
  readonly #index: GroupIndex;
  /** Places among the preparation's fields of those that columns are made of, and of the `by` fields. */
  readonly #fieldPlaces: readonly number[];
  readonly #byPlaces: readonly number[];
  readonly #gathered: readonly Region[];
  readonly #valid: Region;

  /**
   * @param given Options that go before those of the fit.
   * @param levelsOf Of raw fields, by their place among all of the preparation's.
   */
  constructor(
    memory: TableMemory,
    template: Template,
    state: GroupedState,
    preparation: Preparation,
    by: readonly string[],
    given: Params,
    skipUnseen = false,
    levelsOf: LevelsOf = () => [],
  ) {
    this.#stepRows = preparation.raw ? Infinity : template.atOnce ? MANY_ROWS : STEP_ROWS;
    this.#memory = memory;
    this.#template = template;
    this.#state = state;
    this.#given = given;
    this.#skipUnseen = skipUnseen;
    const { fields } = preparation;
    this.#byPlaces = by.map((name) => fields.findIndex((field) => field.name === name));
    this.#fieldPlaces = [...fields.keys()].filter((i) => !this.#byPlaces.includes(i));
    this.#preparation = { ...preparation, fields: this.#fieldPlaces.map((i) => fields[i]) };
    this.#levelsOf = (field) => levelsOf(this.#fieldPlaces[field]);
    this.#gathered = this.#fieldPlaces.map(() => new Region(memory));
    this.#valid = new Region(memory);
    const levels = this.#byPlaces.map((i) => fields[i].levels ?? []);
    const codes = levels.map((texts) => new Map(texts.map((text, code) => [text, code])));
    this.#index = new GroupIndex(levels.map(({ length }) => Math.max(length, 1)));
    for (const key of state.groups) this.#index.enter(key.map((text, i) => codes[i].get(text) as number));
    this.#outputs = new GroupOutputs(template.kind, this.#samples());
  }

  outputNames(): string[] {
    return this.#outputs.names();
  }

  /** Columns of so many rows, all empty, for `scoreGroup` to fill. */
  empty(rows: number): OutputColumn[] {
    return this.#outputs.empty(rows);
  }

  /** @param fields Addresses, in the order of the preparation's fields. */
  score(fields: readonly number[], rows: number): GroupScored {
    const { doubles, integers } = this.#memory;
    const codes = this.#byPlaces.map((i) => integers.subarray(fields[i] / 4, fields[i] / 4 + rows));
    const columns = this.#fieldPlaces.map((i, k) =>
      this.#preparation.fields[k].kind === 'number'
        ? doubles.subarray(fields[i] / 8, fields[i] / 8 + rows)
        : integers.subarray(fields[i] / 4, fields[i] / 4 + rows),
    );
    const groups = this.#index.find(codes, rows);
    const places = new Map<number, number[]>();
    let unknown = 0;
    for (let row = 0; row < rows; row++) {
      const group = groups[row];
      if (group === UNKNOWN_GROUP) unknown++;
      if (group < 0) continue;
      const of = places.get(group);
      if (of) of.push(row);
      else places.set(group, [row]);
    }
    const outputs = this.#outputs.empty(rows);
    const valid = new Uint8Array(rows);
    for (const [group, rowsOf] of places) this.scoreGroup(group, columns, rowsOf, outputs, valid);
    const address = this.#valid.ensure(rows);
    this.#memory.bytes.set(valid, address);
    let left = rows;
    for (const one of valid) left -= one;
    return { outputs, valid: left > 0 ? address : 0, left, unknown };
  }

  /**
   * Scores rows of one group.
   *
   * @param columns The fields that columns are made of, in the preparation's order: numbers, or codes of text.
   * @param places The group's rows.
   * @param outputs From `empty`; the group's rows are filled in.
   * @param valid Set to 1 for rows that get outputs.
   */
  scoreGroup(
    group: number,
    columns: readonly (Float64Array | Int32Array)[],
    places: ArrayLike<number>,
    outputs: OutputColumn[],
    valid: Uint8Array,
  ): void {
    const scorer = this.#scorer(group);
    for (let from = 0; from < places.length; from += this.#stepRows) {
      const count = Math.min(this.#stepRows, places.length - from);
      const rows = new Int32Array(count);
      for (let i = 0; i < count; i++) rows[i] = places[from + i];
      const scored = scorer.score(this.#gather(columns, rows), count);
      const { bytes } = this.#memory;
      const isValid = (i: number) => scored.valid === 0 || bytes[scored.valid + i] === 1;
      this.#outputs.put(group, scored.outputs, rows, isValid, outputs);
      for (let i = 0; i < count; i++) if (isValid(i)) valid[rows[i]] = 1;
    }
  }

  /** Some rows of the fields, one behind the other in memory. Returns the addresses. */
  #gather(columns: readonly (Float64Array | Int32Array)[], rows: Int32Array): number[] {
    return columns.map((column, k) => {
      const at = this.#gathered[k].ensure(Math.max(STEP_ROWS, rows.length) * 8);
      const number = this.#preparation.fields[k].kind === 'number';
      const target = number ? this.#memory.doubles : this.#memory.integers;
      const base = number ? at / 8 : at / 4;
      for (let i = 0; i < rows.length; i++) target[base + i] = column[rows[i]];
      return at;
    });
  }

  #scorer(group: number): Scorer {
    return (this.#scorers[group] ??= new Scorer(
      this.#memory,
      this.#template,
      this.#state.states[group],
      this.#preparation,
      this.#optionsOf(group),
      this.#skipUnseen,
      this.#levelsOf,
    ));
  }

  #optionsOf(group: number): Params {
    return { ...this.#state.params[group], ...this.#given };
  }

  /** What each group answers of no row: its columns. */
  #samples(): OutputColumn[][] {
    const features = noRows(this.#preparation);
    return this.#state.states.map((state, group) =>
      this.#template.apply(state, features, this.#optionsOf(group)),
    );
  }
}
