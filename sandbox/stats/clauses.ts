import { unquoteWord } from '../spl/arguments.ts';
import type { Expression } from '../spl/expression/parser.ts';
import { parseExpression } from '../spl/expression/parser.ts';
import { checkExpression } from '../spl/expression/evaluate.ts';
import { SplError } from '../spl/pipeline.ts';
import type { Aggregate } from './aggregates.ts';
import { AGGREGATES, aggregateOf } from './aggregates.ts';

/** One `function(field) as name`. */
export interface Clause {
  readonly make: () => Aggregate;
  /** Undefined for a plain `count`, which counts rows. */
  readonly field?: string;
  /** In place of a field: `function(eval(…))`. */
  readonly expression?: Expression;
  readonly name: string;
}

export interface StatsArguments {
  readonly clauses: readonly Clause[];
  readonly by: readonly string[];
  readonly options: ReadonlyMap<string, string>;
}

const WORD = /\s*(?:,\s*)?((?:"(?:[^"\\]|\\.)*"|[^\s,()"]+))/y;

/** Reads `count avg(x) as mean … by a b`. */
export function parseStats(command: string, args: string): StatsArguments {
  const fail = (problem: string): never => {
    throw new SplError(`Error in '${command}' command: ${problem}`);
  };
  const clauses: Clause[] = [];
  const by: string[] = [];
  const options = new Map<string, string>();
  let at = 0;
  const word = (): string | null => {
    WORD.lastIndex = at;
    const match = WORD.exec(args);
    if (!match) return null;
    at = WORD.lastIndex;
    return match[1];
  };
  for (;;) {
    const before = at;
    const name = word();
    if (name === null) break;
    const option = /^([a-z_]+)=(.*)$/i.exec(name);
    if (option) {
      options.set(option[1].toLowerCase(), unquoteWord(option[2]));
      continue;
    }
    if (name.toLowerCase() === 'by') {
      for (let field = readField(args, at); field; field = readField(args, at)) {
        by.push(field.name);
        at = field.end;
      }
      if (by.length === 0) fail("a field is expected behind 'by'.");
      break;
    }
    const make =
      aggregateOf(name) ??
      fail(`'${name}' is not a function that the sandbox knows. It knows ${AGGREGATES}.`);
    let inside: string | undefined;
    if (args[at] === '(') {
      const close = closing(args, at);
      if (close < 0) fail(`the bracket behind '${name}' has no closing one.`);
      inside = args.slice(at + 1, close).trim();
      at = close + 1;
    }
    let label = args.slice(before, at).trim().replace(/^,\s*/, '').replace(/["']/g, '');
    const saved = at;
    const as = word();
    if (as?.toLowerCase() === 'as') {
      const field = readField(args, at) ?? fail("a name is expected behind 'as'.");
      label = field.name;
      at = field.end;
    } else {
      at = saved;
    }
    if (inside === undefined || inside === '') {
      if (!/^c(ount)?$/i.test(name)) fail(`'${name}' needs a field in brackets.`);
      clauses.push({ make, name: label === 'c' ? 'count' : label });
      continue;
    }
    const inner = /^eval\s*\(([\s\S]*)\)$/i.exec(inside)?.[1];
    if (inner !== undefined) {
      const expression = parseExpression(inner);
      checkExpression(expression);
      clauses.push({ make, expression, name: label });
    } else {
      const field = /^'[^']*'$/.test(inside) ? inside.slice(1, -1) : unquoteWord(inside);
      clauses.push({ make, field, name: label });
    }
  }
  if (args.slice(at).trim() !== '') fail(`'${args.slice(at).trim()}' is not understood.`);
  if (clauses.length === 0) fail(`at least one function is needed, such as count or avg(field).`);
  return { clauses, by, options };
}

/** A field name from a position: quoted, or up to a blank or comma outside brackets, as `predicted(y)` is one name. */
function readField(args: string, from: number): { name: string; end: number } | null {
  const match = /^\s*,?\s*(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|((?:[^\s,()"']|\([^()]*\))+))/.exec(
    args.slice(from),
  );
  if (!match) return null;
  const name = match[1] !== undefined ? match[1].replace(/\\(["\\])/g, '$1') : (match[2] ?? match[3]);
  return { name, end: from + match[0].length };
}

function closing(args: string, open: number): number {
  let depth = 0;
  for (let at = open; at < args.length; at++) {
    if (args[at] === '"') {
      at = args.indexOf('"', at + 1);
      if (at < 0) return -1;
    } else if (args[at] === '(') depth += 1;
    else if (args[at] === ')' && --depth === 0) return at;
  }
  return -1;
}
