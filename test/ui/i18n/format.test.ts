import {
  ago,
  bytes,
  clock,
  compact,
  duration,
  fixed,
  milliseconds,
  moment,
  NO_VALUE,
  number,
  percent,
  setFormatLocale,
  setTimeZone,
} from '../../../ui/i18n/format.ts';

afterEach(() => {
  setFormatLocale('en-US');
  setTimeZone(undefined);
});

test('what has no value is a dash, in every format; 0 is a number', () => {
  for (const write of [number, fixed, compact, percent, bytes, milliseconds, duration, clock, moment, ago]) {
    expect(write(undefined)).toBe(NO_VALUE);
    expect(write(Number.NaN)).toBe(NO_VALUE);
  }
  expect(number(0)).toBe('0');
  expect(duration(0)).toBe('0s');
});

test('numbers are written for people, with a true minus', () => {
  expect(number(1204)).toBe('1,204');
  expect(fixed(-0.5)).toBe('−0.500');
  expect(compact(412_345)).toBe('412.3K');
  expect(percent(0.414)).toBe('41%');
});

test('bytes take the unit that fits', () => {
  expect(bytes(900)).toBe('900B');
  expect(bytes(3.5 * 1024 ** 3)).toBe('3.5 GB');
  expect(bytes(1000 * 1024 ** 2)).toBe('1 GB');
  expect(bytes(300 * 1024 ** 2)).toBe('300 MB');
});

test('times are short and in the user’s zone', () => {
  setTimeZone('Asia/Tokyo');
  expect(clock(0)).toBe('09:00:00');
  setTimeZone('no/such zone');
  expect(() => clock(0)).not.toThrow();
  expect(duration(12 * 86_400 + 4 * 3600 + 7)).toBe('12d 4h');
  expect(duration(93)).toBe('1m 33s');
  expect(milliseconds(0.2)).toBe('< 1 ms');
  expect(milliseconds(41.4)).toBe('41 ms');
});

test('ages are relative for thirty days, then a day', () => {
  expect(ago(1000, 1000 + 7200)).toBe('2 hours ago');
  expect(ago(1000, 1000 + 31 * 86_400)).toBe('Jan 1, 1970');
});

test('Spanish has its own points and words', () => {
  setFormatLocale('es-ES');
  expect(fixed(0.987)).toBe('0,987');
  expect(bytes(3.5 * 1024 ** 3)).toBe('3,5 GB');
  expect(ago(1000, 1000 + 7200)).toBe('hace 2 horas');
});
