import { SplError } from './pipeline.ts';

/** A word of a command's arguments as it was written; `quoted` where the whole of it stood in double quotes. */
export interface Word {
  readonly raw: string;
  readonly text: string;
  readonly quoted: boolean;
}

/** The text inside double quotes, with `\"` and `\\` read; other text as it is. */
export function unquoteWord(raw: string): string {
  return raw.replace(/"((?:[^"\\]|\\.)*)"/gs, (_, inner: string) => inner.replace(/\\(["\\])/g, '$1'));
}

/**
 * Words as splunkd hands them to a command: cut at blanks outside quotes. `raw` keeps the quotes (`raw_args`), `text` has
 * them taken off (`args`).
 */
export function splitRaw(args: string): Word[] {
  const words: Word[] = [];
  const pattern = /(?:"(?:[^"\\]|\\.)*"|\\.|[^\s"\\])+/gs;
  for (const [raw] of args.matchAll(pattern)) {
    words.push({ raw, text: unquoteWord(raw), quoted: /^"(?:[^"\\]|\\.)*"$/s.test(raw) });
  }
  return words;
}

export interface ParsedArguments {
  /** Options by name in lower case. */
  readonly options: ReadonlyMap<string, string>;
  /** What is not an option, in order; commas that part fields are gone. */
  readonly words: Word[];
}

/**
 * Arguments of a core command: `name=value` where the command knows the name, fields and keywords otherwise.
 * Commas count as blanks, as in field lists.
 */
export function parseArguments(args: string, known: readonly string[]): ParsedArguments {
  const options = new Map<string, string>();
  const words: Word[] = [];
  const joined = joinEquals(args);
  for (const [raw] of joined.matchAll(/(?:"(?:[^"\\]|\\.)*"|[^\s,"])+/gs)) {
    const option = /^([A-Za-z_]\w*)=(.*)$/s.exec(raw);
    if (option && known.includes(option[1].toLowerCase())) {
      options.set(option[1].toLowerCase(), unquoteWord(option[2]));
      continue;
    }
    words.push({ raw, text: unquoteWord(raw), quoted: /^"(?:[^"\\]|\\.)*"$/s.test(raw) });
  }
  return { options, words };
}

/** `k = v`, `k= v` and `k =v` are one word; quotes are left alone. */
function joinEquals(args: string): string {
  return args.replace(/"(?:[^"\\]|\\.)*"|\s*=\s*/gs, (match) => (match[0] === '"' ? match : '='));
}

export function integerOption(command: string, name: string, value: string, minimum = 0): number {
  const number = Number(value);
  if (!/^-?\d+$/.test(value.trim()) || number < minimum) {
    throw new SplError(
      `Error in '${command}' command: ${name} must be a whole number of at least ${minimum}, not '${value}'.`,
    );
  }
  return number;
}

export function booleanOption(command: string, name: string, value: string): boolean {
  if (/^(1|t|true|y|yes)$/i.test(value)) return true;
  if (/^(0|f|false|n|no)$/i.test(value)) return false;
  throw new SplError(`Error in '${command}' command: ${name} must be true or false, not '${value}'.`);
}

/** A field name with `*` for any text, as a test on names. */
export function wildcard(pattern: string): RegExp {
  const source = pattern.split('*').map((text) => text.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${source.join('([\\s\\S]*)')}$`);
}

/** The names that one of the patterns matches, in the patterns' order. */
export function matchFields(patterns: readonly string[], names: readonly string[]): string[] {
  const found = new Set<string>();
  for (const pattern of patterns) {
    if (!pattern.includes('*')) {
      if (names.includes(pattern)) found.add(pattern);
      continue;
    }
    const test = wildcard(pattern);
    for (const name of names) if (test.test(name)) found.add(name);
  }
  return [...found];
}
