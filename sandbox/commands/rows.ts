import type { Batch } from '../table/batch.ts';
import { cellText, cellValues } from '../table/cell.ts';
import { booleanOption, integerOption, parseArguments } from '../spl/arguments.ts';
import { bind, checkExpression } from '../spl/expression/evaluate.ts';
import { parseExpression } from '../spl/expression/parser.ts';
import type { CoreCommand, Stage } from './command.ts';
import { failIn, keepRows, perSearch, reading } from './command.ts';
import { readSortKeys, sortedBatch } from './sort.ts';

/** `head 5`, `head limit=5`, or rows from the first one on as long as a condition holds: `head (n<3) keeplast=t`. */
export const head: CoreCommand = {
  name: 'head',
  prepare(args) {
    const { condition, rest } = cutCondition(args);
    const { options, words } = parseArguments(rest, ['limit', 'null', 'keeplast']);
    if (words.length > (condition ? 0 : 1)) {
      failIn('head', `one number or one condition in brackets is expected, not '${args.trim()}'.`);
    }
    const test = condition === null ? null : reading('head', () => parseExpression(condition));
    if (test) reading('head', () => checkExpression(test));
    const wanted = options.get('limit') ?? words[0]?.text ?? (test ? undefined : '10');
    const limit = wanted === undefined ? Infinity : integerOption('head', 'the number of rows', wanted);
    const nullHolds = booleanOption('head', 'null', options.get('null') ?? 'f');
    const keepLast = booleanOption('head', 'keeplast', options.get('keeplast') ?? 'f');
    return async function* (input) {
      let left = limit;
      if (left === 0) return;
      for await (const batch of input) {
        const holds = test && bind(test, batch);
        let rows = 0;
        const most = Math.min(left, batch.rows);
        while (rows < most && (!holds || (holds(rows) ?? nullHolds) === true)) rows += 1;
        const ended = rows < most;
        yield batch.slice(0, ended && keepLast ? rows + 1 : rows);
        left -= rows;
        if (ended || left <= 0) return;
      }
    };
  },
};

/** The condition of `head`, in brackets or bare, apart from its options. */
function cutCondition(args: string): { condition: string | null; rest: string } {
  const options = /(?:^|\s)(?:limit|null|keeplast)\s*=\s*\S+/gi;
  const bare = args.replace(options, ' ').trim();
  if (/^[\w"-]*$/.test(bare)) return { condition: null, rest: args };
  return { condition: bare, rest: (args.match(options) ?? []).join(' ') };
}

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
    const [, front, order] = /^([\s\S]*?)(?:(?:^|\s)sortby\s+([\s\S]+))?$/i.exec(args)!;
    const { options, words } = parseArguments(front, ['keepempty', 'keepevents', 'consecutive']);
    const flag = (name: string) => booleanOption('dedup', name, options.get(name) ?? 'f');
    const count =
      words[0] && !words[0].quoted && /^\d+$/.test(words[0].text) ? Number(words.shift()!.text) : 1;
    if (count === 0) failIn('dedup', 'the number of rows to keep must be at least 1.');
    const fields = words.map((word) => word.text);
    if (fields.length === 0) failIn('dedup', 'at least one field is needed.');
    const [keepEmpty, keepEvents, consecutive] = [flag('keepempty'), flag('keepevents'), flag('consecutive')];
    const dedupe: Stage = async function* (input) {
      const seen = new Map<string, number>();
      for await (const batch of input) {
        const columns = fields.map((field) => batch.cells(field));
        const again = (row: number): boolean => {
          if (columns.some((cells) => cells[row] === null)) return !keepEmpty;
          const key = columns.map((cells) => cellText(cells[row])).join('\u0000');
          const times = (seen.get(key) ?? 0) + 1;
          if (consecutive && times === 1) seen.clear();
          seen.set(key, times);
          return times > count;
        };
        yield keepEvents ? withoutRepeated(batch, fields, again) : keepRows(batch, (row) => !again(row));
      }
    };
    if (order === undefined) return dedupe;
    const keys = readSortKeys('dedup', order);
    return async function* (input) {
      yield* sortedBatch(dedupe(input), keys);
    };
  },
};

/** All rows; in those that repeat an earlier one the fields are emptied. */
function withoutRepeated(batch: Batch, fields: readonly string[], again: (row: number) => boolean): Batch {
  const repeated = Array.from({ length: batch.rows }, (_, row) => again(row));
  const emptied = fields
    .filter((field) => batch.has(field))
    .map((field) => [field, batch.cells(field).map((cell, row) => (repeated[row] ? null : cell))] as const);
  return batch.with(emptied);
}

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
