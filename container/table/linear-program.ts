import type { Preparation } from '../contract/table.ts';
import type { LinearPlan } from '../contract/template.ts';
import type { ScoreProgram } from './score-program.ts';
import { Region } from './table-memory.ts';
import type { TableMemory } from './table-memory.ts';

/** Linear scores: weighted sums over number columns, and a table look-up for each text field's one-hot columns. */
export class LinearProgram implements ScoreProgram {
  readonly outputs: number;
  readonly #memory: TableMemory;
  readonly #plan: LinearPlan;
  /** Places among the fields of the number fields, in the order of their weights. */
  readonly #numbers: readonly number[];
  readonly #texts: readonly { readonly field: number; readonly levels: number }[];
  readonly #columns: Region;
  readonly #weights: number;
  readonly #tables: readonly number[];

  constructor(memory: TableMemory, plan: LinearPlan, preparation: Preparation) {
    this.outputs = plan.outputs;
    this.#memory = memory;
    this.#plan = plan;
    const place = new Map(preparation.fields.map((field, i) => [field.name, i]));
    const numbers: { field: number; feature: number }[] = [];
    preparation.columns.forEach((column, feature) => {
      if (column.kind === 'number') numbers.push({ field: place.get(column.field) as number, feature });
    });
    this.#numbers = numbers.map(({ field }) => field);
    this.#columns = new Region(memory);
    this.#columns.ensure(numbers.length * 4);

    this.#weights = memory.reserve(plan.outputs * numbers.length * 8);
    for (let k = 0; k < plan.outputs; k++) {
      numbers.forEach(({ feature }, i) => {
        memory.doubles[this.#weights / 8 + k * numbers.length + i] =
          plan.weights[k * plan.features + feature];
      });
    }

    this.#texts = preparation.fields.flatMap((field, i) =>
      field.kind === 'text' ? [{ field: i, levels: field.levels?.length ?? 0 }] : [],
    );
    this.#tables = this.#texts.map(({ field, levels }) => {
      const table = memory.reserve(plan.outputs * (levels + 2) * 8);
      const { name, levels: texts = [] } = preparation.fields[field];
      memory.doubles.fill(0, table / 8, table / 8 + plan.outputs * (levels + 2));
      preparation.columns.forEach((column, feature) => {
        if (column.kind !== 'level' || column.field !== name) return;
        const code = texts.indexOf(column.level);
        for (let k = 0; k < plan.outputs; k++) {
          memory.doubles[table / 8 + k * (levels + 2) + code + 2] = plan.weights[k * plan.features + feature];
        }
      });
      return table;
    });
  }

  run(fields: readonly number[], rows: number, out: number, stride: number): void {
    const { scoring, words } = this.#memory;
    const count = this.#numbers.length;
    this.#numbers.forEach((field, i) => (words[this.#columns.address / 4 + i] = fields[field]));
    for (let k = 0; k < this.outputs; k++) {
      const target = out + k * stride;
      scoring.linear(
        this.#columns.address,
        count,
        this.#weights + k * count * 8,
        this.#plan.intercepts[k],
        rows,
        target,
      );
    }
    this.#texts.forEach(({ field, levels }, i) => {
      for (let k = 0; k < this.outputs; k++) {
        scoring.addByCode(fields[field], this.#tables[i] + k * (levels + 2) * 8, rows, out + k * stride);
      }
    });
  }
}
