import type { Batch } from '../table/batch.ts';
import type { Cell } from '../table/cell.ts';
import { cellValues } from '../table/cell.ts';
import { bind, toCell } from '../spl/expression/evaluate.ts';
import type { Aggregate } from './aggregates.ts';
import { addCell } from './aggregates.ts';
import type { Clause } from './clauses.ts';

export interface Group {
  readonly by: readonly string[];
  readonly aggregates: readonly Aggregate[];
}

/** A clause's input in each row of a batch; null where the row has none. A truth value counts where it holds. */
export function inputOf(clause: Clause, batch: Batch): ((row: number) => Cell) | null {
  if (clause.expression) {
    const value = bind(clause.expression, batch);
    return (row) => {
      const v = value(row);
      return typeof v === 'boolean' ? (v ? '1' : null) : toCell(v);
    };
  }
  if (clause.field === undefined) return null;
  const cells = batch.cells(clause.field);
  return (row) => cells[row];
}

/** The groups that a row belongs to: one for each combination of its by fields' values, none where one is null. */
export function* keysOf(by: readonly (readonly Cell[])[], row: number): Generator<string[]> {
  if (by.length === 0) {
    yield [];
    return;
  }
  let keys: string[][] = [[]];
  for (const cells of by)
    keys = keys.flatMap((key) => cellValues(cells[row]).map((value) => [...key, value]));
  yield* keys;
}

export function addRow(group: Group, inputs: readonly (((row: number) => Cell) | null)[], row: number): void {
  for (let i = 0; i < inputs.length; i++) {
    const input = inputs[i];
    if (input === null) group.aggregates[i].add('');
    else addCell(group.aggregates[i], input(row));
  }
}

/** Rows gathered by group, in the order in which the groups appear. */
export class Groups {
  readonly all = new Map<string, Group>();

  constructor(private readonly clauses: readonly Clause[]) {}

  at(key: readonly string[]): Group {
    const name = key.length === 1 ? key[0] : key.join('\u0000');
    let group = this.all.get(name);
    if (!group) {
      group = { by: key, aggregates: this.clauses.map((clause) => clause.make()) };
      this.all.set(name, group);
    }
    return group;
  }

  addBatch(batch: Batch, by: readonly string[]): void {
    const byCells = by.map((field) => batch.cells(field));
    const inputs = this.clauses.map((clause) => inputOf(clause, batch));
    const [only] = byCells;
    for (let row = 0; row < batch.rows; row++) {
      // The two usual cases without a list of keys: no field, or one whose cell is one text.
      const cell = byCells.length === 1 ? only[row] : null;
      if (byCells.length === 0) addRow(this.at([]), inputs, row);
      else if (typeof cell === 'string') addRow(this.at([cell]), inputs, row);
      else for (const key of keysOf(byCells, row)) addRow(this.at(key), inputs, row);
    }
  }
}
