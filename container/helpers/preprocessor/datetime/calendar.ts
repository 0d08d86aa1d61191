/** The parts of a moment that can be features; weekday 0 is Monday, week is ISO 8601's. */
export const PARTS = [
  'year',
  'quarter',
  'month',
  'week',
  'day',
  'dayofyear',
  'weekday',
  'weekend',
  'hour',
  'minute',
  'second',
  'epoch',
] as const;
export type DatePart = (typeof PARTS)[number];

/** Parts that come round: their least value, and after how many steps they begin anew. */
export const CYCLES: Partial<Record<DatePart, { readonly from: number; readonly period: number }>> = {
  quarter: { from: 1, period: 4 },
  month: { from: 1, period: 12 },
  week: { from: 1, period: 53 },
  day: { from: 1, period: 31 },
  dayofyear: { from: 1, period: 366 },
  weekday: { from: 0, period: 7 },
  hour: { from: 0, period: 24 },
  minute: { from: 0, period: 60 },
  second: { from: 0, period: 60 },
};

export const DAY = 86_400;

export interface CalendarDay {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly dayofyear: number;
  readonly weekday: number;
  readonly week: number;
}

/** The Gregorian date of a day counted from 1970-01-01 (Hinnant's civil_from_days). */
export function calendarDay(days: number): CalendarDay {
  const weekday = (((days + 3) % 7) + 7) % 7;
  const { year, month, day } = civil(days);
  // An ISO week belongs to the year of its Thursday.
  const thursday = days - weekday + 3;
  const week = Math.floor((thursday - daysOf(civil(thursday).year)) / 7) + 1;
  return { year, month, day, weekday, week, dayofyear: days - daysOf(year) + 1 };
}

function civil(days: number): { year: number; month: number; day: number } {
  const z = days + 719_468;
  const era = Math.floor(z / 146_097);
  const ofEra = z - era * 146_097;
  const yearOfEra = Math.floor(
    (ofEra - Math.floor(ofEra / 1460) + Math.floor(ofEra / 36_524) - Math.floor(ofEra / 146_096)) / 365,
  );
  const ofYear = ofEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const fromMarch = Math.floor((5 * ofYear + 2) / 153);
  const month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9;
  return {
    year: yearOfEra + era * 400 + Number(month <= 2),
    month,
    day: ofYear - Math.floor((153 * fromMarch + 2) / 5) + 1,
  };
}

/** Days from 1970-01-01 to the first of January. */
function daysOf(year: number): number {
  const y = year - 1;
  return y * 365 + Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400) - 719_162;
}
