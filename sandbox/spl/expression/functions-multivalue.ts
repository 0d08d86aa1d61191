import type { FunctionDefinition } from './definition.ts';
import { pattern } from './functions-text.ts';
import type { Value } from './values.ts';
import { toNumber, toText, toValues } from './values.ts';

/** Several values, one, or null: what a list of texts is as a value. */
function fromValues(values: readonly string[]): Value {
  return values.length === 0 ? null : values.length === 1 ? values[0] : values;
}

/** The position that SPL's index means: negative ones count from the end. */
function position(index: number, count: number): number {
  return index < 0 ? count + index : index;
}

function simple(
  count: number | readonly [number, number],
  compute: (...args: Value[]) => Value,
): FunctionDefinition {
  const [least, most] = typeof count === 'number' ? [count, count] : count;
  return { least, most, bind: (args) => (row) => compute(...args.map((arg) => arg(row))) };
}

export const MULTIVALUE_FUNCTIONS: Readonly<Record<string, FunctionDefinition>> = {
  split: simple(2, (value, separator) => {
    const [whole, by] = [toText(value), toText(separator)];
    return whole === null || by === null ? null : fromValues(by === '' ? [...whole] : whole.split(by));
  }),
  mvcount: simple(1, (value) => (value === null ? null : toValues(value).length)),
  mvindex: simple([2, 3], (value, start, end = start) => {
    const [from, to] = [toNumber(start), toNumber(end)];
    const values = toValues(value);
    if (from === null || to === null) return null;
    const [first, last] = [position(from, values.length), position(to, values.length)];
    return first < 0 || first >= values.length ? null : fromValues(values.slice(first, last + 1));
  }),
  mvjoin: simple(2, (value, separator) =>
    value === null ? null : toValues(value).join(toText(separator) ?? ''),
  ),
  mvappend: simple([1, Infinity], (...values) => fromValues(values.flatMap(toValues))),
  mvdedup: simple(1, (value) => fromValues([...new Set(toValues(value))])),
  mvzip: simple([2, 3], (left, right, separator = ',') => {
    const [a, b] = [toValues(left), toValues(right)];
    return fromValues(a.slice(0, b.length).map((value, at) => value + toText(separator) + b[at]));
  }),
  mvsort: simple(1, (value) => fromValues([...toValues(value)].sort())),
  mvfind: simple(2, (value, regex) => {
    const source = toText(regex);
    if (source === null) return null;
    const at = toValues(value).findIndex((item) => pattern(source).test(item));
    return at < 0 ? null : at;
  }),
  mvrange: simple([2, 3], (start, end, step = 1) => {
    const [from, to, by] = [toNumber(start), toNumber(end), toNumber(step)];
    if (from === null || to === null || !by) return null;
    const values: string[] = [];
    for (let x = from; by > 0 ? x < to : x > to; x += by) values.push(String(x));
    return fromValues(values);
  }),
};
