import { line } from 'd3-shape';
import { axis, extentOf, thinned, type Axis, type Margins, type Point } from './axis.ts';

/** What the line knows of one version. */
export interface VersionPoint {
  readonly version: number;
  /** Undefined where the fit failed, the version is damaged, or it has no such metric. */
  readonly value: number | undefined;
  readonly failed: boolean;
  /** Words above the point: its aliases. */
  readonly words: readonly string[];
}

/** A version placed on the picture; `y` is undefined where it has no value. */
export interface PlacedVersion extends VersionPoint {
  readonly x: number;
  readonly y: number | undefined;
  /** Whether its number stands below the axis. */
  readonly named: boolean;
  /** Where its words stand: 0 nearest to the points, each further row 14 pixels higher. */
  readonly row: number;
}

export interface VersionsLine {
  readonly y: Axis;
  readonly placed: readonly PlacedVersion[];
  /** The line; interrupted at versions without a value. */
  readonly path: string;
}

const letterWidth = 7;

/** One value alone has room around it, but none above 1 where it is not above 1 itself: most metrics end there. */
function rangeOf(points: readonly VersionPoint[]): [number, number] {
  const [low, high] = extentOf(points.map((point) => point.value)) ?? [0, 1];
  return low === high && low > 0 && low <= 1 ? [low * 0.9, Math.min(1, low * 1.1)] : [low, high];
}

/** Places versions evenly by their order, their metric on its own range, and words where they don't cover each other. */
export function versionsLine(
  points: readonly VersionPoint[],
  width: number,
  height: number,
  margins: Margins,
): VersionsLine {
  const inner = Math.max(1, width - margins.left - margins.right);
  const y = axis(rangeOf(points), [height - margins.bottom, margins.top], 3);
  const step = inner / Math.max(1, points.length);
  const named = thinned(points.length, inner, 40);
  const ends: number[] = [];
  const placed = points.map((point, index): PlacedVersion => {
    const x = margins.left + step * (index + 0.5);
    const row = point.words.length === 0 ? 0 : freeRow(ends, x, point.words.join(', ').length * letterWidth);
    return {
      ...point,
      x,
      y: point.value === undefined ? undefined : y.scale(point.value),
      named: named.has(index),
      row,
    };
  });
  const path =
    line<PlacedVersion>()
      .defined((version) => version.y !== undefined)
      .x((version) => version.x)
      .y((version) => version.y as number)([...placed]) ?? '';
  return { y, placed, path };
}

/** The lowest row of words whose last word ended before this one begins; `ends` remembers where rows end. */
function freeRow(ends: number[], x: number, width: number): number {
  const from = x - width / 2;
  let row = 0;
  while ((ends[row] ?? -Infinity) > from - 6) row++;
  ends[row] = x + width / 2;
  return row;
}

/** The version nearest to a place on the picture, for the mouse. */
export function nearestVersion(placed: readonly PlacedVersion[], at: Point): PlacedVersion | undefined {
  let nearest: PlacedVersion | undefined;
  for (const version of placed) {
    if (!nearest || Math.abs(version.x - at.x) < Math.abs(nearest.x - at.x)) nearest = version;
  }
  return nearest;
}
