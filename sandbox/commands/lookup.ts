import type { Cell } from '../table/cell.ts';
import { cellFrom, cellText } from '../table/cell.ts';
import { parseArguments } from '../spl/arguments.ts';
import type { Batch } from '../table/batch.ts';
import { concatBatches } from '../table/batch.ts';
import type { CoreCommand } from './command.ts';
import { collect, failIn } from './command.ts';

interface Pair {
  /** The field's name in the lookup's file, and in the rows. */
  readonly file: string;
  readonly row: string;
}

/** Fields of a CSV file beside the rows that agree with it; where several lines do, all their values. */
export const lookup: CoreCommand = {
  name: 'lookup',
  prepare(args, context) {
    const { words } = parseArguments(args, ['local', 'update', 'event_time_field']);
    const [table, ...rest] = words.map(({ text }) => text);
    if (table === undefined) failIn('lookup', "a lookup's name is needed.");
    const at = rest.findIndex((word) => /^output(new)?$/i.test(word));
    const keys = pairsOf(at < 0 ? rest : rest.slice(0, at));
    if (keys.length === 0) failIn('lookup', 'a field to look up by is needed.');
    const wanted = at < 0 ? undefined : pairsOf(rest.slice(at + 1));
    const keepOld = at >= 0 && /new$/i.test(rest[at]);
    context.lookups.path(table);
    return async function* (input) {
      const file = concatBatches(await collect(context.lookups.read(table, context.chunks)));
      const missing = [...keys, ...(wanted ?? [])].find((pair) => !file.has(pair.file));
      if (missing) failIn('lookup', `the lookup '${table}' has no field '${missing.file}'.`);
      const outputs =
        wanted ??
        file.fields
          .filter((name) => !keys.some((key) => key.file === name))
          .map((name) => ({ file: name, row: name }));
      const lines = linesByKey(file, keys);
      for await (const batch of input) {
        const columns = keys.map(({ row }) => batch.cells(row));
        const found = Array.from({ length: batch.rows }, (_, row) => lines.get(keyOf(columns, row)) ?? []);
        yield batch.with(
          outputs.map(({ file: name, row: as }) => {
            const [cells, before] = [file.cells(name), batch.cells(as)];
            return [as, found.map((numbers, row) => valueOf(numbers, cells, before[row], keepOld))] as const;
          }),
        );
      }
    };
  },
};

function valueOf(lines: readonly number[], cells: readonly Cell[], before: Cell, keepOld: boolean): Cell {
  if (keepOld && before !== null) return before;
  return cellFrom(lines.map((line) => cellText(cells[line])).filter((text) => text !== ''));
}

function keyOf(columns: readonly (readonly Cell[])[], row: number): string {
  return columns.map((cells) => cellText(cells[row])).join('\u0000');
}

function linesByKey(file: Batch, keys: readonly Pair[]): Map<string, number[]> {
  const columns = keys.map((key) => file.cells(key.file));
  const lines = new Map<string, number[]>();
  for (let row = 0; row < file.rows; row++) {
    const key = keyOf(columns, row);
    const numbers = lines.get(key);
    if (numbers) numbers.push(row);
    else lines.set(key, [row]);
  }
  return lines;
}

/** `a as b c` */
function pairsOf(words: readonly string[]): Pair[] {
  const pairs: Pair[] = [];
  for (let at = 0; at < words.length; at++) {
    const file = words[at];
    if (words[at + 1]?.toLowerCase() === 'as' && words[at + 2] !== undefined) {
      pairs.push({ file, row: words[at + 2] });
      at += 2;
    } else {
      pairs.push({ file, row: file });
    }
  }
  return pairs;
}
