import { axis, type Axis } from './axis.ts';

/** One feature with its importance or coefficient, and the spread of it where it is known. */
export interface BarValue {
  readonly name: string;
  readonly value: number;
  readonly spread: number | undefined;
}

/** The strongest first, by size without the sign. Names break ties, so that the order is always the same. */
export function strongestFirst(values: readonly BarValue[]): BarValue[] {
  return [...values].sort(
    (a, b) => Math.abs(b.value) - Math.abs(a.value) || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0),
  );
}

/** An axis that begins at zero (or crosses it), with room for whiskers. */
export function barAxis(values: readonly BarValue[], range: readonly [number, number]): Axis {
  let low = 0;
  let high = 0;
  for (const { value, spread = 0 } of values) {
    low = Math.min(low, value - (value < 0 ? spread : 0));
    high = Math.max(high, value + (value < 0 ? 0 : spread));
  }
  return axis(low === high ? [0, 1] : [low, high], range, 4, { nice: false });
}
