/** The five fields of a cron expression, as the values that each allows. */
export interface Cron {
  readonly minutes: ReadonlySet<number>;
  readonly hours: ReadonlySet<number>;
  readonly days: ReadonlySet<number>;
  readonly months: ReadonlySet<number>;
  readonly weekdays: ReadonlySet<number>;
  /** Where both are narrowed, a day that meets either is meant. */
  readonly anyDay: boolean;
  readonly anyWeekday: boolean;
}

export class CronError extends Error {}

const RANGES = [
  ['minute', 0, 59],
  ['hour', 0, 23],
  ['day of the month', 1, 31],
  ['month', 1, 12],
  ['day of the week', 0, 7],
] as const;

/**
 * Reads `minute hour day month weekday`: `*`, numbers, ranges, steps and lists of them.
 * @throws CronError
 */
export function parseCron(text: string): Cron {
  const fields = text.trim().split(/\s+/);
  if (fields.length !== 5)
    throw new CronError(`A cron schedule has five fields, not ${fields.length}: '${text}'.`);
  const [minutes, hours, days, months, weekdays] = fields.map((field, i) => {
    const [name, low, high] = RANGES[i];
    return readField(field, name, low, high);
  });
  return {
    minutes,
    hours,
    days,
    months,
    // Sunday is 0 and 7.
    weekdays: new Set([...weekdays].map((day) => day % 7)),
    anyDay: fields[2] === '*',
    anyWeekday: fields[4] === '*',
  };
}

function readField(field: string, name: string, low: number, high: number): Set<number> {
  const values = new Set<number>();
  for (const part of field.split(',')) {
    const match = /^(?:\*|(\d+)(?:-(\d+))?)(?:\/(\d+))?$/.exec(part);
    const [from, to, step] = [match?.[1], match?.[2], match?.[3]].map((digits) =>
      digits === undefined ? undefined : Number(digits),
    );
    const first = from ?? low;
    const last = to ?? (from === undefined || step !== undefined ? high : first);
    if (!match || first < low || last > high || first > last || step === 0) {
      throw new CronError(`'${part}' is not a ${name} of a cron schedule.`);
    }
    for (let value = first; value <= last; value += step ?? 1) values.add(value);
  }
  return values;
}

/** Whether a schedule is due in the minute of a time. The sandbox's clock is UTC's. */
export function isDue(cron: Cron, time: Date): boolean {
  const [day, weekday] = [cron.days.has(time.getUTCDate()), cron.weekdays.has(time.getUTCDay())];
  const rightDay = cron.anyDay || cron.anyWeekday ? day && weekday : day || weekday;
  return (
    cron.minutes.has(time.getUTCMinutes()) &&
    cron.hours.has(time.getUTCHours()) &&
    cron.months.has(time.getUTCMonth() + 1) &&
    rightDay
  );
}
