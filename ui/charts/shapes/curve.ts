/** One point of a ROC or precision-recall curve: both coordinates are shares from 0 to 1. */
export interface CurvePoint {
  readonly x: number;
  readonly y: number;
  readonly threshold: number | undefined;
}

/** A curve of one version. */
export interface Curve {
  readonly name: string;
  readonly points: readonly CurvePoint[];
  /** Area under the points, by trapezoids. */
  readonly area: number;
}

/** Area under points by trapezoids, in the order of x. Points at the same x keep their order. */
export function areaUnder(points: readonly CurvePoint[]): number {
  const sorted = [...points].sort((a, b) => a.x - b.x);
  let area = 0;
  for (let index = 1; index < sorted.length; index++) {
    area += ((sorted[index].x - sorted[index - 1].x) * (sorted[index].y + sorted[index - 1].y)) / 2;
  }
  return area;
}

export function curve(name: string, points: readonly CurvePoint[]): Curve {
  return { name, points, area: areaUnder(points) };
}

/** The point whose threshold is nearest to `threshold`: where the model decides. */
export function pointAt(points: readonly CurvePoint[], threshold: number): CurvePoint | undefined {
  let nearest: CurvePoint | undefined;
  let distance = Infinity;
  for (const point of points) {
    if (point.threshold === undefined || !Number.isFinite(point.threshold)) continue;
    const away = Math.abs(point.threshold - threshold);
    if (away < distance) [nearest, distance] = [point, away];
  }
  return nearest;
}

/** At most `count` of the items, evenly spread, first and last among them: what a table beside a picture holds. */
export function evenly<T>(items: readonly T[], count: number): T[] {
  if (items.length <= count) return [...items];
  return Array.from(
    { length: count },
    (_, index) => items[Math.round((index * (items.length - 1)) / (count - 1))],
  );
}
