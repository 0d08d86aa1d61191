import { Batch, concatBatches } from '../table/batch.ts';
import type { Cell } from '../table/cell.ts';
import { cellText } from '../table/cell.ts';
import { booleanOption, integerOption } from '../spl/arguments.ts';
import { isNumeric, numberText } from '../spl/expression/values.ts';
import type { StatsArguments } from '../stats/clauses.ts';
import { parseStats } from '../stats/clauses.ts';
import { Groups } from '../stats/groups.ts';
import type { Span } from '../stats/spans.ts';
import { readSpan, timeSpanFor } from '../stats/spans.ts';
import { binned } from './bins.ts';
import type { CoreCommand } from './command.ts';
import { collect, failIn } from './command.ts';

/** Series that a chart shows where nothing is said; the others are put together. */
const DEFAULT_LIMIT = '10';
const DEFAULT_BINS = 100;

const collator = new Intl.Collator('en', { numeric: true });

interface Settings {
  readonly limit: number;
  readonly useOther: boolean;
  readonly useNull: boolean;
  readonly otherName: string;
  readonly nullName: string;
}

function settingsOf(command: string, options: ReadonlyMap<string, string>): Settings {
  return {
    // `limit=top5` and `limit=5` are the same.
    limit: integerOption(command, 'limit', (options.get('limit') ?? DEFAULT_LIMIT).replace(/^top\s*/i, '')),
    useOther: booleanOption(command, 'useother', options.get('useother') ?? 't'),
    useNull: booleanOption(command, 'usenull', options.get('usenull') ?? 't'),
    otherName: options.get('otherstr') ?? 'OTHER',
    nullName: options.get('nullstr') ?? 'NULL',
  };
}

/** `count OVER a BY b` is `count by a b`; the keyword is looked for outside quotes. */
function withoutOver(args: string): string {
  const match =
    /^((?:"(?:[^"\\]|\\.)*"|[^"])*?)\sover\s+((?:"(?:[^"\\]|\\.)*"|'[^']*'|[^\s"']+))(?:\s+by\s+([\s\S]+))?$/i.exec(
      args,
    );
  if (!match) return args;
  return `${match[1]} by ${match[2]} ${match[3] ?? ''}`;
}

/**
 * The aggregates of every pair of a row's value and a series' value, the series beside each other.
 * @param rowOf The row that a cell of the row field belongs to; null for none.
 */
function pivot(
  command: string,
  { clauses, options }: StatsArguments,
  batch: Batch,
  rowField: string,
  seriesField: string | undefined,
  rowOf: (cell: Cell) => string | null,
): { rows: string[]; columns: Map<string, Map<string, Cell>> } {
  const settings = settingsOf(command, options);
  const rowCells = batch.cells(rowField).map(rowOf);
  const seriesCells = seriesField === undefined ? undefined : batch.cells(seriesField);
  const seriesOf = (row: number): string | null => {
    if (!seriesCells) return '';
    const cell = seriesCells[row];
    return cell === null ? (settings.useNull ? settings.nullName : null) : cellText(cell);
  };
  const kept = chosenSeries(clauses.length === 1 ? settings.limit : 0, batch.rows, rowCells, seriesOf);
  const groups = new Groups(clauses);
  const named = batch.with([
    [ROW, rowCells],
    [
      SERIES,
      Array.from({ length: batch.rows }, (_, row) => {
        const series = seriesOf(row);
        if (series === null || !kept || kept.has(series)) return series;
        return settings.useOther ? settings.otherName : null;
      }),
    ],
  ]);
  groups.addBatch(named, [ROW, SERIES]);
  const columns = new Map<string, Map<string, Cell>>();
  const series = [...new Set([...groups.all.values()].map(({ by }) => by[1]))].sort((a, b) => {
    const last = (name: string) =>
      Number(name === settings.otherName) + 2 * Number(name === settings.nullName);
    return last(a) - last(b) || collator.compare(a, b);
  });
  for (const name of seriesField === undefined ? [''] : series) {
    for (const [i, clause] of clauses.entries()) {
      const heading =
        name === '' && seriesField === undefined
          ? clause.name
          : clauses.length === 1
            ? name
            : `${clause.name}: ${name}`;
      const cells = new Map<string, Cell>();
      for (const group of groups.all.values()) {
        if (group.by[1] === name) cells.set(group.by[0], group.aggregates[i].result());
      }
      columns.set(heading, cells);
    }
  }
  const rows = [...new Set([...groups.all.values()].map(({ by }) => by[0]))];
  return { rows, columns };
}

