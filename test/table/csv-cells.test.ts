import { decodeCell, encodeCell, splitLine } from '../../container/table/csv-cells.ts';

const NAMES = [
  'plain',
  'two words',
  'a"b',
  'a",b',
  '"',
  '","',
  'line\nend',
  ' blank ',
  '',
  'ü$',
  'we"ird, na\nme',
];

test('a header line splits into the names that it was made of', () => {
  for (const first of NAMES) {
    for (const second of NAMES) {
      expect(splitLine(`${encodeCell(first)},${encodeCell(second)},z`)).toEqual([first, second, 'z']);
    }
  }
});

test('names that are quoted without need split alike', () => {
  const quote = (name: string) => `"${name.replaceAll('"', '""')}"`;
  expect(splitLine(NAMES.map(quote).join(','))).toEqual(NAMES);
});

test('a cell reads back as it was written', () => {
  for (const name of NAMES) expect(decodeCell(encodeCell(name))).toBe(name);
});
