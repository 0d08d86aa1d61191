import { clipped } from '../../../contract/clipped.ts';
import { KeplerError } from '../../../contract/errors.ts';
import { plural } from '../../../contract/plural.ts';
import type { Column } from '../../../contract/table.ts';
import { checkOptions, oneOf } from '../options.ts';
import type { ChoiceOptions, Step, StepKind } from '../step.ts';
import { numberColumn, replaceColumns } from '../table.ts';
import { CYCLES, DAY, PARTS, calendarDay } from './calendar.ts';
import type { CalendarDay, DatePart } from './calendar.ts';
import { datesInOnnx } from './onnx.ts';
import { readTimes } from './read-times.ts';
import { zoneOffset } from './time-zone.ts';

export interface DatetimeOptions extends ChoiceOptions {
  /** Default: hour, weekday and month. */
  readonly features?: readonly DatePart[];
  /** Parts that come round stand as a sine and a cosine (`_time_hour_sin`, `_time_hour_cos`). Default: false. */
  readonly cyclic?: boolean;
  /** By whose clock: an IANA name. Default: UTC. */
  readonly timeZone?: string;
  /** The column itself stays. Default: false. */
  readonly keep?: boolean;
}

type DatetimeState = {
  readonly features: readonly DatePart[];
  readonly cyclic: boolean;
  readonly timeZone: string;
  readonly keep: boolean;
};

const TITLE = 'datetimeFeatures';

/** A step that makes numbers of times: what hour, weekday, month … they are. It takes `_time` unless columns are named. */
export function datetimeFeatures(options: DatetimeOptions = {}): Step {
  checkOptions(TITLE, options, ['features', 'cyclic', 'timeZone', 'keep']);
  const { features } = options;
  if (features !== undefined && (!Array.isArray(features) || features.length === 0)) {
    throw new KeplerError('invalid_arguments', `${TITLE}: features is a list, of ${PARTS.join(', ')}.`);
  }
  features?.forEach((feature) => oneOf(TITLE, 'a feature', feature, PARTS));
  zoneOffset(TITLE, options.timeZone ?? 'UTC');
  return { kind: 'datetime', options: { ...options } };
}

const datetime: StepKind<DatetimeOptions, DatetimeState> = {
  title: TITLE,
  takes: ['_time'],
  fit(_table, _names, { features, cyclic, timeZone, keep }) {
    return {
      features: [...new Set(features ?? (['hour', 'weekday', 'month'] as const))],
      cyclic: cyclic ?? false,
      timeZone: timeZone ?? 'UTC',
      keep: keep ?? false,
    };
  },
  transform(fitted, table, names, context) {
    const offset = zoneOffset(TITLE, fitted.timeZone);
    return replaceColumns(table, names, (column) => {
      const times = readTimes(column, offset);
      if (times.lost > 0) {
        context.warn(
          `${TITLE}: ${times.lost} ${plural(times.lost, 'value', 'values')} of "${column.name}"${times.example === undefined ? '' : `, as "${clipped(times.example)}",`} ${plural(times.lost, 'is no time and counts', 'are no times and count')} as null. Times are seconds since 1970 or ISO 8601 (2026-11-21T18:53:26Z).`,
        );
      }
      const made = partsOf(column.name, times.local, times.epoch, fitted);
      return fitted.keep ? [column, ...made] : made;
    });
  },
  onnx: (fitted, graph, columns, names) => datesInOnnx(TITLE, fitted, graph, columns, names),
};

function partsOf(name: string, local: Float64Array, epoch: Float64Array, fitted: DatetimeState): Column[] {
  const { features, cyclic } = fitted;
  const made = features.map(() => new Float64Array(local.length).fill(NaN));
  let days = NaN;
  let date: CalendarDay | undefined;
  for (let i = 0; i < local.length; i++) {
    const time = local[i];
    if (time !== time) continue;
    const today = Math.floor(time / DAY);
    // Rows come mostly by time, so that the day is that of the row before.
    if (today !== days) [days, date] = [today, calendarDay(today)];
    const seconds = Math.floor(time - today * DAY);
    for (let k = 0; k < features.length; k++) {
      made[k][i] = partOf(features[k], date as CalendarDay, seconds, epoch[i]);
    }
  }
  return features.flatMap((feature, k): Column[] => {
    const cycle = cyclic ? CYCLES[feature] : undefined;
    if (!cycle) return [numberColumn(`${name}_${feature}`, made[k])];
    const turn = (of: (angle: number) => number) => {
      const { from, period } = cycle;
      const values = Float64Array.from({ length: period }, (_, i) => of((2 * Math.PI * i) / period));
      const turned = new Float64Array(local.length);
      for (let i = 0; i < turned.length; i++) turned[i] = values[made[k][i] - from];
      return turned;
    };
    return [
      numberColumn(`${name}_${feature}_sin`, turn(Math.sin)),
      numberColumn(`${name}_${feature}_cos`, turn(Math.cos)),
    ];
  });
}

function partOf(part: DatePart, date: CalendarDay, seconds: number, epoch: number): number {
  switch (part) {
    case 'hour':
      return Math.floor(seconds / 3600);
    case 'minute':
      return Math.floor(seconds / 60) % 60;
    case 'second':
      return seconds % 60;
    case 'quarter':
      return Math.floor((date.month - 1) / 3) + 1;
    case 'weekend':
      return Number(date.weekday >= 5);
    case 'epoch':
      return epoch;
    default:
      return date[part];
  }
}

export const DATETIME_KINDS = { datetime };
