import { Batch } from '../../table/batch.ts';
import type { Cell } from '../../table/cell.ts';
import { cellFrom, cellValues } from '../../table/cell.ts';
import { SplError } from '../pipeline.ts';
import { bindSearch, parseSearchExpression } from '../search-expression.ts';
import type { Evaluator } from './definition.ts';
import { FUNCTIONS } from './functions.ts';
import type { Expression } from './parser.ts';
import type { Value } from './values.ts';
import { compare, equals, isNumeric, numberText, toNumber, toText } from './values.ts';

/** The expression over the rows of one batch. Fields that the batch lacks are null. */
export function bind(expression: Expression, batch: Batch): Evaluator {
  switch (expression.kind) {
    case 'constant':
      return () => expression.value;
    case 'field': {
      const cells = batch.cells(expression.name);
      return (row) => cells[row];
    }
    case 'unary':
      return bindUnary(expression.operator, bind(expression.operand, batch));
    case 'binary':
      return bindBinary(expression.operator, bind(expression.left, batch), bind(expression.right, batch));
    case 'in': {
      const operand = bind(expression.operand, batch);
      const list = expression.list.map((item) => bind(item, batch));
      return (row) => {
        const value = operand(row);
        return value === null ? null : list.some((item) => equals(value, item(row)) === true);
      };
    }
    case 'call':
      return bindCall(expression.name, expression.args, batch);
  }
}

/** Fails on functions that there are not, and on wrong numbers of arguments, before any row is read. */
export function checkExpression(expression: Expression): void {
  bind(expression, new EmptyBatchProxy() as unknown as Batch);
}

class EmptyBatchProxy {
  readonly fields: readonly string[] = [];

  has(): boolean {
    return false;
  }

  cells(): readonly Cell[] {
    return [];
  }
}

function bindCall(name: string, args: readonly Expression[], batch: Batch): Evaluator {
  if (name === 'mvfilter' || name === 'mvmap') return bindPerValue(name, args, batch);
  if (name === 'searchmatch') return bindSearchMatch(args, batch);
  const definition = FUNCTIONS.get(name);
  if (!definition) {
    throw new SplError(
      `The expression uses the function '${name}', which the sandbox does not know. A field with brackets in its name stands in single quotes: '${name}(…)'. It knows: ${[...FUNCTIONS.keys(), 'mvfilter', 'mvmap', 'searchmatch'].sort().join(', ')}.`,
    );
  }
  const { least, most } = definition;
  if (args.length < least || args.length > most) {
    const count =
      least === most ? `${least}` : most === Infinity ? `at least ${least}` : `${least} to ${most}`;
    throw new SplError(`The function '${name}' takes ${count} argument(s), not ${args.length}.`);
  }
  return definition.bind(args.map((arg) => bind(arg, batch)));
}

/** `mvfilter(condition on a field)` and `mvmap(field, expression)`: computed once for each value of the field. */
function bindPerValue(name: 'mvfilter' | 'mvmap', args: readonly Expression[], batch: Batch): Evaluator {
  const count = name === 'mvfilter' ? 1 : 2;
  if (args.length !== count)
    throw new SplError(`The function '${name}' takes ${count} argument(s), not ${args.length}.`);
  const body = args[count - 1];
  bind(body, batch);
  const read = fieldsOf(body);
  const field = name === 'mvmap' ? fieldsOf(args[0])[0] : read[0];
  if (field === undefined || (name === 'mvfilter' && read.length > 1)) {
    throw new SplError(`The function '${name}' works on the values of one field.`);
  }
  return (row) => {
    const values = cellValues(batch.cells(field)[row]);
    const others = read.filter((other) => other !== field);
    const each = bind(
      body,
      Batch.fromCells(values.length, [
        [field, values],
        ...others.map((other) => [other, values.map(() => batch.cells(other)[row])] as const),
      ]),
    );
    const results =
      name === 'mvfilter'
        ? values.filter((_, at) => each(at) === true)
        : values.flatMap((_, at) => toText(each(at)) ?? []);
    return cellFrom(results);
  };
}

