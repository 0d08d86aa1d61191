import { Batch } from '../table/batch.ts';
import type { Cell } from '../table/cell.ts';
import { cellText, cellValues } from '../table/cell.ts';
import { bind, toCell } from '../spl/expression/evaluate.ts';
import type { Aggregate } from '../stats/aggregates.ts';
import { addCell } from '../stats/aggregates.ts';
import type { Clause } from '../stats/clauses.ts';
import { parseStats } from '../stats/clauses.ts';
import { booleanOption } from '../spl/arguments.ts';
import type { CoreCommand } from './command.ts';
import { collect, failIn } from './command.ts';

interface Group {
  readonly by: readonly string[];
  readonly aggregates: readonly Aggregate[];
}

/** A clause's input in each row of a batch; null where the row has none. A truth value counts where it holds. */
function inputOf(clause: Clause, batch: Batch): ((row: number) => Cell) | null {
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
function* keysOf(by: readonly (readonly Cell[])[], row: number): Generator<string[]> {
  if (by.length === 0) {
    yield [];
    return;
  }
  let keys: string[][] = [[]];
  for (const cells of by)
    keys = keys.flatMap((key) => cellValues(cells[row]).map((value) => [...key, value]));
  yield* keys;
}

function addRow(group: Group, inputs: readonly (((row: number) => Cell) | null)[], row: number): void {
  for (let i = 0; i < inputs.length; i++) {
    const input = inputs[i];
    if (input === null) group.aggregates[i].add('');
    else addCell(group.aggregates[i], input(row));
  }
}

/** Rows gathered by group, in the order in which the groups appear. */
class Groups {
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

const collator = new Intl.Collator('en', { numeric: true });

export const stats: CoreCommand = {
  name: 'stats',
  prepare(args) {
    const { clauses, by } = parseStats('stats', args);
    return async function* (input) {
      const groups = new Groups(clauses);
      if (by.length === 0) groups.at([]);
      for await (const batch of input) groups.addBatch(batch, by);
      const sorted = [...groups.all.values()].sort((a, b) => {
        for (let i = 0; i < by.length; i++) {
          const order = collator.compare(a.by[i], b.by[i]);
          if (order !== 0) return order;
        }
        return 0;
      });
      const columns = new Map<string, Cell[]>(
        by.map((field, i) => [field, sorted.map((group) => group.by[i])]),
      );
      for (const [i, clause] of clauses.entries()) {
        columns.set(
          clause.name,
          sorted.map((group) => group.aggregates[i].result()),
        );
      }
      yield Batch.fromCells(sorted.length, columns);
    };
  },
};

/** The aggregates of a row's group, beside the row. */
export const eventstats: CoreCommand = {
  name: 'eventstats',
  prepare(args) {
    const { clauses, by } = parseStats('eventstats', args);
    return async function* (input) {
      const batches = await collect(input);
      const groups = new Groups(clauses);
      for (const batch of batches) groups.addBatch(batch, by);
      const results = new Map(
        [...groups.all].map(([key, group]) => [key, group.aggregates.map((a) => a.result())]),
      );
      for (const batch of batches) {
        const byCells = by.map((field) => batch.cells(field));
        const key = (row: number) =>
          byCells.some((cells) => cells[row] === null)
            ? undefined
            : byCells.map((cells) => cellText(cells[row])).join('\u0000');
        const keys = Array.from({ length: batch.rows }, (_, row) => key(row));
        yield batch.with(
          clauses.map(
            (clause, i) =>
              [
                clause.name,
                keys.map((k) => (k === undefined ? null : (results.get(k)?.[i] ?? null))),
              ] as const,
          ),
        );
      }
    };
  },
};

/** The aggregates of the rows so far, beside each row. */
export const streamstats: CoreCommand = {
  name: 'streamstats',
  prepare(args) {
    const { clauses, by, options } = parseStats('streamstats', args);
    for (const name of options.keys()) {
      if (name !== 'current')
        failIn('streamstats', `the sandbox does not know the option '${name}'; it knows current.`);
    }
    const current = booleanOption('streamstats', 'current', options.get('current') ?? 't');
    return async function* (input) {
      const groups = new Groups(clauses);
      for await (const batch of input) {
        const byCells = by.map((field) => batch.cells(field));
        const inputs = clauses.map((clause) => inputOf(clause, batch));
        const columns = clauses.map(() => new Array<Cell>(batch.rows).fill(null));
        for (let row = 0; row < batch.rows; row++) {
          for (const key of keysOf(byCells, row)) {
            const group = groups.at(key);
            if (current) addRow(group, inputs, row);
            for (const [i, aggregate] of group.aggregates.entries()) columns[i][row] = aggregate.result();
            if (!current) addRow(group, inputs, row);
          }
        }
        yield batch.with(clauses.map((clause, i) => [clause.name, columns[i]] as const));
      }
    };
  },
};
