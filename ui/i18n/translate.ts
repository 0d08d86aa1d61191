import type { Text } from './en.ts';
import { formsOf, translateSaid } from './said.ts';

/** The names in braces of a text, as a type: `'{n} of {all}'` has `n` and `all`. */
export type Names<T extends string> = T extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Names<Rest>
  : never;
export type Values<T extends string, V> = [Names<T>] extends [never] ? [] : [Readonly<Record<Names<T>, V>>];

export interface Language {
  readonly texts: Readonly<Record<string, string>>;
  /** The words of the component library. */
  readonly library: Readonly<Record<string, string>>;
  /** Sentences of the commands and the runtime. */
  readonly said?: Readonly<Record<string, string>>;
  /** What went wrong, by an error's code: for what `said` has no form of. */
  readonly codes?: Readonly<Record<string, string>>;
}

const english: Language = { texts: {}, library: {} };
let language = english;
let forms: ReturnType<typeof formsOf> = [];
let plurals = new Intl.PluralRules('en');

/** Chosen once, before the first render; English without. `locale` decides how is counted. */
export function setLanguage(chosen: Language | undefined, locale: string): void {
  language = chosen ?? english;
  forms = formsOf(language.said ?? {});
  plurals = new Intl.PluralRules(locale);
}

/** Splunk's own catalogue, where an administrator may have put words that no file here has. */
function fromSplunk(text: string): string {
  const { gettext } = globalThis as { gettext?: (message: string) => string };
  return typeof gettext === 'function' ? gettext(text) : text;
}

const worded = (text: string): string => language.texts[text] ?? fromSplunk(text);

export const translateLibrary = (text: string): string => language.library[text] ?? fromSplunk(text);

/** What the commands or the runtime said, as far as the page's language has words for it. */
export const said = (text: string): string => (forms.length === 0 ? text : translateSaid(text, forms));

/**
 * What an error said that came with its code: by its own form where the language knows that, else what its code means, before
 * the words themselves, which name what the code cannot.
 */
export function saidWithCode(text: string, code: string): string {
  const known = said(text);
  const meaning = known === text ? language.codes?.[code] : undefined;
  return meaning === undefined ? known : `${meaning} (${text})`;
}

/** Replaces `{name}` by what `value` gives for it; braces that are no name stay. */
function filled(text: string, values: Readonly<Record<string, unknown>>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => (name in values ? String(values[name]) : whole));
}

/** The text in the page's language. */
export function t<T extends Text>(text: T, ...values: Values<T, string | number>): string {
  return filled(worded(text), values[0] ?? {});
}

/**
 * The text for a number: `count(n, '{n} model', '{n} models')`. Which of the two is the language's own rule
 * (Intl.PluralRules); both are keys. `shown` is how `n` is written.
 */
export function count<T extends Text>(
  n: number,
  one: Text,
  other: T,
  ...values: Values<T, string | number>
): string {
  return filled(worded(plurals.select(n) === 'one' ? one : other), values[0] ?? {});
}

/** The text in parts, with an element in the place of each name: for a link or a code inside a sentence. */
export function parts<T extends Text, E>(text: T, values: Readonly<Record<Names<T>, E>>): (string | E)[] {
  return worded(text)
    .split(/(\{\w+\})/)
    .filter((part) => part !== '')
    .map((part) => (values as Readonly<Record<string, E>>)[part.slice(1, -1)] ?? part);
}
