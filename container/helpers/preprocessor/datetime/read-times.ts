import type { Column } from '../../../contract/table.ts';
import { DAY } from './calendar.ts';
import type { ZoneOffset } from './time-zone.ts';

export interface Times {
  /** Seconds since 1970 by the zone's own clock; NaN for null and what is no time. */
  readonly local: Float64Array;
  /** Seconds since 1970 in UTC. */
  readonly epoch: Float64Array;
  /** How many values were no time. */
  readonly lost: number;
  /** The first of them. */
  readonly example?: string;
}

const ISO =
  /^\s*([+-]?\d{4,6})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2}(?:[.,]\d+)?))?\s*(Z|[+-]\d{2}:?\d{2}|UTC|GMT)?)?\s*$/i;

/**
 * Moments of a column: numbers are seconds since 1970, as Splunk's `_time`; text is ISO 8601 (`2026-11-21T18:53:26.123+01:00`,
 * `2026-11-21 18:53`, `2026-11-21`), without an offset by the zone's clock, or such a number.
 */
export function readTimes(column: Column, offset: ZoneOffset): Times {
  if (column.kind === 'number') {
    const local = new Float64Array(column.values.length);
    for (let i = 0; i < local.length; i++) local[i] = column.values[i] + offset(column.values[i]);
    return { local, epoch: column.values, lost: 0 };
  }
  const read = column.levels.map((level) => readText(level, offset));
  const local = new Float64Array(column.codes.length).fill(NaN);
  const epoch = new Float64Array(column.codes.length).fill(NaN);
  let lost = 0;
  let example: string | undefined;
  for (let i = 0; i < local.length; i++) {
    const code = column.codes[i];
    if (code === -1) continue;
    const moment = code < 0 ? undefined : read[code];
    if (!moment) {
      lost++;
      example ??= column.levels[code];
      continue;
    }
    local[i] = moment.local;
    epoch[i] = moment.epoch;
  }
  return { local, epoch, lost, example };
}

function readText(text: string, offset: ZoneOffset): { local: number; epoch: number } | undefined {
  const match = ISO.exec(text);
  if (!match) {
    const epoch = text.trim() === '' ? NaN : Number(text);
    return Number.isFinite(epoch) ? { epoch, local: epoch + offset(epoch) } : undefined;
  }
  const [, year, month, day, hour = '0', minute = '0', second = '0', zone] = match;
  const midnight = new Date(0);
  midnight.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  const seconds = Number(hour) * 3600 + Number(minute) * 60 + Number(second.replace(',', '.'));
  const wrong = midnight.getUTCMonth() !== Number(month) - 1 || midnight.getUTCDate() !== Number(day);
  // 24:00 is the end of a day, 60 a leap second.
  if (wrong || seconds > DAY || Number(minute) > 59 || Number(second) >= 61) return undefined;
  const clock = midnight.getTime() / 1000 + seconds;
  if (zone !== undefined) {
    const epoch = clock - zoneSeconds(zone);
    return { epoch, local: epoch + offset(epoch) };
  }
  // The offset at about that moment, and once more at the moment which that gives.
  const near = clock - offset(clock);
  return { local: clock, epoch: clock - offset(near) };
}

function zoneSeconds(zone: string): number {
  const match = /^([+-])(\d{2}):?(\d{2})$/.exec(zone);
  if (!match) return 0;
  return (match[1] === '-' ? -1 : 1) * (Number(match[2]) * 3600 + Number(match[3]) * 60);
}
