import { SplError } from './pipeline.ts';

const UNITS: readonly (readonly [pattern: RegExp, unit: Unit])[] = [
  [/^(s|secs?|seconds?)$/, 's'],
  [/^(m|mins?|minutes?)$/, 'm'],
  [/^(h|hrs?|hours?)$/, 'h'],
  [/^(d|days?)$/, 'd'],
  [/^(w\d?|weeks?)$/, 'w'],
  [/^(mon|months?)$/, 'mon'],
  [/^(q|qtrs?|quarters?)$/, 'q'],
  [/^(y|yrs?|years?)$/, 'y'],
];

export type Unit = 's' | 'm' | 'h' | 'd' | 'w' | 'mon' | 'q' | 'y';

/** Seconds of the units that always last as long. */
export const UNIT_SECONDS: Readonly<Partial<Record<Unit, number>>> = {
  s: 1,
  m: 60,
  h: 3600,
  d: 86_400,
  w: 604_800,
};

export function unitOf(name: string): Unit | undefined {
  return UNITS.find(([pattern]) => pattern.test(name))?.[1];
}

function shift(seconds: number, count: number, unit: Unit): number {
  const fixed = UNIT_SECONDS[unit];
  if (fixed !== undefined) return seconds + count * fixed;
  const date = new Date(seconds * 1000);
  const months = count * (unit === 'mon' ? 1 : unit === 'q' ? 3 : 12);
  const day = date.getUTCDate();
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() + months);
  const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  date.setUTCDate(Math.min(day, last));
  return date.getTime() / 1000;
}

/** Down to the beginning of the unit; weeks begin on Sunday (`w0`), or on the day that the digit names. */
export function snap(seconds: number, name: string): number {
  const unit = unitOf(name);
  const date = new Date(seconds * 1000);
  const [y, mon, d] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()];
  switch (unit) {
    case 'w': {
      const back = (date.getUTCDay() - Number(/\d/.exec(name)?.[0] ?? 0) + 7) % 7;
      return Date.UTC(y, mon, d - back) / 1000;
    }
    case 'mon':
      return Date.UTC(y, mon) / 1000;
    case 'q':
      return Date.UTC(y, mon - (mon % 3)) / 1000;
    case 'y':
      return Date.UTC(y) / 1000;
    case undefined:
      throw new SplError(`Invalid time unit '${name}'.`);
    default: {
      const length = UNIT_SECONDS[unit]!;
      return Math.floor(seconds / length) * length;
    }
  }
}

/**
 * A point in time as SPL writes it: `now`, seconds since 1970, or steps such as `-24h`, `-1d@d`, `@mon+2h`.
 * @returns Seconds since 1970.
 */
export function timeOf(text: string, now: number): number {
  const trimmed = text.trim();
  if (/^\d+(\.\d+)?$/.test(trimmed)) return Number(trimmed);
  if (/^(rt)?(now(\(\))?)?$/.test(trimmed)) return now;
  let at = now;
  let rest = trimmed.replace(/^rt/, '');
  while (rest !== '') {
    const step = /^([+-])(\d*)([a-z]+)/i.exec(rest);
    const snapped = /^@([a-z]+\d?)/i.exec(rest);
    const unit = step && unitOf(step[3].toLowerCase());
    if (step && unit) {
      const count = step[2] === '' ? 1 : Number(step[2]);
      at = shift(at, step[1] === '-' ? -count : count, unit);
      rest = rest.slice(step[0].length);
    } else if (snapped) {
      at = snap(at, snapped[1].toLowerCase());
      rest = rest.slice(snapped[0].length);
    } else {
      throw new SplError(`Invalid value "${text}" for a time term.`);
    }
  }
  return at;
}