const [ROW, SERIES] = ['\u0000row', '\u0000series'];

/** The series with the most rows; null where there are no more than may be. */
function chosenSeries(
  limit: number,
  count: number,
  rows: readonly Cell[],
  seriesOf: (row: number) => string | null,
): ReadonlySet<string> | null {
  if (limit === 0) return null;
  const sizes = new Map<string, number>();
  for (let row = 0; row < count; row++) {
    const series = seriesOf(row);
    if (series !== null && rows[row] !== null) sizes.set(series, (sizes.get(series) ?? 0) + 1);
  }
  if (sizes.size <= limit) return null;
  const sorted = [...sizes].sort((a, b) => b[1] - a[1]);
  return new Set(sorted.slice(0, limit).map(([name]) => name));
}

/** Counts are 0 where there was nothing to count; other aggregates have no value there. */
function filled(
  { clauses }: StatsArguments,
  columns: ReadonlyMap<string, Map<string, Cell>>,
  rows: readonly string[],
) {
  const isCount = clauses.every(({ name }) => /^(c|count|dc|distinct_count)\b/i.test(name));
  return [...columns].map(
    ([name, cells]) => [name, rows.map((row) => cells.get(row) ?? (isCount ? '0' : null))] as const,
  );
}

export const chart: CoreCommand = {
  name: 'chart',
  prepare(args) {
    const parsed = parseStats('chart', withoutOver(args));
    const [rowField, seriesField] = parsed.by;
    if (rowField === undefined) failIn('chart', "a field behind 'over' or 'by' is needed.");
    if (parsed.by.length > 2) failIn('chart', "at most two fields may stand behind 'by'.");
    const span = parsed.options.has('span') ? readSpan('chart', parsed.options.get('span')!) : undefined;
    return async function* (input) {
      const batch = concatBatches(await collect(input));
      const { rows, columns } = pivot('chart', parsed, batch, rowField, seriesField, (cell) => {
        if (cell === null) return null;
        const text = cellText(cell);
        return span && isNumeric(text) ? binned(rowField, span, Number(text)) : text;
      });
      rows.sort(collator.compare);
      yield Batch.fromCells(rows.length, [[rowField, rows], ...filled(parsed, columns, rows)]);
    };
  },
};

export const timechart: CoreCommand = {
  name: 'timechart',
  prepare(args) {
    const parsed = parseStats('timechart', args);
    if (parsed.by.length > 1) failIn('timechart', "at most one field may stand behind 'by'.");
    const given = parsed.options.has('span') ? readSpan('timechart', parsed.options.get('span')!) : undefined;
    const bins = integerOption('timechart', 'bins', parsed.options.get('bins') ?? String(DEFAULT_BINS), 1);
    return async function* (input) {
      const batch = concatBatches(await collect(input));
      const times = batch
        .cells('_time')
        .flatMap((cell) => (typeof cell === 'string' && isNumeric(cell) ? [Number(cell)] : []));
      if (times.length === 0) return;
      const low = times.reduce((a, b) => Math.min(a, b));
      const high = times.reduce((a, b) => Math.max(a, b));
      const span: Span = given ?? timeSpanFor(high - low, bins);
      const { columns } = pivot('timechart', parsed, batch, '_time', parsed.by[0], (cell) =>
        typeof cell === 'string' && isNumeric(cell) ? numberText(span.start(Number(cell))) : null,
      );
      const rows: string[] = [];
      for (let start = span.start(low); start <= high; start = span.next(start)) rows.push(numberText(start));
      yield Batch.fromCells(rows.length, [['_time', rows], ...filled(parsed, columns, rows)]);
    };
  },
};
