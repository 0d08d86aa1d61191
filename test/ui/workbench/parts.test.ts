import type { DataEntry, RunResult } from '../../../container/contract/workbench.ts';
import { linesOf } from '../../../ui/workbench/compare-tab.tsx';
import { chooseData, featuresOf, formFor, searchOf } from '../../../ui/workbench/form-state.ts';
import { diffLines, withContext } from '../../../ui/workbench/line-diff.ts';
import { problemWith } from '../../../ui/workbench/options-form.tsx';

const written = (before: string, after: string): string[] =>
  diffLines(before, after).map(({ kind, text }) => `${{ same: ' ', gone: '-', new: '+' }[kind]}${text}`);

test('a difference is told line by line, with the numbers of both texts', () => {
  expect(written('a\nb\nc\nd', 'a\nx\nc\ny\nd')).toEqual([' a', '-b', '+x', ' c', '+y', ' d']);
  expect(written('a', 'a\n')).toEqual([' a', '+']);
  expect(written('', 'x')).toEqual(['-', '+x']);
  expect(diffLines('a\nb', 'b')).toEqual([
    { kind: 'gone', text: 'a', before: 1 },
    { kind: 'same', text: 'b', before: 2, after: 1 },
  ]);
});

test('what is put together from a difference is the new text, and without what came the old one', () => {
  const lines = (seed: number) => Array.from({ length: 60 }, (_, i) => `line ${(i * seed) % 17}`).join('\n');
  for (const [a, b] of [
    [3, 5],
    [7, 7],
    [11, 2],
  ]) {
    const all = diffLines(lines(a), lines(b));
    const join = (without: string) =>
      all.flatMap(({ kind, text }) => (kind === without ? [] : [text])).join('\n');
    expect(join('gone')).toBe(lines(b));
    expect(join('new')).toBe(lines(a));
  }
});

test('lines far from any change are left out', () => {
  const text = Array.from({ length: 20 }, (_, i) => String(i)).join('\n');
  const shown = withContext(diffLines(text, text.replace('\n10\n', '\nten\n')), 1);
  expect(shown.map((line) => line?.text ?? '…')).toEqual(['…', '9', '10', 'ten', '11', '…']);
});

const entry: DataEntry = {
  id: 'pumps@2',
  name: 'pumps',
  version: 2,
  rows: 9,
  fields: [
    { name: 'a b', kind: 'number' },
    { name: 'site', kind: 'text' },
    { name: 'wear', kind: 'number' },
    { name: 'state', kind: 'text' },
  ],
  template: 'Pumps',
  target: 'wear',
  features: ['a b', 'site'],
  options: { shrink: '0.5' },
};
const sample: DataEntry = { id: '*sample', name: 'sample', rows: 1, fields: entry.fields };

test('the form begins with what was staged, else with what the fields suggest', () => {
  expect(chooseData([sample, entry], 'Pumps')).toBe('pumps@2');
  expect(chooseData([sample, entry], 'Other')).toBe('*sample');
  expect(formFor(entry, 'regressor')).toMatchObject({ target: 'wear', options: { shrink: '0.5' } });
  expect(formFor(sample, 'classifier').target).toBe('state');
  expect(formFor(sample, 'regressor').target).toBe('wear');
  expect(formFor(entry, 'clusterer').target).toBe('');
  expect(featuresOf(formFor(sample, 'regressor'), sample)).toEqual(['a b', 'site', 'state']);
});

test('the search that does the same quotes what needs it', () => {
  const form = { ...formFor(entry, 'regressor'), options: { shrink: '0.5', label: 'a "b"', empty: '' } };
  expect(searchOf('Pumps', form, entry)).toBe(
    '| fit Pumps shrink=0.5 label="a \\"b\\"" wear from "a b" site into my_model',
  );
});

test.each([
  ['x', { type: 'number' }, 'A number is needed.'],
  ['1.5', { type: 'integer' }, 'A whole number is needed.'],
  ['-1', { type: 'number', minimum: 0 }, 'At least 0.'],
  ['2', { type: 'number', maximum: 1 }, 'At most 1.'],
  ['0', { type: 'number', exclusiveMinimum: 0 }, 'More than 0.'],
  ['1', { type: 'integer', exclusiveMaximum: 1 }, 'Less than 1.'],
  ['0.5', { type: 'number', minimum: 0, maximum: 1 }, undefined],
  ['x', { type: ['number', 'string'] }, undefined],
] as const)('%s for %j: %s', (value, schema, problem) => {
  expect(problemWith(value, { description: '', ...schema })).toBe(problem);
});

test('two runs are compared by what both or one of them has', () => {
  const result = (more: Partial<RunResult>): RunResult => ({
    run: '1',
    file: 'Pumps.ts',
    state: 'done',
    startedAt: 0,
    ms: 1,
    data: '*sample',
    options: {},
    messages: [],
    logs: [],
    timing: [],
    ...more,
  });
  const table = (cell: string) => ({ fields: ['a'], rows: [['1'], [cell]] });
  const lines = linesOf(
    result({
      metrics: { r2: 0.9 },
      options: { k: '2' },
      table: table('3'),
      timing: [{ stage: 'fit', ms: 5 }],
    }),
    result({ metrics: { r2: 0.8, mae: 1 }, table: table('2'), timing: [{ stage: 'fit', ms: 7 }] }),
  );
  expect(lines.map(({ name, before, now, change }) => [name, before, now, change])).toEqual([
    ['Data set', 'sample', 'sample', ''],
    ['k', '—', '2', ''],
    ['r2', '0.8', '0.9', '+0.1'],
    ['mae', '1', '—', ''],
    ['Rows shown that changed', '—', '1', ''],
    ['fit (ms)', '7', '5', '−2'],
  ]);
});
