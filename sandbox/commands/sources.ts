import { Batch } from '../table/batch.ts';
import type { Cell } from '../table/cell.ts';
import { readCsv } from '../table/csv-reader.ts';
import { booleanOption, integerOption, parseArguments } from '../spl/arguments.ts';
import { bindSearch, parseSearchExpression } from '../spl/search-expression.ts';
import type { Batches, CommandContext, CoreCommand } from './command.ts';
import { failIn, keepRows } from './command.ts';

export const inputlookup: CoreCommand = {
  name: 'inputlookup',
  generating: true,
  prepare(args, context) {
    const [, front, condition] = /^([\s\S]*?)(?:\s+where\s+([\s\S]+))?$/i.exec(args)!;
    const { options, words } = parseArguments(front, ['append', 'start', 'max', 'strict']);
    if (words.length !== 1) failIn('inputlookup', `one lookup's name is expected, not '${args.trim()}'.`);
    const name = words[0].text;
    const append = booleanOption('inputlookup', 'append', options.get('append') ?? 'f');
    const start = integerOption('inputlookup', 'start', options.get('start') ?? '0');
    const max = options.has('max') ? integerOption('inputlookup', 'max', options.get('max')!) : Infinity;
    const test = condition ? parseSearchExpression(condition) : null;
    context.lookups.path(name);
    return async function* (input: Batches) {
      if (append) yield* input;
      let skip = start;
      let left = max;
      for await (const batch of context.lookups.read(name, context.chunks)) {
        let rows = batch;
        if (test) rows = keepRows(batch, bindSearch(test, batch));
        rows = rows.slice(Math.min(skip, rows.rows), Math.min(rows.rows, skip + left));
        skip = Math.max(0, skip - batch.rows);
        left -= rows.rows;
        yield rows;
        if (left <= 0) return;
      }
    };
  },
};

export const outputlookup: CoreCommand = {
  name: 'outputlookup',
  prepare(args, context) {
    const { options, words } = parseArguments(args, [
      'append',
      'create_empty',
      'override_if_empty',
      'createinapp',
      'max',
    ]);
    if (words.length !== 1) failIn('outputlookup', `one lookup's name is expected, not '${args.trim()}'.`);
    const append = booleanOption('outputlookup', 'append', options.get('append') ?? 'f');
    const name = words[0].text;
    if (!append) return (input) => context.lookups.write(name, input, []);
    return (input) => context.lookups.append(name, input, context.chunks);
  },
};

export const makeresults: CoreCommand = {
  name: 'makeresults',
  generating: true,
  prepare(args, context) {
    const { options, words } = parseArguments(args, ['count', 'annotate', 'splunk_server', 'format', 'data']);
    if (words.length > 0)
      failIn('makeresults', `'${words[0].raw}' is not an option. It takes count, annotate, format and data.`);
    const count = integerOption('makeresults', 'count', options.get('count') ?? '1');
    const annotate = booleanOption('makeresults', 'annotate', options.get('annotate') ?? 'f');
    const data = options.get('data');
    if (data !== undefined) return () => givenRows(options.get('format') ?? '', data, context);
    return async function* () {
      const now = String(Math.floor(Date.now() / 1000));
      let left = count;
      let limit = context.chunks.firstRows;
      while (left > 0) {
        const rows = Math.min(left, limit);
        const same = (cell: Cell) => new Array<Cell>(rows).fill(cell);
        yield Batch.fromCells(rows, [
          ['_time', same(now)],
          ...(annotate
            ? (
                [
                  ['_raw', null],
                  ['host', null],
                  ['source', null],
                  ['sourcetype', null],
                  ['splunk_server', 'sandbox'],
                  ['splunk_server_group', null],
                ] as const
              ).map(([field, cell]) => [field, same(cell)] as const)
            : []),
        ]);
        left -= rows;
        limit = context.chunks.rows;
      }
    };
  },
};

async function* givenRows(format: string, data: string, context: CommandContext): AsyncGenerator<Batch> {
  if (format.toLowerCase() === 'csv') {
    yield* readCsv([Buffer.from(`${data.trim()}\n`)], { ...context.chunks, origin: "makeresults' data" });
    return;
  }
  if (format.toLowerCase() !== 'json') failIn('makeresults', 'data needs format=csv or format=json.');
  let rows: unknown;
  try {
    rows = JSON.parse(data);
  } catch (error) {
    failIn('makeresults', `data is not JSON: ${(error as Error).message}.`);
  }
  if (!Array.isArray(rows)) failIn('makeresults', 'data must be a JSON array of objects.');
  const names = [...new Set(rows.flatMap((row: object) => Object.keys(row)))];
  const cell = (value: unknown): Cell =>
    value === null || value === undefined
      ? null
      : Array.isArray(value)
        ? value.map(String)
        : typeof value === 'object'
          ? JSON.stringify(value)
          : String(value);
  yield Batch.fromCells(
    rows.length,
    names.map((name) => [name, rows.map((row: Record<string, unknown>) => cell(row[name]))] as const),
  );
}
