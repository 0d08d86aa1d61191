/**
 * Numbers and times as people read them, in the page's locale and the user's time zone. What has no value is "—"; a minus
 * is a minus sign.
 */
let locale = 'en-US';
let timeZone: string | undefined;

export function setFormatLocale(chosen: string): void {
  locale = chosen;
}

/** The zone of the signed-in user (`tz` of current-context); without, the browser's. A zone unknown here is ignored. */
export function setTimeZone(zone: string | undefined): void {
  try {
    timeZone = zone
      ? new Intl.DateTimeFormat(locale, { timeZone: zone }).resolvedOptions().timeZone
      : undefined;
  } catch {
    timeZone = undefined;
  }
}

/** Formatters by locale, zone and options: one costs fifty times what writing a number with it does. */
const formatters = new Map<string, unknown>();

function kept<T>(kind: string, options: object, make: () => T): T {
  const key = `${kind} ${locale} ${timeZone ?? ''} ${JSON.stringify(options)}`;
  let formatter = formatters.get(key) as T | undefined;
  if (!formatter) formatters.set(key, (formatter = make()));
  return formatter;
}

const numberFormat = (options: Intl.NumberFormatOptions): Intl.NumberFormat =>
  kept('number', options, () => new Intl.NumberFormat(locale, options));

export const NO_VALUE = '—';
const signed = (text: string): string => text.replace(/^-/, '−');
const known = (n: number | undefined): n is number => n !== undefined && Number.isFinite(n);

/** Whole or with up to `digits` decimals: 1,204. */
export function number(n: number | undefined, digits = 0): string {
  return known(n) ? signed(numberFormat({ maximumFractionDigits: digits }).format(n)) : NO_VALUE;
}

/** With exactly `digits` decimals: metrics stand under each other. */
export function fixed(n: number | undefined, digits = 3): string {
  if (!known(n)) return NO_VALUE;
  const options = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  return signed(numberFormat(options).format(n));
}

/** 412K, 6.8M: the exact number belongs in the title beside it. */
export function compact(n: number | undefined): string {
  if (!known(n)) return NO_VALUE;
  return signed(numberFormat({ notation: 'compact', maximumFractionDigits: 1 }).format(n));
}

/** A share between 0 and 1 as per cent. */
export function percent(share: number | undefined, digits = 0): string {
  if (!known(share)) return NO_VALUE;
  return signed(numberFormat({ style: 'percent', maximumFractionDigits: digits }).format(share));
}

const BYTES = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;

/** Bytes in the unit that leaves one to four digits, in steps of 1,024, as memory is counted: 3.5 GB. */
export function bytes(n: number | undefined): string {
  if (!known(n)) return NO_VALUE;
  let power = 0;
  while (power < BYTES.length - 1 && Math.abs(n) / 1024 ** power >= 1000) power++;
  return signed(
    numberFormat({
      style: 'unit',
      unit: BYTES[power],
      unitDisplay: power === 0 ? 'narrow' : 'short',
      maximumFractionDigits: power === 0 || n / 1024 ** power >= 100 ? 0 : 1,
    }).format(n / 1024 ** power),
  );
}

const unit = (n: number, name: string, digits = 0): string =>
  numberFormat({
    style: 'unit',
    unit: name,
    unitDisplay: 'narrow',
    maximumFractionDigits: digits,
  }).format(n);

/** A short time: 41 ms, whole. */
export function milliseconds(n: number | undefined): string {
  if (!known(n)) return NO_VALUE;
  const text = numberFormat({
    style: 'unit',
    unit: 'millisecond',
    unitDisplay: 'short',
    maximumFractionDigits: 0,
  }).format(n);
  return n > 0 && n < 0.5 ? `< ${text.replace(/^0/, '1')}` : text;
}

/** How long, in its two largest units: 12d 4h, 3m 20s. */
export function duration(seconds: number | undefined): string {
  if (!known(seconds)) return NO_VALUE;
  const s = Math.max(0, Math.round(seconds));
  const steps: readonly [number, string][] = [
    [Math.floor(s / 86_400), 'day'],
    [Math.floor(s / 3600) % 24, 'hour'],
    [Math.floor(s / 60) % 60, 'minute'],
    [s % 60, 'second'],
  ];
  const first = steps.findIndex(([n]) => n > 0);
  if (first === -1) return unit(0, 'second');
  return steps
    .slice(first, first + 2)
    .filter(([n]) => n > 0)
    .map(([n, name]) => unit(n, name))
    .join(' ');
}

const date = (seconds: number): Date => new Date(seconds * 1000);
const withZone = (options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat =>
  kept('time', options, () => new Intl.DateTimeFormat(locale, { ...options, timeZone }));

/** Time of day with seconds: 09:40:12. */
export function clock(seconds: number | undefined): string {
  return known(seconds)
    ? withZone({ hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' }).format(
        date(seconds),
      )
    : NO_VALUE;
}

/** Day, time and zone, for titles and tables. */
export function moment(seconds: number | undefined): string {
  if (!known(seconds)) return NO_VALUE;
  return withZone({
    year: 'numeric',
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
    timeZoneName: 'short',
  }).format(date(seconds));
}

/** Day alone. */
export function day(seconds: number | undefined): string {
  return known(seconds)
    ? withZone({ year: 'numeric', month: 'short', day: 'numeric' }).format(date(seconds))
    : NO_VALUE;
}

const AGO: readonly [number, Intl.RelativeTimeFormatUnit][] = [
  [60, 'second'],
  [3600, 'minute'],
  [86_400, 'hour'],
  [30 * 86_400, 'day'],
];

/** "2 hours ago" under 30 days, then the day; `moment` belongs in the title beside it. `now` in seconds. */
export function ago(seconds: number | undefined, now = Date.now() / 1000): string {
  if (!known(seconds)) return NO_VALUE;
  const age = now - seconds;
  const step = AGO.find(([limit]) => Math.abs(age) < limit);
  if (!step) return day(seconds);
  const divisor = { second: 1, minute: 60, hour: 3600, day: 86_400 }[step[1] as 'second'];
  return kept('ago', {}, () => new Intl.RelativeTimeFormat(locale, { numeric: 'auto' })).format(
    -Math.trunc(age / divisor),
    step[1],
  );
}
