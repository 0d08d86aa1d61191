import { scaleLinear } from 'd3-scale';
import { line } from 'd3-shape';
import { extentOf, opened, type Point } from './axis.ts';

/** A line without axes: its path, and where its last value stands. */
export interface Sparkline {
  readonly path: string;
  readonly last: Point | undefined;
}

/** Room for the dot on the last value, in pixels. */
const inset = 3;

/**
 * The line of a metric over versions, on its own range. A version without a value leaves a gap.
 * One single value gives only the dot.
 */
export function sparkline(values: readonly (number | undefined)[], width: number, height: number): Sparkline {
  const extent = extentOf(values);
  if (!extent) return { path: '', last: undefined };
  const x = scaleLinear()
    .domain(values.length > 1 ? [0, values.length - 1] : [-1, 0])
    .range([inset, width - inset]);
  const y = scaleLinear()
    .domain(opened(extent))
    .range([height - inset, inset]);
  const path =
    line<number | undefined>()
      .defined((value) => value !== undefined)
      .x((_, index) => round(x(index)))
      .y((value) => round(y(value ?? 0)))(values as (number | undefined)[]) ?? '';
  const lastIndex = values.findLastIndex((value) => value !== undefined);
  return {
    path: values.length > 1 ? path : '',
    last: { x: round(x(lastIndex)), y: round(y(values[lastIndex] as number)) },
  };
}

/** Tenths of a pixel: shorter paths, and the same text on every machine. */
const round = (pixels: number): number => Math.round(pixels * 10) / 10;
