import type { Cell } from '../table/cell.ts';
import { cellText } from '../table/cell.ts';
import { isNumeric } from '../spl/expression/values.ts';
import type { Word } from '../spl/arguments.ts';
import { integerOption, parseArguments } from '../spl/arguments.ts';
import type { Batch } from '../table/batch.ts';
import { concatBatches } from '../table/batch.ts';
import type { Batches, CoreCommand } from './command.ts';
import { collect, failIn } from './command.ts';

export interface SortKey {
  readonly field: string;
  readonly descending: boolean;
  readonly as: 'auto' | 'num' | 'str';
}

/** SPL's limit where a search names none. */
const DEFAULT_LIMIT = 10_000;

export const sort: CoreCommand = {
  name: 'sort',
  prepare(args) {
    const { options, words } = parseArguments(joinSigns(args), ['limit']);
    let limit = DEFAULT_LIMIT;
    const option = options.get('limit');
    if (option !== undefined) limit = integerOption('sort', 'limit', option);
    else if (words[0] && !words[0].quoted && /^\d+$/.test(words[0].text)) limit = Number(words.shift()!.text);
    const last = words[words.length - 1];
    const reverse = words.length > 1 && !last.quoted && /^(d|desc)$/i.test(last.text) && Boolean(words.pop());
    const keys = keysOf('sort', words, reverse);
    return async function* (input) {
      yield* sortedBatch(input, keys, limit);
    };
  },
};

/** `- a` is `-a`. */
const joinSigns = (args: string): string => args.replace(/(^|[\s,])([+-])\s+/g, '$1$2');

/** The fields to sort by, as behind `sort` and `sortby`. */
export function readSortKeys(command: string, args: string): SortKey[] {
  return keysOf(command, parseArguments(joinSigns(args), []).words, false);
}

function keysOf(command: string, words: readonly Word[], reverse: boolean): SortKey[] {
  if (words.length === 0) failIn(command, 'at least one field is needed.');
  let sign = '+';
  return words.map(({ raw, text, quoted }) => {
    const signed = quoted ? null : /^([+-])/.exec(raw);
    // A sign holds for the fields behind it until the next one, as in `sort - a b`.
    if (signed) sign = signed[1];
    const name = signed ? text.slice(1) : text;
    const typed = quoted ? null : /^(num|str|auto|ip)\((.*)\)$/s.exec(name);
    return {
      field: typed ? typed[2] : name,
      as: typed && typed[1] !== 'ip' ? (typed[1] as SortKey['as']) : 'auto',
      descending: (sign === '-') !== reverse,
    };
  });
}

/** All rows in order, at most so many; 0 for all. */
export async function* sortedBatch(
  input: Batches,
  keys: readonly SortKey[],
  limit = 0,
): AsyncGenerator<Batch> {
  const batch = concatBatches(await collect(input));
  const orders = keys.map((key) => order(batch.cells(key.field), key));
  const rows = Uint32Array.from({ length: batch.rows }, (_, i) => i).sort((a, b) => {
    for (const compare of orders) {
      const result = compare(a, b);
      if (result !== 0) return result;
    }
    return a - b;
  });
  yield batch.take(limit === 0 ? rows : rows.subarray(0, limit));
}

/** Rows by one field: numbers by size and before texts, texts by code point; empty cells last either way. */
function order(cells: readonly Cell[], key: SortKey): (a: number, b: number) => number {
  const texts = cells.map((cell) => (cell === null ? null : cellText(cell)));
  const numbers = texts.map((text) =>
    text !== null && key.as !== 'str' && isNumeric(text) ? Number(text) : null,
  );
  const sign = key.descending ? -1 : 1;
  return (a, b) => {
    const [s, t] = [texts[a], texts[b]];
    if (s === null || t === null) return s === t ? 0 : s === null ? 1 : -1;
    const [x, y] = [numbers[a], numbers[b]];
    if (x !== null && y !== null) return x === y ? 0 : x < y ? -sign : sign;
    if (x !== null || y !== null) return x !== null ? -sign : sign;
    return s === t ? 0 : s < t ? -sign : sign;
  };
}
