import { KeplerError } from '../../../container/contract/errors.ts';
import type { RawOptions } from '../../../container/contract/requests.ts';
import { parseBoolean } from '../../../container/contract/boolean.ts';
import { didYouMean } from '../../../container/contract/did-you-mean.ts';
import { TokenError, tokenise, type Token } from './tokens.ts';

/** What is wrong with a command's arguments: collected, so that one message names all of it. */
export class Problems {
  list: readonly string[] = [];
  #unreadable = false;

  add(text: string): void {
    if (!this.#unreadable && !this.list.includes(text)) this.list = [...this.list, text];
  }

  /** The arguments cannot be told apart: what else seems wrong with them only follows from it. */
  addUnreadable(text: string): void {
    this.list = [text];
    this.#unreadable = true;
  }

  get any(): boolean {
    return this.list.length > 0;
  }

  /** The one error for all problems. */
  toError(command: string, usage: string): KeplerError {
    const text =
      this.list.length === 1
        ? this.list[0]
        : `${this.list.length} problems: ${this.list.map((problem, i) => `(${i + 1}) ${problem}`).join(' ')}`;
    return new KeplerError('invalid_arguments', `${command}: ${text} Usage: ${usage}`);
  }
}

export type Keyword = 'into' | 'as' | 'by' | 'from' | 'against';

export interface GrammarRules {
  readonly command: string;
  readonly keywords: readonly Keyword[];
  /** What `~` stands for. */
  readonly tilde?: 'from' | 'against';
  /** A parse-only probe may still hold `[subsearch]`. */
  readonly probe: boolean;
}

/** Arguments sorted by what they are. */
export interface Sorted {
  readonly options: Map<string, string>;
  /** Words before the splitting keyword (`from`, `against`), or all of them where there is none. */
  readonly before: string[];
  /** Words after the splitting keyword; null where there is none. */
  readonly after: string[] | null;
  /** Those of the words that hold a star without quotes. */
  readonly globs: ReadonlySet<string>;
  readonly into?: string;
  readonly as?: string;
  /** Field names of `by`, split at commas. */
  readonly by: readonly string[];
}

const ALL_KEYWORDS: readonly Keyword[] = ['into', 'as', 'by', 'from', 'against'];

/** Sorts a command's arguments; what is wrong is added to `problems`. */
export function sortArguments(
  rawArgs: string | readonly string[],
  rules: GrammarRules,
  problems: Problems,
): Sorted {
  let tokens: Token[];
  try {
    tokens = tokenise(rawArgs);
  } catch (error) {
    if (!(error instanceof TokenError)) throw error;
    problems.addUnreadable(error.message);
    return { options: new Map(), before: [], after: null, globs: new Set(), by: [] };
  }
  const options = new Map<string, string>();
  const before: string[] = [];
  let after: string[] | null = null;
  const globs = new Set<string>();
  const clauses = new Map<Keyword, string[]>();

  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i];
    if (token.kind === 'subsearch') {
      if (!rules.probe)
        problems.add(
          `${token.text.slice(0, 40)} was not run as a subsearch; quote a field that begins with a bracket.`,
        );
      continue;
    }
    if (token.kind === 'option') {
      options.set(token.name, token.value);
      continue;
    }
    const keyword = token.quoted ? null : keywordOf(token.text, rules);
    if (keyword === null) {
      (after ?? before).push(token.text);
      if (!token.quoted && token.text.includes('*')) globs.add(token.text);
      continue;
    }
    if (!rules.keywords.includes(keyword)) {
      problems.add(`${rules.command} has no ${token.text}; quote it if a field is called so.`);
      // What stands behind it belongs to it, and is no problem of its own.
      if (keyword !== 'from' && keyword !== 'against')
        i += takeClause(tokens, i, keyword === 'by', rules).length;
      continue;
    }
    if (keyword === 'from' || keyword === 'against') {
      if (after) problems.add(`${keyword} is given twice.`);
      after ??= [];
      continue;
    }
    if (clauses.has(keyword)) problems.add(`${keyword} is given twice.`);
    const values = takeClause(tokens, i, keyword === 'by', rules);
    i += values.length;
    if (values.length === 0) problems.add(`${keyword} needs a name after it.`);
    clauses.set(keyword, values);
  }
  const as = clauses.get('as')?.[0];
  if (as === '' || as?.startsWith('__mv_'))
    problems.add(
      `as ${JSON.stringify(as)} cannot name a field: it is ${as === '' ? 'empty' : "Splunk's for the values of a multivalue field"}.`,
    );
  return {
    options,
    before,
    after,
    globs,
    into: clauses.get('into')?.[0],
    as,
    by: (clauses.get('by') ?? [])
      .flatMap((list) => list.split(','))
      .map((name) => name.trim())
      .filter(Boolean),
  };
}

