/** Answers of containers as columns: what notebooks return, and what must not pass for an answer. */
import type { NumericTable, OutputColumn } from '../../../container/contract/template.ts';
import { readResults } from '../../../container/templates/dsdl/results-in.ts';
import { encodeCall } from '../../../container/templates/dsdl/rows-out.ts';

const SENT: NumericTable = {
  rows: 3,
  names: ['y', 'x', 'text'],
  levels: [undefined, undefined, ['a', 'b, "c"']],
  columns: [Float64Array.of(1, 2, 3), Float64Array.of(0.1 + 0.2, 7, 1e21), Float64Array.of(0, 1, 0)],
};

const read = (csv: string, targets: string[] = ['y']) =>
  Object.fromEntries(readResults(csv, SENT, targets, 'main').map((one) => [one.name, cells(one)]));
const cells = (output: OutputColumn) =>
  output.kind === 'label'
    ? [...output.codes]
    : [...output.values].map((cell) => (Number.isNaN(cell) ? null : cell));

it.each<[string, string, string[], Record<string, unknown>]>([
  ['a column without a name', '0\n1.5\n2\n3\n', ['y'], { predicted_y: [1.5, 2, 3] }],
  ['its own name', 'predicted_y\n1\n2\n3\n', ['y'], { predicted_y: [1, 2, 3] }],
  ["MLTK's name", 'predicted(y)\n1\n2\n3\n', ['y'], { predicted_y: [1, 2, 3] }],
  ['any other', 'y_hat\n1\n2\n3\n', ['y'], { predicted_y: [1, 2, 3] }],
  [
    'several',
    'a,predicted_b\n1,x\n2,\n3,z\n',
    ['y'],
    { predicted_a: [1, 2, 3], predicted_b: ['x', null, 'z'] },
  ],
  ['no target', 'cluster\n1\n1\n0\n', [], { predicted_cluster: [1, 1, 0] }],
  ['the index of a frame', ',p\n0,5\n1,6\n2,7\n', ['y'], { predicted_y: [5, 6, 7] }],
  [
    'what was sent, and more',
    'y,x,text,p\n1,0.30000000000000004,a,5\n2,7.0,"b, ""c""",6\n3,1e+21,a,7\n',
    ['y'],
    { predicted_y: [5, 6, 7] },
  ],
  ['what was sent, but changed', 'x\n0\n0\n0\n', [], { predicted_x: [0, 0, 0] }],
  ['only what was sent', 'y\n1\n2\n3\n', ['y'], { predicted_y: [1, 2, 3] }],
  ['empty cells', 'p\n""\n2\n\n', ['y'], { predicted_y: [null, 2, null] }],
  [
    'texts with line ends',
    'p\r\n"a\nb"\r\n"c ""d"", e"\r\n😀\r\n',
    ['y'],
    { predicted_y: ['a\nb', 'c "d", e', '😀'] },
  ],
  ['numbers that only JavaScript reads', 'p\n0x10\n1\n2\n', ['y'], { predicted_y: ['0x10', '1', '2'] }],
  ['infinity', 'p\ninf\n1\n2\n', ['y'], { predicted_y: ['inf', '1', '2'] }],
  [
    'a last line without an end',
    'p,q\n1,\n2,\n3,',
    ['y'],
    { predicted_p: [1, 2, 3], predicted_q: [null, null, null] },
  ],
])('reads %s', (_, csv, targets, expected) => {
  expect(read(csv, targets)).toEqual(expected);
});

it.each([
  ['too few', 'p\n1\n2\n', /2 rows for 3/],
  ['too many', 'p\n1\n2\n3\n4\n', /4 rows for 3/],
  ['none', '', /0 rows for 3/],
  ['a row too long', 'p\n1\n2,3\n4\n', /row of 2 cells under 1 columns \(row 2\)/],
])('refuses %s rows', (_, csv, message) => {
  expect(() => read(csv)).toThrow(message);
});

it('sends rows as pandas would write them', () => {
  const model = {
    algorithm: 'MLTKContainer',
    algo: 'a',
    modelName: 'm',
    options: {},
    features: ['x'],
    targets: ['y'],
  };
  const sent = JSON.parse(Buffer.from(encodeCall(model, SENT)).toString()) as { data: string };
  expect(sent.data).toBe('y,x,text\n1,0.30000000000000004,a\n2,7,"b, ""c"""\n3,1e+21,a\n');
  // A line that holds nothing would be left out there.
  const alone = { rows: 2, names: ['x'], columns: [Float64Array.of(NaN, 1)] };
  expect(JSON.parse(Buffer.from(encodeCall(model, alone)).toString())).toMatchObject({ data: 'x\n""\n1\n' });
});
