import type { Evaluator, FunctionDefinition } from './definition.ts';
import { MULTIVALUE_FUNCTIONS } from './functions-multivalue.ts';
import { NUMBER_FUNCTIONS } from './functions-number.ts';
import { TEXT_FUNCTIONS } from './functions-text.ts';
import { TIME_FUNCTIONS } from './functions-time.ts';
import { compare, equals, toNumber, toText } from './values.ts';

/** Functions that choose among their arguments, or ask what a value is: not all of them read all arguments. */
const CHOICE_FUNCTIONS: Readonly<Record<string, FunctionDefinition>> = {
  if: {
    least: 3,
    most: 3,
    bind:
      ([test, yes, no]) =>
      (row) =>
        test(row) === true ? yes(row) : no(row),
  },
  case: {
    least: 2,
    most: Infinity,
    bind: (args) => (row) => {
      for (let i = 0; i + 1 < args.length; i += 2) if (args[i](row) === true) return args[i + 1](row);
      return null;
    },
  },
  validate: {
    least: 2,
    most: Infinity,
    bind: (args) => (row) => {
      for (let i = 0; i + 1 < args.length; i += 2) if (args[i](row) !== true) return args[i + 1](row);
      return null;
    },
  },
  coalesce: {
    least: 1,
    most: Infinity,
    bind: (args) => (row) => {
      for (const arg of args) {
        const value = arg(row);
        if (value !== null) return value;
      }
      return null;
    },
  },
  nullif: {
    least: 2,
    most: 2,
    bind:
      ([a, b]) =>
      (row) =>
        equals(a(row), b(row)) === true ? null : a(row),
  },
  null: { least: 0, most: 0, bind: () => () => null },
  true: { least: 0, most: 0, bind: () => () => true },
  false: { least: 0, most: 0, bind: () => () => false },
  isnull: {
    least: 1,
    most: 1,
    bind:
      ([a]) =>
      (row) =>
        a(row) === null,
  },
  isnotnull: {
    least: 1,
    most: 1,
    bind:
      ([a]) =>
      (row) =>
        a(row) !== null,
  },
  isnum: {
    least: 1,
    most: 1,
    bind:
      ([a]) =>
      (row) =>
        toNumber(a(row)) !== null,
  },
  isint: {
    least: 1,
    most: 1,
    bind:
      ([a]) =>
      (row) =>
        Number.isInteger(toNumber(a(row))),
  },
  isstr: {
    least: 1,
    most: 1,
    bind:
      ([a]) =>
      (row) => {
        const value = a(row);
        return typeof value === 'string' && toNumber(value) === null;
      },
  },
  isbool: {
    least: 1,
    most: 1,
    bind:
      ([a]) =>
      (row) =>
        typeof a(row) === 'boolean',
  },
  typeof: {
    least: 1,
    most: 1,
    bind:
      ([a]) =>
      (row) => {
        const value = a(row);
        if (value === null) return 'Invalid';
        if (typeof value === 'boolean') return 'Boolean';
        if (Array.isArray(value)) return 'Multivalue';
        return toNumber(value) === null ? 'String' : 'Number';
      },
  },
  max: { least: 1, most: Infinity, bind: (args) => extreme(args, 1) },
  min: { least: 1, most: Infinity, bind: (args) => extreme(args, -1) },
};

/** The greatest (or least) argument that is not null; in SPL a text is greater than every number. */
function extreme(args: readonly Evaluator[], sign: number): Evaluator {
  return (row) => {
    let best = null as ReturnType<Evaluator>;
    for (const arg of args) {
      const value = arg(row);
      if (value === null) continue;
      if (best === null || rank(value, best) * sign > 0) best = value;
    }
    return best;
  };
}

function rank(a: ReturnType<Evaluator>, b: ReturnType<Evaluator>): number {
  const [numberA, numberB] = [toNumber(a) !== null, toNumber(b) !== null];
  if (numberA !== numberB) return numberA ? -1 : 1;
  return compare(a, b) ?? compare(toText(a), toText(b)) ?? 0;
}

/** Every function that expressions may call, by its name in lower case. */
export const FUNCTIONS: ReadonlyMap<string, FunctionDefinition> = new Map(
  Object.entries({
    ...CHOICE_FUNCTIONS,
    ...NUMBER_FUNCTIONS,
    ...TEXT_FUNCTIONS,
    ...MULTIVALUE_FUNCTIONS,
    ...TIME_FUNCTIONS,
  }),
);
