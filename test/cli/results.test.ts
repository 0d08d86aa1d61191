import { Batch } from '../../sandbox/table/batch.ts';
import type { Format } from '../../cli/results.ts';
import { fieldsOf, formatResults } from '../../cli/results.ts';
import { ProgressLine, terminalFor } from '../../cli/terminal.ts';

const batches = [
  Batch.fromCells(1, [
    ['a', ['1']],
    ['m', [['x', 'y,z']]],
  ]),
  Batch.fromCells(1, [
    ['m', [null]],
    ['b "q"', ['two\nlines']],
  ]),
];
const results = {
  fields: fieldsOf(batches),
  batches,
  messages: [{ type: 'WARN' as const, text: 'careful' }],
};
const format = (name: Format, given = results, widest?: number) =>
  [...formatResults(name, given, widest)].join('');

test('json has fields, results and messages; cells are texts or arrays of texts', () => {
  const parsed = JSON.parse(format('json')) as Record<string, unknown>;
  expect(Object.keys(parsed)).toEqual(['fields', 'results', 'messages']);
  expect(parsed).toEqual({
    fields: ['a', 'm', 'b "q"'],
    results: [
      { a: '1', m: ['x', 'y,z'], 'b "q"': '' },
      { a: '', m: '', 'b "q"': 'two\nlines' },
    ],
    messages: [{ type: 'WARN', text: 'careful' }],
  });
  expect(JSON.parse(format('json', { fields: [], batches: [], messages: [] }))).toEqual({
    fields: [],
    results: [],
    messages: [],
  });
});

test('csv quotes what needs it', () => {
  expect(format('csv')).toBe('a,m,"b ""q"""\n1,"x\ny,z",\n,,"two\nlines"\n');
});

test('a table is aligned, numbers to the right, one line a row', () => {
  const numbers = Batch.fromCells(2, [
    ['name', ['ab', 'ü日']],
    ['n', ['1', '-20.5']],
  ]);
  expect(format('table', { fields: ['name', 'n'], batches: [numbers], messages: [] })).toBe(
    'name      n\n────  ─────\nab        1\nü日   -20.5\n',
  );
  expect(format('table').split('\n')[2]).toBe('1  x | y,z');
  expect(format('table').split('\n')[3]).toContain('two⏎lines');
  expect(format('table', { fields: [], batches: [], messages: [] })).toBe('No results found.\n');
});

test('a table on a narrow terminal cuts long cells', () => {
  const long = Batch.fromCells(1, [['text', ['x'.repeat(200)]]]);
  const given = { fields: ['text'], batches: [long], messages: [] };
  expect(
    Math.max(
      ...format('table', given, 60)
        .split('\n')
        .map((line) => line.length),
    ),
  ).toBe(60);
  expect(format('table', given)).toContain('x'.repeat(200));
});

test('an object whose field is called __proto__ or toString stays whole', () => {
  const odd = Batch.fromCells(1, [
    ['__proto__', ['1']],
    ['toString', ['2']],
  ]);
  expect(format('json', { fields: fieldsOf([odd]), batches: [odd], messages: [] })).toContain(
    '{"__proto__":"1","toString":"2"}',
  );
});

const stream = (isTTY: boolean) => {
  const written: string[] = [];
  const fake = { isTTY, columns: 20, write: (text: string) => written.push(text) > 0 };
  return { fake: fake as unknown as NodeJS.WriteStream, written };
};

test('colours and progress are for terminals, and NO_COLOR is respected', () => {
  expect(terminalFor(stream(true).fake, {}).red('x')).toBe('\u001b[31mx\u001b[0m');
  expect(terminalFor(stream(true).fake, { NO_COLOR: '1' }).red('x')).toBe('x');
  expect(terminalFor(stream(false).fake, {}).red('x')).toBe('x');
  const [terminal, file] = [stream(true), stream(false)];
  for (const { fake } of [terminal, file]) {
    const line = new ProgressLine(fake);
    line.update('a line that is longer than twenty columns');
    line.clear();
  }
  expect(terminal.written).toEqual(['\r\u001b[2Ka line that is long', '\r\u001b[2K']);
  expect(file.written).toEqual([]);
});
