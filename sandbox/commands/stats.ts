import { Batch } from '../table/batch.ts';
import type { Cell } from '../table/cell.ts';
import { cellText } from '../table/cell.ts';
import { parseStats } from '../stats/clauses.ts';
import { Groups, addRow, inputOf, keysOf } from '../stats/groups.ts';
import { expandWildcards, hasWildcards } from '../stats/wildcards.ts';
import { booleanOption } from '../spl/arguments.ts';
import type { CoreCommand } from './command.ts';
import { collect, failIn } from './command.ts';

function fieldsOf(batches: readonly Batch[]): string[] {
  return [...new Set(batches.flatMap((batch) => batch.fields))];
}

const collator = new Intl.Collator('en', { numeric: true });

export const stats: CoreCommand = {
  name: 'stats',
  prepare(args) {
    const { clauses: written, by } = parseStats('stats', args);
    return async function* (input) {
      // Which fields a wildcard stands for is known only once all rows are there.
      const rows = hasWildcards(written) ? await collect(input) : input;
      const clauses = Array.isArray(rows) ? expandWildcards(written, fieldsOf(rows), by) : written;
      const groups = new Groups(clauses);
      if (by.length === 0) groups.at([]);
      for await (const batch of rows) groups.addBatch(batch, by);
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
    const { clauses: written, by } = parseStats('eventstats', args);
    return async function* (input) {
      const batches = await collect(input);
      const clauses = expandWildcards(written, fieldsOf(batches), by);
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
