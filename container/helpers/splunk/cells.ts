/** Splunk's results know only texts and lists of texts; this gives them types. */

export type Cell = string | number | null | readonly (string | number)[];
export type Row = Readonly<Record<string, Cell>>;

export type CellType = 'number' | 'text' | 'time';

/** As numbers are written by Splunk. `007`, `1e999` and what a double cannot hold to the last digit stay text: they are names. */
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
/** What of an integer's digits a double keeps. */
const MOST_DIGITS = 15;

/** Fields of time, which Splunk writes as ISO 8601 or as seconds. */
const TIMES = new Set(['_time', '_indextime', '_subsecond_time']);

/**
 * A result as it came, with types: numbers as numbers, `_time` as seconds since 1970 (with its fraction), lists as lists.
 * @param types fields whose type is not to be guessed
 */
export function typedRow(
  result: Readonly<Record<string, unknown>>,
  types: Readonly<Record<string, CellType>> = {},
): Row {
  const row: Record<string, Cell> = {};
  for (const [field, value] of Object.entries(result)) row[field] = typedCell(value, typeOf(field, types));
  return row;
}

function typeOf(field: string, types: Readonly<Record<string, CellType>>): CellType | undefined {
  if (Object.hasOwn(types, field)) return types[field];
  if (field === '_raw') return 'text';
  return TIMES.has(field) ? 'time' : undefined;
}

function typedCell(value: unknown, type: CellType | undefined): Cell {
  if (value === null || value === undefined) return null;
  if (Array.isArray(value)) return value.map((one) => scalar(String(one), type) ?? '');
  if (typeof value === 'number' && type !== 'text') return value;
  return scalar(String(value), type);
}

function scalar(text: string, type: CellType | undefined): string | number | null {
  switch (type) {
    case 'text':
      return text;
    case 'time':
      return secondsOf(text) ?? text;
    case 'number': {
      const number = text.trim() === '' ? NaN : Number(text);
      return Number.isNaN(number) ? null : number;
    }
    default:
      return isExactNumber(text) ? Number(text) : text;
  }
}

function isExactNumber(text: string): boolean {
  if (text.length > 40 || !NUMBER.test(text)) return false;
  if (!/[.eE]/.test(text) && text.replace('-', '').length > MOST_DIGITS)
    return Number.isSafeInteger(Number(text));
  return Number.isFinite(Number(text));
}

const ISO =
  /^(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2}):(\d{2})(?:\.(\d+))?\s*(?:(Z|UTC|GMT)|([+-])(\d{2}):?(\d{2}))?$/;

/**
 * Seconds since 1970 of a time as Splunk writes it; undefined where it is none. Digits behind the milliseconds are kept as far as
 * a double holds them.
 */
export function secondsOf(text: string): number | undefined {
  if (/^-?\d+(\.\d+)?$/.test(text)) return Number(text);
  const [found, year, month, day, hour, minute, second, fraction, , sign, hours, minutes] =
    ISO.exec(text) ?? [];
  if (found === undefined) return undefined;
  const [y, mo, d, h, mi, s] = [year, month, day, hour, minute, second].map(Number);
  const offset = sign === undefined ? 0 : (sign === '-' ? -60 : 60) * (Number(hours) * 60 + Number(minutes));
  const whole = Date.UTC(y, mo - 1, d, h, mi, s) / 1000 - offset;
  // As text where it can be: an addition could change the last digit.
  return whole < 0 ? whole + Number(`0.${fraction ?? '0'}`) : Number(`${whole}.${fraction ?? '0'}`);
}