/** The fields that an expression reads, each once. */
function fieldsOf(expression: Expression): string[] {
  switch (expression.kind) {
    case 'constant':
      return [];
    case 'field':
      return [expression.name];
    case 'unary':
      return fieldsOf(expression.operand);
    case 'binary':
      return [...new Set([...fieldsOf(expression.left), ...fieldsOf(expression.right)])];
    case 'in':
      return [...new Set([expression.operand, ...expression.list].flatMap(fieldsOf))];
    case 'call':
      return [...new Set(expression.args.flatMap(fieldsOf))];
  }
}

/** `searchmatch("…")`: whether the command `search` would keep the row. */
function bindSearchMatch(args: readonly Expression[], batch: Batch): Evaluator {
  const [text] = args;
  if (args.length !== 1 || text.kind !== 'constant' || typeof text.value !== 'string')
    throw new SplError("The function 'searchmatch' takes one condition in quotes.");
  return bindSearch(parseSearchExpression(text.value), batch);
}

function bindUnary(operator: '-' | 'not', operand: Evaluator): Evaluator {
  if (operator === 'not') {
    return (row) => {
      const value = truth(operand(row));
      return value === null ? null : !value;
    };
  }
  return (row) => {
    const value = toNumber(operand(row));
    return value === null ? null : -value;
  };
}

/** SPL's three-valued truth; what is no truth value is null. */
export function truth(value: Value): boolean | null {
  return typeof value === 'boolean' ? value : null;
}

const ARITHMETIC: Readonly<Record<string, (a: number, b: number) => number>> = {
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '%': (a, b) => a % b,
};

const COMPARISON: Readonly<Record<string, (order: number) => boolean>> = {
  '<': (order) => order < 0,
  '<=': (order) => order <= 0,
  '>': (order) => order > 0,
  '>=': (order) => order >= 0,
};

function bindBinary(operator: string, left: Evaluator, right: Evaluator): Evaluator {
  const arithmetic = ARITHMETIC[operator];
  if (arithmetic) {
    return (row) => {
      const [a, b] = [toNumber(left(row)), toNumber(right(row))];
      return a === null || b === null ? null : finite(arithmetic(a, b));
    };
  }
  const comparison = COMPARISON[operator];
  if (comparison) {
    return (row) => {
      const order = compare(left(row), right(row));
      return order === null ? null : comparison(order);
    };
  }
  switch (operator) {
    case '=':
    case '==':
      return (row) => equals(left(row), right(row));
    case '!=':
    case '<>':
      return (row) => {
        const equal = equals(left(row), right(row));
        return equal === null ? null : !equal;
      };
    case '+':
      return (row) => plus(left(row), right(row));
    case '.':
      return (row) => {
        const [a, b] = [toText(left(row)), toText(right(row))];
        return a === null || b === null ? null : a + b;
      };
    case 'and':
      return (row) => {
        const a = truth(left(row));
        if (a === false) return false;
        const b = truth(right(row));
        return b === false ? false : a === null || b === null ? null : true;
      };
    case 'or':
      return (row) => {
        const a = truth(left(row));
        if (a === true) return true;
        const b = truth(right(row));
        return b === true ? true : a === null || b === null ? null : false;
      };
    case 'xor':
      return (row) => {
        const [a, b] = [truth(left(row)), truth(right(row))];
        return a === null || b === null ? null : a !== b;
      };
    default:
      throw new SplError(`The operator '${operator}' is not known.`);
  }
}

/** Adds numbers, joins texts; a number and a text that is none give null. */
function plus(left: Value, right: Value): Value {
  if (left === null || right === null) return null;
  const [a, b] = [toNumber(left), toNumber(right)];
  if (a !== null && b !== null) return finite(a + b);
  return typeof left === 'string' && typeof right === 'string' && !(isNumeric(left) || isNumeric(right))
    ? left + right
    : null;
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

/** The value as a field holds it. A truth value cannot be one, as in SPL. */
export function toCell(value: Value): Cell {
  if (value === null || typeof value === 'string') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? numberText(value) : null;
  if (typeof value === 'boolean') {
    throw new SplError(
      "Error in 'eval' command: Fields cannot be assigned a boolean result. Instead, try if([bool expr], [expr], [expr]).",
    );
  }
  return cellFrom(value as readonly string[]);
}
