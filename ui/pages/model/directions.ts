import { cells, type Row } from '../../splunkd/index.ts';
import type { Directions } from './compare.ts';
import type { VersionRow } from './version-row.ts';

/** Which way each metric is better: as `| kepler metrics` says it; the main metric is known from the versions too. */
export function directionsOf(rows: readonly Row[], versions: readonly VersionRow[]): Directions {
  return new Map([
    ...versions
      .filter((version) => version.metric !== '')
      .map((version): [string, string] => [version.metric, version.metricBetter]),
    ...rows.map((row): [string, string] => [cells.text(row.metric), cells.text(row.better)]),
  ]);
}
