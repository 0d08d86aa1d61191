import type { Batch } from '../table/batch.ts';
import { concatBatches } from '../table/batch.ts';
import type { Cell } from '../table/cell.ts';
import { cellText } from '../table/cell.ts';
import { integerOption, parseArguments } from '../spl/arguments.ts';
import { isNumeric, numberText } from '../spl/expression/values.ts';
import type { Span } from '../stats/spans.ts';
import { numberSpanFor, readSpan, timeSpanFor } from '../stats/spans.ts';
import type { CoreCommand } from './command.ts';
import { failIn, perSearch } from './command.ts';

const DEFAULT_BINS = 100;

function numbersOf(cells: readonly Cell[]): number[] {
  return cells.flatMap((cell) => (typeof cell === 'string' && isNumeric(cell) ? [Number(cell)] : []));
}

function usualSpan(field: string, numbers: readonly number[], bins: number): Span {
  const low = numbers.reduce((a, b) => Math.min(a, b), Infinity);
  const high = numbers.reduce((a, b) => Math.max(a, b), -Infinity);
  return field === '_time' ? timeSpanFor(high - low, bins) : numberSpanFor(low, high, bins);
}

/** The piece of a line that a value lies in: for times where it begins, for numbers `from-to`. */
export function binned(field: string, span: Span, value: number): string {
  const start = span.start(value);
  return field === '_time' ? numberText(start) : `${numberText(start)}-${numberText(span.next(start))}`;
}

function binCommand(name: 'bin' | 'bucket'): CoreCommand {
  return {
    name,
    prepare(args) {
      const { options, words } = parseArguments(args, [
        'span',
        'bins',
        'minspan',
        'start',
        'end',
        'aligntime',
      ]);
      const [field, as, alias] = words.map(({ text }) => text);
      if (field === undefined) failIn(name, 'a field is needed.');
      if (words.length > 1 && (as.toLowerCase() !== 'as' || alias === undefined)) {
        failIn(name, `'${as}' is not understood.`);
      }
      const given = options.has('span') ? readSpan(name, options.get('span')!) : undefined;
      const bins = integerOption(name, 'bins', options.get('bins') ?? String(DEFAULT_BINS), 2);
      return perSearch((batches) => {
        const batch = concatBatches(batches);
        const cells = batch.cells(field);
        const span = given ?? usualSpan(field, numbersOf(cells), bins);
        const put = cells.map((cell) =>
          typeof cell === 'string' && isNumeric(cell) ? binned(field, span, Number(cell)) : cell,
        );
        return [batch.has(field) ? batch.with([[alias ?? field, put]]) : batch];
      });
    },
  };
}

export const bin = binCommand('bin');
export const bucket = binCommand('bucket');

/** Rows for the values of a field that are missing between the least and the greatest; other fields stay empty there. */
export const makecontinuous: CoreCommand = {
  name: 'makecontinuous',
  prepare(args) {
    const { options, words } = parseArguments(args, ['span', 'bins', 'start', 'end']);
    const field = words[0]?.text ?? '_time';
    const given = options.has('span') ? readSpan('makecontinuous', options.get('span')!) : undefined;
    return perSearch((batches) => [continued(concatBatches(batches), field, given)]);
  },
};

/** Where a cell begins: a number, or the first one of `from-to`. */
const RANGE = /^(-?\d+(?:\.\d+)?)-(-?\d+(?:\.\d+)?)$/;

function continued(batch: Batch, field: string, given: Span | undefined): Batch {
  const texts = batch.cells(field).map(cellText);
  const ranges = texts.map((text) => RANGE.exec(text));
  const starts = texts.map((text, row) =>
    isNumeric(text) ? Number(text) : ranges[row] ? Number(ranges[row][1]) : NaN,
  );
  const known = [...new Set(starts.filter((start) => !Number.isNaN(start)))].sort((a, b) => a - b);
  if (known.length < 2) return batch;
  const range = ranges.find((match) => match !== null);
  const steps = known.slice(1).map((start, i) => start - known[i]);
  const length = range ? Number(range[2]) - Number(range[1]) : Math.min(...steps);
  const next = (start: number) => (given ? given.next(start) : Number((start + length).toPrecision(12)));
  const all: { text: string; row: number }[] = [];
  for (let start = known[0]; start <= known.at(-1)!; start = next(start)) {
    const rows = starts.flatMap((one, row) => (one >= start && one < next(start) ? [row] : []));
    for (const row of rows) all.push({ text: texts[row], row });
    const text = range ? `${numberText(start)}-${numberText(next(start))}` : numberText(start);
    if (rows.length === 0) all.push({ text, row: -1 });
  }
  const taken = batch.take(Uint32Array.from(all, ({ row }) => Math.max(0, row)));
  return taken.with(
    batch.fields.map((name) => {
      const cells = taken.cells(name);
      return [
        name,
        all.map(({ text, row }, i) => (name === field ? text : row < 0 ? null : cells[i])),
      ] as const;
    }),
  );
}
