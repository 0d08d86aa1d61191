import { Batch } from '../table/batch.ts';
import type { Cell } from '../table/cell.ts';
import { cellText } from '../table/cell.ts';
import { booleanOption, integerOption, parseArguments } from '../spl/arguments.ts';
import type { CoreCommand } from './command.ts';
import { failIn } from './command.ts';

/** The values that are most (`top`) or least (`rare`) often there, with count and share. */
function frequencies(name: 'top' | 'rare'): CoreCommand {
  return {
    name,
    prepare(args) {
      const { options, words } = parseArguments(args, [
        'limit',
        'showperc',
        'showcount',
        'countfield',
        'percentfield',
        'useother',
      ]);
      const texts = words.map(({ text }) => text);
      const limitFirst = texts[0] !== undefined && /^\d+$/.test(texts[0]) ? texts.shift() : undefined;
      const at = texts.findIndex((text) => text.toLowerCase() === 'by');
      const fields = at < 0 ? texts : texts.slice(0, at);
      const by = at < 0 ? [] : texts.slice(at + 1);
      if (fields.length === 0) failIn(name, 'at least one field is needed.');
      const limit = integerOption(name, 'limit', options.get('limit') ?? limitFirst ?? '10');
      const flag = (option: string) => booleanOption(name, option, options.get(option) ?? 't');
      const [showCount, showPercent] = [flag('showcount'), flag('showperc')];
      const countField = options.get('countfield') ?? 'count';
      const percentField = options.get('percentfield') ?? 'percent';
      return async function* (input) {
        const groups = new Map<
          string,
          { by: string[]; total: number; counts: Map<string, { values: string[]; count: number }> }
        >();
        for await (const batch of input) {
          const columns = [...by, ...fields].map((field) => batch.cells(field));
          for (let row = 0; row < batch.rows; row++) {
            if (columns.some((cells) => cells[row] === null)) continue;
            const texts_ = columns.map((cells) => cellText(cells[row]));
            const [groupKey, values] = [texts_.slice(0, by.length), texts_.slice(by.length)];
            const group = groups.get(groupKey.join('\u0000')) ?? {
              by: groupKey,
              total: 0,
              counts: new Map(),
            };
            groups.set(groupKey.join('\u0000'), group);
            group.total += 1;
            const entry = group.counts.get(values.join('\u0000')) ?? { values, count: 0 };
            entry.count += 1;
            group.counts.set(values.join('\u0000'), entry);
          }
        }
        const rows = [...groups.values()].flatMap((group) => {
          const sign = name === 'top' ? -1 : 1;
          const sorted = [...group.counts.values()].sort((a, b) => sign * (a.count - b.count));
          return sorted
            .slice(0, limit === 0 ? undefined : limit)
            .map(({ values, count }) => [
              ...group.by,
              ...values,
              String(count),
              ((100 * count) / group.total).toFixed(6),
            ]);
        });
        const names = [...by, ...fields, countField, percentField];
        const column = (i: number): Cell[] => rows.map((row) => row[i]);
        yield Batch.fromCells(
          rows.length,
          names
            .map((field, i) => [field, column(i)] as const)
            .filter(
              ([field]) => (showCount || field !== countField) && (showPercent || field !== percentField),
            ),
        );
      };
    },
  };
}

export const top = frequencies('top');
export const rare = frequencies('rare');
