import type { FunctionDefinition } from './definition.ts';
import { toNumber } from './values.ts';

/** A function of numbers: null where an argument is no number, or the result none. */
function numeric(
  count: number | readonly [number, number],
  compute: (...args: number[]) => number,
): FunctionDefinition {
  const [least, most] = typeof count === 'number' ? [count, count] : count;
  return {
    least,
    most,
    bind: (args) => (row) => {
      const values: number[] = [];
      for (const arg of args) {
        const value = toNumber(arg(row));
        if (value === null) return null;
        values.push(value);
      }
      const result = compute(...values);
      return Number.isFinite(result) ? result : null;
    },
  };
}

/** Rounds half away from zero on the decimal text, so that round(2.675, 2) is what its digits say. */
function round(value: number, digits = 0): number {
  const shifted = Number(`${Math.abs(value)}e${digits}`);
  if (!Number.isFinite(shifted)) {
    const scale = 10 ** digits;
    return (Math.sign(value) * Math.round(Math.abs(value) * scale)) / scale;
  }
  return Math.sign(value) * Number(`${Math.round(shifted)}e${-digits}`);
}

export const NUMBER_FUNCTIONS: Readonly<Record<string, FunctionDefinition>> = {
  abs: numeric(1, Math.abs),
  ceil: numeric(1, Math.ceil),
  ceiling: numeric(1, Math.ceil),
  exact: numeric(1, (x) => x),
  exp: numeric(1, Math.exp),
  floor: numeric(1, Math.floor),
  ln: numeric(1, Math.log),
  log: numeric([1, 2], (x, base = 10) => (base === 10 ? Math.log10(x) : Math.log(x) / Math.log(base))),
  pi: numeric(0, () => Math.PI),
  pow: numeric(2, Math.pow),
  round: numeric([1, 2], round),
  sigfig: numeric(1, (x) => x),
  sqrt: numeric(1, Math.sqrt),
  random: numeric(0, () => Math.floor(Math.random() * 2 ** 31)),
  sin: numeric(1, Math.sin),
  cos: numeric(1, Math.cos),
  tan: numeric(1, Math.tan),
  asin: numeric(1, Math.asin),
  acos: numeric(1, Math.acos),
  atan: numeric(1, Math.atan),
  atan2: numeric(2, Math.atan2),
  sinh: numeric(1, Math.sinh),
  cosh: numeric(1, Math.cosh),
  tanh: numeric(1, Math.tanh),
  hypot: numeric(2, Math.hypot),
};
