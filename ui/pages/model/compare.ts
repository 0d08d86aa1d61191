import { metricWord } from '../models/metric-word.ts';
import { format, t } from '../../i18n/index.ts';
import type { VersionRow } from './version-row.ts';

/** One line of the comparison: a cell a version. */
export interface Line {
  readonly label: string;
  readonly cells: readonly string[];
  /** Which cells hold the best value, in the metric's own direction; none where all are equal. */
  readonly best: readonly boolean[];
  /** Which cells differ from the cell before them. */
  readonly changed: readonly boolean[];
  readonly differs: boolean;
  /** Longer text for a cell, where it is cut. */
  readonly titles?: readonly string[];
}

export interface Group {
  readonly label: string;
  readonly lines: readonly Line[];
}

/** Which way each metric is better; metrics that are not listed get no star. */
export type Directions = ReadonlyMap<string, string>;

function line(label: string, cells: readonly string[], more: Partial<Line> = {}): Line {
  const changed = cells.map((cell, index) => index > 0 && cell !== cells[index - 1]);
  return {
    label,
    cells,
    best: cells.map(() => false),
    changed,
    differs: changed.includes(true),
    ...more,
  };
}

/** The best of the values; nothing is best where fewer than two are known or all are the same. */
export function bestOf(values: readonly (number | undefined)[], better: string | undefined): boolean[] {
  const known = values.filter((value): value is number => value !== undefined);
  const top = better === 'lower' ? Math.min(...known) : Math.max(...known);
  const telling = better !== undefined && known.length > 1 && known.some((value) => value !== top);
  return values.map((value) => telling && value === top);
}

const names = (of: readonly Readonly<Record<string, unknown>>[]): string[] => [
  ...new Set(of.flatMap((record) => Object.keys(record))),
];

/** A parameter as text; lists and objects as JSON. */
export function parameterText(value: unknown): string {
  if (value === undefined) return format.NO_VALUE;
  if (value === null) return t('none');
  if (typeof value === 'number') return format.number(value, 12);
  return typeof value === 'string' ? value : JSON.stringify(value);
}

const orNone = (text: string): string => (text === '' ? format.NO_VALUE : text);

/** A time as the search said it: seconds as a moment, `-24h` and `now` as they are. */
function timeText(text: string): string {
  if (!/^\d+(\.\d+)?$/.test(text)) return orNone(text);
  // 0 stands for a search without a time range.
  return Number(text) > 0 ? format.moment(Number(text)) : format.NO_VALUE;
}

/** What two to four versions have and what tells them apart, in four groups. */
export function comparison(versions: readonly VersionRow[], directions: Directions): readonly Group[] {
  const each = (of: (version: VersionRow) => string): string[] => versions.map(of);
  const main = versions.find((version) => version.metric !== '')?.metric;
  const metrics = names(versions.map((version) => version.metrics)).sort(
    (a, b) => Number(b === main) - Number(a === main),
  );
  return [
    {
      label: t('Metrics'),
      lines: metrics.map((metric) => {
        const values = versions.map((version) => version.metrics[metric] as number | undefined);
        return line(
          metricWord(metric),
          values.map((value) => (typeof value === 'number' ? format.fixed(value) : format.NO_VALUE)),
          {
            best: bestOf(values, directions.get(metric)),
            // By the numbers, not by the three decimals that are shown.
            differs: values.some((value) => value !== values[0]),
            titles: values.map((value) => format.number(value, 9)),
          },
        );
      }),
    },
    {
      label: t('Parameters'),
      lines: [
        line(
          t('Algorithm'),
          each((version) => orNone(version.algorithm)),
        ),
        ...names(versions.map((version) => version.params)).map((name) =>
          line(
            name,
            each((version) => parameterText(version.params[name])),
          ),
        ),
      ],
    },
    {
      label: t('Data'),
      lines: [
        line(
          t('Rows'),
          each((version) => format.number(version.rows)),
        ),
        line(
          t('Rows trained on'),
          each((version) => format.number(version.trainedRows)),
        ),
        line(
          t('Target'),
          each((version) => orNone(version.target)),
        ),
        line(
          t('Classes'),
          each((version) => orNone(version.classes.join(', '))),
        ),
        line(
          t('Features'),
          each((version) => orNone(version.features.join(', '))),
        ),
        line(
          t('From'),
          each((version) => timeText(version.earliest)),
        ),
        line(
          t('To'),
          each((version) => timeText(version.latest)),
        ),
        line(
          t('Fingerprint'),
          each((version) => orNone(version.fingerprint)),
        ),
      ],
    },
    {
      label: t('Lineage'),
      lines: [
        line(
          t('Aliases'),
          each((version) => orNone(version.aliases.join(', '))),
        ),
        line(
          t('Fitted'),
          each((version) => format.moment(version.created)),
        ),
        line(
          t('By'),
          each((version) => orNone(version.user)),
        ),
        line(
          t('In app'),
          each((version) => orNone(version.app)),
        ),
        line(
          t('Search'),
          each((version) => orNone(version.search)),
        ),
        line(
          t('Search id'),
          each((version) => orNone(version.sid)),
        ),
        line(
          t('Size'),
          each((version) => format.bytes(version.sizeBytes)),
        ),
        line(
          t('Made by Kepler'),
          each((version) => orNone(version.runtimeVersion)),
        ),
      ],
    },
  ];
}

/** Only the lines that differ, and only groups that have some. */
export const onlyDifferences = (groups: readonly Group[]): Group[] =>
  groups
    .map((group) => ({ ...group, lines: group.lines.filter((one) => one.differs) }))
    .filter((group) => group.lines.length > 0);
