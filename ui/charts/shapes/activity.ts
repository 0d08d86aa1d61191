import { line } from 'd3-shape';
import { axis, extentOf, thinned, type Axis, type Margins } from './axis.ts';

/** What happened within one hour (or day). `at` is epoch seconds. */
export interface ActivityBucket {
  readonly at: number;
  readonly searches: number;
  readonly rows: number;
  readonly errors: number;
  readonly p50: number | undefined;
  readonly p95: number | undefined;
}

export interface PlacedBucket extends ActivityBucket {
  readonly x: number;
  readonly width: number;
  /** Top of the bar of rows, in pixels. */
  readonly top: number;
  readonly named: boolean;
}

export interface ActivityShapes {
  readonly y: Axis;
  readonly rows: Axis;
  readonly placed: readonly PlacedBucket[];
  readonly p50: string;
  readonly p95: string;
}

/** Height of the strip that holds the bars of rows, in pixels. */
export const barStrip = 48;

/** Times from zero above, rows as bars in a strip of their own below: one picture, but never two scales in one place. */
export function activityShapes(
  buckets: readonly ActivityBucket[],
  width: number,
  height: number,
  margins: Margins,
): ActivityShapes {
  const sorted = [...buckets].sort((a, b) => a.at - b.at);
  const floor = height - margins.bottom;
  const high = extentOf(sorted.flatMap((bucket) => [bucket.p50, bucket.p95]))?.[1];
  const y = axis([0, high || 10], [floor - barStrip - 16, margins.top], 3);
  const most = extentOf(sorted.map((bucket) => bucket.rows))?.[1];
  const rows = axis([0, most || 1], [floor, floor - barStrip], 1, { nice: false });
  const inner = Math.max(1, width - margins.left - margins.right);
  const step = inner / Math.max(1, sorted.length);
  const named = thinned(sorted.length, inner, 64);
  const placed = sorted.map((bucket, index): PlacedBucket => ({
    ...bucket,
    x: margins.left + step * (index + 0.5),
    width: Math.max(1, Math.min(24, step * 0.7)),
    top: rows.scale(bucket.rows),
    named: named.has(index),
  }));
  const over = (value: (bucket: ActivityBucket) => number | undefined): string =>
    line<PlacedBucket>()
      .defined((bucket) => value(bucket) !== undefined)
      .x((bucket) => bucket.x)
      .y((bucket) => y.scale(value(bucket) as number))([...placed]) ?? '';
  return { y, rows, placed, p50: over((bucket) => bucket.p50), p95: over((bucket) => bucket.p95) };
}

/** Buckets for every hour (day) between the first and the last, those without searches with zeros: an idle hour is a fact. */
export function withIdle(
  buckets: readonly ActivityBucket[],
  from: number,
  to: number,
  span: number,
): ActivityBucket[] {
  const known = new Map(buckets.map((bucket) => [Math.floor(bucket.at / span), bucket]));
  const all: ActivityBucket[] = [];
  for (let slot = Math.floor(from / span); slot <= Math.floor(to / span); slot++) {
    all.push(
      known.get(slot) ?? { at: slot * span, searches: 0, rows: 0, errors: 0, p50: undefined, p95: undefined },
    );
  }
  return all;
}
