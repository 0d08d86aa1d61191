import { number } from '../../../ui/splunkd/cells.ts';

test('a number, a time in seconds, or a time as splunkd writes `_time`', () => {
  expect(number('1.5')).toBe(1.5);
  expect(number(['7', '8'])).toBe(7);
  expect(number('2023-11-14T23:13:20.500+01:00')).toBe(1700000000.5);
  for (const none of ['', undefined, 'x', []]) expect(number(none)).toBeUndefined();
});
