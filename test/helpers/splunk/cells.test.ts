import { secondsOf, typedRow } from '../../../container/helpers/splunk/cells.ts';

it.each([
  ['5', 5],
  ['-0.25', -0.25],
  ['1e3', 1000],
  ['0', 0],
  ['007', '007'],
  ['1.', '1.'],
  ['.5', '.5'],
  ['0x10', '0x10'],
  ['1e999', '1e999'],
  ['9007199254740991', 9007199254740991],
  ['9007199254740993', '9007199254740993'],
  ['', ''],
  ['Infinity', 'Infinity'],
  ['10.0.0.1', '10.0.0.1'],
  ['2024-01-01', '2024-01-01'],
])('reads %j as %j', (text, value) => {
  expect(typedRow({ x: text })).toEqual({ x: value });
});

it('leaves lists lists, and nothing null', () => {
  expect(typedRow({ a: ['1', 'b'], b: null, c: [] })).toEqual({ a: [1, 'b'], b: null, c: [] });
});

it('gives a field the type that is asked for, and _raw none but text', () => {
  const types = { zip: 'text', n: 'number', at: 'time' } as const;
  expect(typedRow({ zip: '80331', n: '1_0', at: '2024-01-01T00:00:00Z', _raw: '5' }, types)).toEqual({
    zip: '80331',
    n: null,
    at: 1_704_067_200,
    _raw: '5',
  });
  expect(typedRow({ n: '007' }, types)).toEqual({ n: 7 });
});

it.each([
  ['2023-11-14T22:13:20.000+00:00', 1_700_000_000],
  ['2023-11-14T23:13:20.123+01:00', 1_700_000_000.123],
  ['2023-11-14T16:43:20.123456-05:30', 1_700_000_000.123456],
  ['2023-11-14 22:13:20.250 UTC', 1_700_000_000.25],
  ['1700000000.5', 1_700_000_000.5],
  ['1969-12-31T23:59:59.500Z', -0.5],
  ['yesterday', undefined],
])('knows the time %s', (text, seconds) => {
  expect(secondsOf(text)).toBe(seconds);
});

it('leaves a _time as it is that is none', () => {
  expect(typedRow({ _time: 'never' })).toEqual({ _time: 'never' });
});
