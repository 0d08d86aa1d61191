import type { FunctionDefinition } from './definition.ts';
import { toNumber, toText } from './values.ts';

const two = (value: number) => String(value).padStart(2, '0');
const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

const DIRECTIVES: Readonly<Record<string, (date: Date, seconds: number) => string>> = {
  Y: (d) => String(d.getUTCFullYear()),
  y: (d) => two(d.getUTCFullYear() % 100),
  m: (d) => two(d.getUTCMonth() + 1),
  d: (d) => two(d.getUTCDate()),
  e: (d) => String(d.getUTCDate()).padStart(2),
  H: (d) => two(d.getUTCHours()),
  I: (d) => two(d.getUTCHours() % 12 || 12),
  M: (d) => two(d.getUTCMinutes()),
  S: (d) => two(d.getUTCSeconds()),
  p: (d) => (d.getUTCHours() < 12 ? 'AM' : 'PM'),
  A: (d) => DAYS[d.getUTCDay()],
  a: (d) => DAYS[d.getUTCDay()].slice(0, 3),
  w: (d) => String(d.getUTCDay()),
  B: (d) => MONTHS[d.getUTCMonth()],
  b: (d) => MONTHS[d.getUTCMonth()].slice(0, 3),
  F: (d) => d.toISOString().slice(0, 10),
  T: (d) => d.toISOString().slice(11, 19),
  Q: (d) => String(d.getUTCMilliseconds()).padStart(3, '0'),
  s: (_, seconds) => String(Math.floor(seconds)),
  z: () => '+0000',
  Z: () => 'UTC',
};

/** The sandbox's clock and calendar are UTC's. */
export const TIME_FUNCTIONS: Readonly<Record<string, FunctionDefinition>> = {
  now: { least: 0, most: 0, bind: () => () => Math.floor(Date.now() / 1000) },
  time: { least: 0, most: 0, bind: () => () => Date.now() / 1000 },
  strftime: {
    least: 2,
    most: 2,
    bind:
      ([time, format]) =>
      (row) => {
        const [seconds, text] = [toNumber(time(row)), toText(format(row))];
        if (seconds === null || text === null) return null;
        const date = new Date(seconds * 1000);
        return text.replace(/%([%A-Za-z])/g, (whole, letter: string) =>
          letter === '%' ? '%' : (DIRECTIVES[letter]?.(date, seconds) ?? whole),
        );
      },
  },
};
