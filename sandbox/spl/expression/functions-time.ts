import type { FunctionDefinition } from './definition.ts';
import { timeOf } from '../time-modifier.ts';
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

const name = (names: readonly string[], length?: number) =>
  names.map((word) => (length === undefined ? word : word.slice(0, length))).join('|');

/** What a directive of `strptime` reads. */
const READS: Readonly<Record<string, string>> = {
  Y: '\\d{4}',
  y: '\\d{2}',
  m: '\\d{1,2}',
  d: '\\d{1,2}',
  e: '\\s?\\d{1,2}',
  H: '\\d{1,2}',
  I: '\\d{1,2}',
  M: '\\d{1,2}',
  S: '\\d{1,2}',
  p: 'AM|PM',
  A: name(DAYS),
  a: name(DAYS, 3),
  B: name(MONTHS),
  b: name(MONTHS, 3),
  s: '\\d+',
  N: '\\d{1,9}',
  Q: '\\d{1,9}',
  f: '\\d{1,9}',
  z: '[+-]\\d{2}:?\\d{2}|Z',
  Z: '[A-Z]{1,5}',
};

/** Seconds since 1970 that a text says in a format, null where it does not follow it. */
function strptime(text: string, format: string): number | null {
  const directives: string[] = [];
  const whole = format.replaceAll('%F', '%Y-%m-%d').replaceAll('%T', '%H:%M:%S');
  const source = whole
    .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    .replace(/%(\d?)([%A-Za-z])/g, (all, _, letter: string) => {
      if (letter === '%') return '%';
      if (!READS[letter]) return all;
      directives.push(letter);
      return `(${READS[letter]})`;
    });
  const match = new RegExp(`^\\s*${source}`, 'i').exec(text);
  if (!match) return null;
  const said = new Map(directives.map((letter, at) => [letter, match[at + 1]]));
  const seconds = said.get('s');
  if (seconds !== undefined) return Number(seconds);
  const at = (letter: string): number | undefined =>
    said.has(letter) ? Number(said.get(letter)) : undefined;
  const monthName = (said.get('B') ?? said.get('b'))?.slice(0, 3).toLowerCase();
  const today = new Date();
  const year =
    at('Y') ?? (said.has('y') ? 2000 + at('y')! - (at('y')! > 68 ? 100 : 0) : today.getUTCFullYear());
  const dated = ['Y', 'y', 'm', 'b', 'B', 'd', 'e'].some((letter) => said.has(letter));
  const month = monthName
    ? MONTHS.findIndex((long) => long.slice(0, 3).toLowerCase() === monthName)
    : (at('m') ?? (dated ? 1 : today.getUTCMonth() + 1)) - 1;
  const day = at('d') ?? at('e') ?? (dated ? 1 : today.getUTCDate());
  const half = said.get('p')?.toUpperCase();
  const hour = at('H') ?? ((at('I') ?? 0) % (half ? 12 : 24)) + (half === 'PM' ? 12 : 0);
  const [minute, second] = [at('M') ?? 0, at('S') ?? 0];
  if (month > 11 || day < 1 || day > 31 || hour > 23 || minute > 59 || second > 60) return null;
  const part = said.get('Q') ?? said.get('N') ?? said.get('f');
  const zone = /^([+-])(\d{2}):?(\d{2})$/.exec(said.get('z') ?? '');
  const offset = zone ? (zone[1] === '-' ? -1 : 1) * (Number(zone[2]) * 60 + Number(zone[3])) * 60 : 0;
  const time = Date.UTC(year, month, day, hour, minute, second) / 1000;
  return time - offset + (part ? Number(`0.${part}`) : 0);
}

/** The sandbox's clock and calendar are UTC's. */
export const TIME_FUNCTIONS: Readonly<Record<string, FunctionDefinition>> = {
  now: { least: 0, most: 0, bind: () => () => Math.floor(Date.now() / 1000) },
  time: { least: 0, most: 0, bind: () => () => Date.now() / 1000 },
  relative_time: {
    least: 2,
    most: 2,
    bind:
      ([time, modifier]) =>
      (row) => {
        const [seconds, text] = [toNumber(time(row)), toText(modifier(row))];
        return seconds === null || text === null ? null : timeOf(text, seconds);
      },
  },
  strptime: {
    least: 2,
    most: 2,
    bind:
      ([time, format]) =>
      (row) => {
        const [text, shape] = [toText(time(row)), toText(format(row))];
        return text === null || shape === null ? null : strptime(text, shape);
      },
  },
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
