import { Batch, concatBatches } from '../table/batch.ts';
import { cellText, cellValues } from '../table/cell.ts';
import { booleanOption, integerOption, parseArguments } from '../spl/arguments.ts';
import type { CoreCommand } from './command.ts';
import { failIn, keepRows, perSearch } from './command.ts';

export const head: CoreCommand = {
  name: 'head',
  prepare(args) {
    const { options, words } = parseArguments(args, ['limit']);
    const wanted = options.get('limit') ?? words[0]?.text ?? '10';
    if (words.length > 1) failIn('head', `one number is expected, not '${args.trim()}'.`);
    const limit = integerOption('head', 'the number of rows', wanted);
    return async function* (input) {
      let left = limit;
      if (left === 0) return;
      for await (const batch of input) {
        yield batch.slice(0, left);
        left -= batch.rows;
        if (left <= 0) return;
      }
    };
  },
};

/** The last rows, the last one first, as SPL gives them. */
export const tail: CoreCommand = {
  name: 'tail',
  prepare(args) {
    const { words } = parseArguments(args, []);
    const limit = integerOption('tail', 'the number of rows', words[0]?.text ?? '10');
    return async function* (input) {
      let held: Batch[] = [];
      let rows = 0;
      for await (const batch of input) {
        held.push(batch);
        rows += batch.rows;
        while (held.length > 1 && rows - held[0].rows >= limit) rows -= held.shift()!.rows;
      }
      for (const batch of held.reverse()) {
        if (rows <= 0) return;
        yield reversed(batch.slice(Math.max(0, batch.rows - limit), batch.rows));
      }
      held = [];
    };
  },
};

function reversed(batch: Batch): Batch {
  return batch.take(Uint32Array.from({ length: batch.rows }, (_, i) => batch.rows - 1 - i));
}

export const reverse: CoreCommand = {
  name: 'reverse',
  prepare: () => perSearch((batches) => batches.reverse().map(reversed)),
};

export const dedup: CoreCommand = {
  name: 'dedup',
  prepare(args) {
    const { options, words } = parseArguments(args, ['keepempty', 'keepevents', 'consecutive']);
    const count =
      words[0] && !words[0].quoted && /^\d+$/.test(words[0].text) ? Number(words.shift()!.text) : 1;
    const fields = words.map((word) => word.text);
    if (fields.length === 0) failIn('dedup', 'at least one field is needed.');
    const keepEmpty = booleanOption('dedup', 'keepempty', options.get('keepempty') ?? 'f');
    return async function* (input) {
      const seen = new Map<string, number>();
      for await (const batch of input) {
        const columns = fields.map((field) => batch.cells(field));
        yield keepRows(batch, (row) => {
          if (columns.some((cells) => cells[row] === null)) return keepEmpty;
          const key = columns.map((cells) => cellText(cells[row])).join('\u0000');
          const times = (seen.get(key) ?? 0) + 1;
          seen.set(key, times);
          return times <= count;
        });
      }
    };
  },
};

/** A row for each value of a multivalue field. */
export const mvexpand: CoreCommand = {
  name: 'mvexpand',
  prepare(args) {
    const { words } = parseArguments(args, ['limit']);
    const field = words[0]?.text ?? failIn('mvexpand', 'a field is needed.');
    return async function* (input) {
      for await (const batch of input) {
        const rows: number[] = [];
        const cells: (string | null)[] = [];
        for (const [row, cell] of batch.cells(field).entries()) {
          for (const value of cell === null ? [null] : cellValues(cell)) {
            rows.push(row);
            cells.push(value);
          }
        }
        yield batch.take(Uint32Array.from(rows)).with(batch.has(field) ? [[field, cells] as const] : []);
      }
    };
  },
};

/** Rows joined into one batch where a command must see them all. */
export function oneBatch(batches: readonly Batch[]): Batch {
  return batches.length === 0 ? Batch.empty() : concatBatches(batches);
}
