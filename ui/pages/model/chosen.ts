import type { VersionRow } from './version-row.ts';

/** As many columns as stand side by side at 1280 pixels. */
export const mostCompared = 4;

/** The versions that are compared: those that the address names, else champion, newest and the one before. */
export function chosenVersions(
  said: string | undefined,
  versions: readonly VersionRow[],
  champion: number | undefined,
): number[] {
  const there = new Set(versions.map((version) => version.version));
  const named = (said ?? '')
    .split(',')
    .map((text) => Number(text.trim()))
    .filter((version) => there.has(version));
  const proposed = named.length > 0 ? named : [champion, ...newest(versions).slice(0, 2)];
  const kept = [
    ...new Set(proposed.filter((version): version is number => version !== undefined && there.has(version))),
  ];
  return kept.slice(0, mostCompared).sort((a, b) => a - b);
}

/** Numbers of the versions that can be used, the newest first. */
export const newest = (versions: readonly VersionRow[]): number[] =>
  versions
    .filter((version) => !version.damaged)
    .map((version) => version.version)
    .sort((a, b) => b - a);

/** The list after a click on a version: taken out, or taken in, where one goes when there is no room. */
export function toggled(chosen: readonly number[], version: number): number[] {
  if (chosen.includes(version))
    return chosen.length > 1 ? chosen.filter((one) => one !== version) : [...chosen];
  const next = [...chosen, version];
  return next.slice(Math.max(0, next.length - mostCompared)).sort((a, b) => a - b);
}
