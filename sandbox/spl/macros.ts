import { Batch } from '../table/batch.ts';
import { cellText } from '../table/cell.ts';
import { bind, toCell } from './expression/evaluate.ts';
import { parseExpression } from './expression/parser.ts';
import { unquoteWord } from './arguments.ts';
import { SplError } from './pipeline.ts';

/** A search macro, as `macros.conf` defines it. */
export interface Macro {
  /** Names of its arguments, in order. */
  readonly args: readonly string[];
  readonly definition: string;
  /** The definition is an expression whose text is put in. */
  readonly isEval: boolean;
  /** An expression that must hold once the arguments stand in it. */
  readonly validation?: string;
  readonly errorMessage?: string;
}

/** Finds a macro by the name of its stanza: `name`, or `name(2)` for one of two arguments. */
export type FindMacro = (stanza: string) => Macro | undefined;

/** Macros inside macros go so deep; deeper is taken for one that calls itself. */
const MOST_DEPTH = 100;

/**
 * The search with every macro in backticks replaced by what it stands for.
 * @throws SplError for an unknown macro, a wrong number of arguments or one that its validation refuses.
 */
export function expandMacros(search: string, find: FindMacro, depth = 0): string {
  // Three backticks begin and end a comment.
  return search.replace(/```[\s\S]*?```|`([^`]*)`/g, (_, call: string | undefined) => {
    if (call === undefined) return ' ';
    if (depth >= MOST_DEPTH) throw new SplError(`Error in 'SearchParser': The macro '${call}' calls itself.`);
    return expandMacros(expandOne(call.trim(), find), find, depth + 1);
  });
}

function expandOne(call: string, find: FindMacro): string {
  const match = /^([^(\s]+)\s*(?:\(([\s\S]*)\))?$/.exec(call);
  if (!match) throw new SplError(`Error in 'SearchParser': The macro call '${call}' cannot be read.`);
  const [, name, inner] = match;
  const given = inner === undefined ? [] : splitArguments(inner);
  const macro = find(given.length === 0 ? name : `${name}(${given.length})`);
  if (!macro) {
    const count =
      given.length === 0
        ? 'no arguments'
        : `${given.length} ${given.length === 1 ? 'argument' : 'arguments'}`;
    throw new SplError(
      `Error in 'SearchParser': The search specifies a macro '${name}' that cannot be found with ${count}. Look at its name, at the number of its arguments, and whether it is shared with this app.`,
    );
  }
  if (macro.args.length !== given.length) {
    throw new SplError(
      `Error in 'SearchParser': The definition of the macro '${name}' names ${macro.args.length} arguments, not ${given.length}.`,
    );
  }
  const values = new Map(macro.args.map((arg, i) => [arg, given[i]]));
  const put = (text: string) =>
    text.replace(/\$([^$\s]+)\$/g, (whole, arg: string) => values.get(arg) ?? whole);
  if (macro.validation) {
    const holds = evaluate(put(macro.validation));
    if (holds !== true)
      throw new SplError(macro.errorMessage ?? `The arguments of the macro '${name}' are not valid.`);
  }
  const definition = put(macro.definition);
  if (!macro.isEval) return definition;
  const result = toCell(evaluate(definition));
  if (result === null)
    throw new SplError(`Error in 'SearchParser': The eval-based macro '${name}' gives no text.`);
  return cellText(result);
}

/** The value of an expression that looks at no fields. */
function evaluate(expression: string): ReturnType<ReturnType<typeof bind>> {
  return bind(parseExpression(expression), Batch.fromCells(1, []))(0);
}

/** Parted by commas outside quotes and brackets; quotes around a whole argument are taken off. */
function splitArguments(text: string): string[] {
  const parts: string[] = [''];
  for (const [piece] of text.matchAll(/"(?:[^"\\]|\\.)*"|\((?:[^()"]|"(?:[^"\\]|\\.)*")*\)|[\s\S]/g)) {
    if (piece === ',') parts.push('');
    else parts[parts.length - 1] += piece;
  }
  return parts.map((part) => {
    const trimmed = part.trim();
    return /^"(?:[^"\\]|\\.)*"$/s.test(trimmed) ? unquoteWord(trimmed) : trimmed;
  });
}
