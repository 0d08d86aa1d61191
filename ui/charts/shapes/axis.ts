import { scaleLinear, type ScaleLinear } from 'd3-scale';

/** Room around a drawing, in CSS pixels. */
export interface Margins {
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly left: number;
}

/** A place on the picture, in CSS pixels. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** One axis: its scale, the values at which a line is drawn, and how many decimals tell those values apart. */
export interface Axis {
  readonly scale: ScaleLinear<number, number>;
  readonly ticks: readonly number[];
  readonly decimals: number;
}

/** The smallest and largest of the values that are numbers; undefined when there is none. */
export function extentOf(values: Iterable<number | undefined>): [number, number] | undefined {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (value === undefined || !Number.isFinite(value)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low > high ? undefined : [low, high];
}

/** A domain with some width, so that one single value still has a place on an axis: it comes into the middle. */
export function opened([low, high]: readonly [number, number]): [number, number] {
  if (low < high) return [low, high];
  const half = Math.abs(low) / 10 || 0.5;
  return [low - half, high + half];
}

/** Decimals that a step between two ticks needs: 0.25 → 2, 20 → 0. */
export function decimalsOf(step: number): number {
  if (!(step > 0) || !Number.isFinite(step)) return 0;
  for (let decimals = 0; decimals < 12; decimals++) {
    const scaled = step * 10 ** decimals;
    if (Math.abs(scaled - Math.round(scaled)) < 1e-6 * scaled) return decimals;
  }
  return 12;
}

/**
 * An axis over `domain` on the pixels `range`, with about `count` ticks.
 * `nice` rounds the ends to ticks; without it the ends stay as they are (shares from 0 to 1).
 */
export function axis(
  domain: readonly [number, number],
  range: readonly [number, number],
  count: number,
  { nice = true }: { readonly nice?: boolean } = {},
): Axis {
  const scale = scaleLinear().domain(opened(domain)).range(range);
  if (nice) scale.nice(count);
  const ticks = scale.ticks(count);
  const step = ticks.length > 1 ? ticks[1] - ticks[0] : (scale.domain()[1] - scale.domain()[0]) / count;
  return { scale, ticks, decimals: decimalsOf(step) };
}

/** Every n-th place of `count`, so that labels of `labelWidth` pixels fit `width`; the last is always among them. */
export function thinned(count: number, width: number, labelWidth: number): Set<number> {
  const most = Math.max(1, Math.floor(width / labelWidth));
  const every = Math.max(1, Math.ceil(count / most));
  const shown = new Set<number>();
  for (let index = count - 1; index >= 0; index -= every) shown.add(index);
  return shown;
}