/** The word behind a keyword; of a list, those joined to it by commas too. */
function takeClause(tokens: readonly Token[], at: number, list: boolean, rules: GrammarRules): string[] {
  const values: string[] = [];
  for (let i = at + 1; i < tokens.length; i++) {
    const token = tokens[i];
    if (token.kind !== 'word' || (!token.quoted && keywordOf(token.text, rules))) break;
    if (values.length > 0 && !(list && token.afterComma)) break;
    values.push(token.text);
  }
  return values;
}

/** `from` and `against` split fields only in the commands that have them; the other keywords are reserved everywhere. */
function keywordOf(text: string, rules: GrammarRules): Keyword | null {
  if (text === '~') return rules.tilde ?? null;
  const lower = text.toLowerCase() as Keyword;
  if (!ALL_KEYWORDS.includes(lower)) return null;
  if (lower === 'against' && !rules.keywords.includes('against')) return null;
  return lower;
}

/** Takes options out of a map as what they should be; a wrong value is a problem, and reads as the default. */
export class OptionReader {
  readonly #options: Map<string, string>;
  readonly #problems: Problems;

  constructor(options: Map<string, string>, problems: Problems) {
    this.#options = options;
    this.#problems = problems;
  }

  #take(name: string): string | undefined {
    const value = this.#options.get(name);
    this.#options.delete(name);
    return value;
  }

  boolean(name: string, standard: boolean): boolean {
    const value = this.#take(name)?.toLowerCase();
    if (value === undefined) return standard;
    const flag = parseBoolean(value);
    if (flag === undefined)
      this.#problems.add(`${name}=${value} must be true or false (t, f, yes, no, 1, 0).`);
    return flag ?? standard;
  }

  integer(name: string, least: number): number | undefined {
    const value = this.#take(name);
    if (value === undefined) return undefined;
    const number = Number(value);
    if (/^[-+]?\d+$/.test(value) && Number.isSafeInteger(number) && number >= least) return number;
    this.#problems.add(`${name}=${value} must be a whole number of at least ${least}.`);
    return undefined;
  }

  number(name: string, allowed: (value: number) => boolean, range: string): number | undefined {
    const value = this.#take(name);
    if (value === undefined) return undefined;
    const number = Number(value);
    if (value.trim() !== '' && Number.isFinite(number) && allowed(number)) return number;
    this.#problems.add(`${name}=${value} must be a number ${range}.`);
    return undefined;
  }

  text(name: string): string | undefined {
    const value = this.#take(name);
    if (value === '') this.#problems.add(`${name}= needs a value.`);
    return value || undefined;
  }

  choice<T extends string>(name: string, choices: readonly T[]): T | undefined {
    const value = this.#take(name);
    if (value === undefined) return undefined;
    const found = choices.find((choice) => choice === value.toLowerCase());
    if (!found)
      this.#problems.add(
        `${name}=${value} is not allowed; it is one of ${choices.join(', ')}.${meant(value, choices)}`,
      );
    return found;
  }

  /** Every option that is left is unknown. */
  refuseOthers(command: string, known: readonly string[]): void {
    for (const name of this.#options.keys()) {
      const allowed = known.length === 0 ? 'it takes none' : `it takes ${known.join(', ')}`;
      this.#problems.add(`${command} does not know the option ${name}; ${allowed}.${meant(name, known)}`);
    }
  }
}

/** ` Did you mean x?`, or nothing. */
export function meant(word: string, candidates: readonly string[]): string {
  const near = didYouMean(word, candidates);
  return near !== undefined && near !== word ? ` Did you mean ${near}?` : '';
}

export const rawOptions = (options: ReadonlyMap<string, string>): RawOptions => Object.fromEntries(options);
