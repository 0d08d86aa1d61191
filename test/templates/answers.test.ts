import { outputsOf } from '../../container/templates/node-host/answers.ts';

/** What a template's `apply` answered for two rows. */
const taken = (answer: unknown) => outputsOf('apply', answer as never, 2, 'transformer');

test.each<[what: string, answer: unknown, values: unknown]>([
  [
    'whole numbers of 64 bits, to the last digit',
    BigInt64Array.of(2n ** 62n, -1n),
    ['4611686018427387904', '-1'],
  ],
  ['numbers of another width', Uint8Array.of(1, 2), Float64Array.of(1, 2)],
  ['texts, truth values and nothing', [true, undefined], ['true', null]],
])('%s', (_what, answer, values) => {
  expect(taken(answer)).toEqual([expect.objectContaining({ name: 'output', values })]);
});

test.each<[answer: unknown, message: RegExp]>([
  [new Map([['a', [1, 2]]]), /no column, but a Map: return an array with a value for each row, or an object/],
  [(function* () {})(), /no column, but a Generator: /],
  [{}, /no column\.$/],
  [{ '': [1, 2] }, /a column without a name/],
  [[new Date(0), new Date(0)], /returned object in "output", row 1; a cell is a number or a text/],
  [{ a: [1, 2], b: [1] }, /1 values in "b" for 2 rows/],
])('%s is refused', (answer, message) => {
  expect(() => taken(answer)).toThrow(message);
});
