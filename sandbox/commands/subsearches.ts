import { Batch, concatBatches } from '../table/batch.ts';
import type { Cell } from '../table/cell.ts';
import { cellText, cellValues } from '../table/cell.ts';
import { integerOption, parseArguments } from '../spl/arguments.ts';
import type { Pipeline } from '../spl/pipeline.ts';
import type { CommandContext, CoreCommand } from './command.ts';
import { collect, failIn, perSearch } from './command.ts';

function theSubsearch(command: string, subsearches: readonly Pipeline[]): Pipeline {
  if (subsearches.length !== 1) failIn(command, 'one subsearch in brackets is needed.');
  return subsearches[0];
}

export const append: CoreCommand = {
  name: 'append',
  takesSubsearch: true,
  prepare(_args, context: CommandContext, subsearches) {
    const subsearch = theSubsearch('append', subsearches);
    return async function* (input) {
      yield* input;
      yield await context.subsearch(subsearch);
    };
  },
};

/** Rows beside those of the subsearch that agree in the fields; where several do, the first (`max=0`: each). */
export const join: CoreCommand = {
  name: 'join',
  takesSubsearch: true,
  prepare(args, context, subsearches) {
    const subsearch = theSubsearch('join', subsearches);
    const { options, words } = parseArguments(args, ['type', 'max', 'overwrite', 'usetime', 'earlier']);
    const type = (options.get('type') ?? 'inner').toLowerCase();
    if (!['inner', 'left', 'outer'].includes(type))
      failIn('join', `type must be inner, left or outer, not '${type}'.`);
    const max = integerOption('join', 'max', options.get('max') ?? '1');
    const named = words.map((word) => word.text);
    return async function* (input) {
      const right = await context.subsearch(subsearch);
      for await (const left of input) {
        const fields = named.length > 0 ? named : left.fields.filter((field) => right.has(field));
        const keys = (batch: Batch) => {
          const columns = fields.map((field) => batch.cells(field));
          return (row: number) =>
            columns.some((cells) => cells[row] === null)
              ? null
              : columns.map((cells) => cellText(cells[row])).join('\u0000');
        };
        const rightKey = keys(right);
        const matches = new Map<string, number[]>();
        for (let row = 0; row < right.rows; row++) {
          const key = rightKey(row);
          if (key === null) continue;
          const rows = matches.get(key) ?? [];
          if (max === 0 || rows.length < max) matches.set(key, [...rows, row]);
        }
        const leftKey = keys(left);
        const pairs: [number, number][] = [];
        for (let row = 0; row < left.rows; row++) {
          const key = leftKey(row);
          const found = key === null ? undefined : matches.get(key);
          if (found) for (const other of found) pairs.push([row, other]);
          else if (type !== 'inner') pairs.push([row, -1]);
        }
        const taken = left.take(Uint32Array.from(pairs, ([row]) => row));
        yield taken.with(
          right.fields
            .filter((field) => !fields.includes(field))
            .map((field) => {
              const [before, cells] = [taken.cells(field), right.cells(field)];
              return [field, pairs.map(([, other], i) => (other < 0 ? before[i] : cells[other]))] as const;
            }),
        );
      }
    };
  },
};

/** The field that carries a subsearch's text to the search around it. */
const RESULT = 'search';

const quoted = (text: string) => `"${text.replace(/(["\\])/g, '\\$1')}"`;

/** `field="value"` of the first row, `$field` for the value alone. */
export const returnCommand: CoreCommand = {
  name: 'return',
  prepare(args) {
    const { words } = parseArguments(args, []);
    const count = words[0] && /^\d+$/.test(words[0].text) ? Number(words.shift()!.text) : 1;
    if (words.length === 0) failIn('return', 'at least one field is needed.');
    return perSearch((batches) => {
      const batch = concatBatches(batches).slice(0, count);
      const rows = Array.from({ length: batch.rows }, (_, row) =>
        words
          .map(({ text }) => {
            const [, alias, name] = /^(?:([^=$]+)=)?(.+)$/s.exec(text)!;
            const bare = name.startsWith('$');
            const cell = batch.cells(bare ? name.slice(1) : name)[row];
            if (cell === null) return '';
            return bare ? cellText(cell) : `${alias ?? name}=${quoted(cellText(cell))}`;
          })
          .filter((text) => text !== '')
          .join(' '),
      );
      const text = rows.length > 1 ? rows.map((row) => `(${row})`).join(' OR ') : (rows[0] ?? '');
      return [Batch.fromCells(1, [[RESULT, [text]]])];
    });
  },
};

/** A condition of `search` that holds for the rows, as a text in the field `search`. */
export const format: CoreCommand = {
  name: 'format',
  prepare: () =>
    async function* (input) {
      yield Batch.fromCells(1, [[RESULT, [formatRows(concatBatches(await collect(input)))]]]);
    },
};

function formatRows(batch: Batch): string {
  if (batch.rows === 0) return 'NOT ( )';
  const fields = batch.fields.filter((field) => !field.startsWith('_'));
  const one = (field: string, cell: Cell) => {
    const terms = cellValues(cell).map(
      (value) => `${/^\w+$/.test(field) ? field : quoted(field)}=${quoted(value)}`,
    );
    return terms.length > 1 ? `( ${terms.join(' OR ')} )` : terms[0];
  };
  const rows = Array.from({ length: batch.rows }, (_, row) => {
    const terms = fields
      .filter((field) => batch.cells(field)[row] !== null)
      .map((field) => one(field, batch.cells(field)[row]));
    return `( ${terms.join(' AND ')} )`;
  });
  return `( ${rows.join(' OR ')} )`;
}

/** What stands in place of a subsearch's brackets: the text that it returned, or a condition that holds for its rows. */
export function subsearchText(batch: Batch): string {
  const only = batch.fields.length === 1 && ['search', 'query'].includes(batch.fields[0]);
  if (only && batch.rows === 1) return cellText(batch.cells(batch.fields[0])[0]);
  return formatRows(batch);
}
