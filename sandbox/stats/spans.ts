import { SplError } from '../spl/pipeline.ts';
import type { Unit } from '../spl/time-modifier.ts';
import { UNIT_SECONDS, unitOf } from '../spl/time-modifier.ts';

/** Even pieces of a line: of time, or of numbers. */
export interface Span {
  /** Where the piece begins that a value lies in. */
  start(value: number): number;
  /** Where the next piece begins. */
  next(start: number): number;
}

export function numberSpan(length: number): Span {
  // Without the crumbs that multiples of 0.1 have.
  const tidy = (value: number) => Number(value.toPrecision(12));
  return {
    start: (value) => tidy(Math.floor(tidy(value / length)) * length),
    next: (start) => tidy(start + length),
  };
}

/** A span of months, quarters or years, whose pieces are not equally long. */
function calendarSpan(months: number): Span {
  const from = (seconds: number, add: number) => {
    const date = new Date(seconds * 1000);
    const count = date.getUTCFullYear() * 12 + date.getUTCMonth();
    const first = count - (count % months) + add;
    return Date.UTC(Math.floor(first / 12), first % 12) / 1000;
  };
  return { start: (value) => from(value, 0), next: (start) => from(start, months) };
}

const MONTHS: Readonly<Partial<Record<Unit, number>>> = { mon: 1, q: 3, y: 12 };

/**
 * Reads `1h`, `5m`, `1mon`, or a plain number.
 * @throws SplError
 */
export function readSpan(command: string, text: string): Span {
  const match = /^(\d*\.?\d+)([a-z]*)$/i.exec(text.trim());
  const fail = (): never => {
    throw new SplError(`Error in '${command}' command: '${text}' is not a span, such as 1h or 10.`);
  };
  if (!match || !(Number(match[1]) > 0)) return fail();
  const count = Number(match[1]);
  if (match[2] === '') return numberSpan(count);
  const unit = unitOf(match[2].toLowerCase()) ?? fail();
  const seconds = UNIT_SECONDS[unit];
  return seconds === undefined ? calendarSpan(count * MONTHS[unit]!) : numberSpan(count * seconds);
}

/** Seconds that a span of time may have where none is said. */
const USUAL_SECONDS = [1, 5, 10, 30, 60, 300, 600, 1800, 3600, 86_400, 604_800];

/** The shortest usual span that parts a range of time into so many pieces at most. */
export function timeSpanFor(range: number, bins: number): Span {
  const found = USUAL_SECONDS.find((seconds) => range / seconds <= bins);
  return found === undefined ? calendarSpan(1) : numberSpan(found);
}

/** 1, 2 or 5 times a power of ten: the shortest that parts a range of numbers into so many pieces at most. */
export function numberSpanFor(low: number, high: number, bins: number): Span {
  const range = high - low;
  if (!(range > 0)) return numberSpan(1);
  let power = 10 ** Math.floor(Math.log10(range / bins));
  for (;;) {
    for (const factor of [1, 2, 5]) {
      const span = numberSpan(factor * power);
      if (Math.round((span.start(high) - span.start(low)) / (factor * power)) + 1 <= bins) return span;
    }
    power *= 10;
  }
}
