import { RowsTaken } from '../../container/templates/node-host/rows-taken.ts';

const piece = (key: string, first: boolean, ...columns: number[][]) =>
  [
    { rowsAhead: key, first, rows: columns[0].length, columns: columns.length },
    new Uint8Array(Float64Array.from(columns.flat()).buffer),
  ] as const;

test('pieces become columns, whatever room they need', () => {
  const taken = new RowsTaken();
  taken.take(...piece('other', true, [9], [9]));
  const rows = 70_000;
  const [a, b] = [
    Float64Array.from({ length: rows }, Math.sin),
    Float64Array.from({ length: rows }, Math.cos),
  ];
  for (let from = 0; from < rows; from += 20_000) {
    const part = (column: Float64Array) => [...column.subarray(from, from + 20_000)];
    taken.take(...piece('k', from === 0, part(a), part(b)));
  }
  const table = taken.give('k', rows, ['a', 'b']);
  expect(table).toEqual({ rows, names: ['a', 'b'], columns: [a, b] });
  expect(taken.give('k', rows, ['a', 'b'])).toBeUndefined();
});

test('rows of another key, or not all of them, are not given', () => {
  const taken = new RowsTaken();
  taken.take(...piece('late', false, [1]));
  expect(taken.give('late', 1, ['a'])).toBeUndefined();
  taken.take(...piece('k', true, [1, 2]));
  taken.take(...piece('late', false, [3]));
  expect(taken.give('late', 1, ['a'])).toBeUndefined();
  expect(taken.give('k', 3, ['a'])).toBeUndefined();
  expect(taken.give('k', 2, ['a'])?.columns).toEqual([Float64Array.of(1, 2)]);
});
