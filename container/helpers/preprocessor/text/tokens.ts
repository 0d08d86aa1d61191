import { KeplerError } from '../../../contract/errors.ts';
import { ENGLISH } from './stop-words.ts';

/** How text becomes terms, as scikit-learn's vectorizers do it. Plain data: it is kept with the version. */
export type Analysis = {
  readonly analyzer: 'word' | 'char' | 'char_wb';
  readonly ngramRange: readonly [number, number];
  readonly lowercase: boolean;
  /** `english`, or the words; null for none. */
  readonly stopWords: 'english' | readonly string[] | null;
  /** A regular expression of what a word is; null for two or more letters, digits and underscores. */
  readonly tokenPattern: string | null;
};

/** Python's `\b\w\w+\b`. */
const WORD = /[\p{L}\p{N}_]{2,}/gu;

/** @throws KeplerError invalid_arguments where the pattern is none */
export function termsBy(step: string, analysis: Analysis): (text: string) => string[] {
  const { analyzer, lowercase, ngramRange } = analysis;
  const fold = (text: string) => (lowercase ? text.toLowerCase() : text);
  if (analyzer === 'char') return (text) => charTerms(fold(text), ngramRange);
  if (analyzer === 'char_wb') return (text) => wordCharTerms(fold(text), ngramRange);
  const pattern = patternOf(step, analysis.tokenPattern);
  const stop = analysis.stopWords === 'english' ? ENGLISH : new Set(analysis.stopWords ?? []);
  return (text) => {
    const words = wordsOf(fold(text), pattern);
    return grams(stop.size > 0 ? words.filter((word) => !stop.has(word)) : words, ngramRange, ' ');
  };
}

function patternOf(step: string, pattern: string | null): RegExp {
  if (pattern === null) return WORD;
  try {
    const made = new RegExp(pattern, 'gu');
    if (new RegExp(`${pattern}|`, 'u').exec('')!.length <= 2) return made;
  } catch (error) {
    throw new KeplerError(
      'invalid_arguments',
      `${step}: tokenPattern "${pattern}" is no regular expression: ${(error as Error).message}.`,
      { cause: error },
    );
  }
  throw new KeplerError(
    'invalid_arguments',
    `${step}: tokenPattern "${pattern}" has more than one group; it may have one.`,
  );
}

/** What the pattern finds: its group where it has one. */
function wordsOf(text: string, pattern: RegExp): string[] {
  if (pattern === WORD) return text.match(WORD) ?? [];
  return Array.from(text.matchAll(pattern), (match) => match[1] ?? match[0]);
}

/** Runs of `least` to `most` items. */
function grams(items: readonly string[], [least, most]: readonly [number, number], joint: string): string[] {
  if (least === 1 && most === 1) return [...items];
  const found: string[] = [];
  for (let n = least; n <= Math.min(most, items.length); n++) {
    for (let i = 0; i + n <= items.length; i++) found.push(items.slice(i, i + n).join(joint));
  }
  return found;
}

function charTerms(text: string, range: readonly [number, number]): string[] {
  return grams([...text.replace(/\s\s+/g, ' ')], range, '');
}

/** Within words, with a space before and behind; a word that is shorter than a run is taken once, as it is. */
function wordCharTerms(text: string, [least, most]: readonly [number, number]): string[] {
  const found: string[] = [];
  for (const word of text.split(/\s+/).filter((one) => one !== '')) {
    const padded = [' ', ...word, ' '];
    for (let n = least; n <= most; n++) {
      found.push(padded.slice(0, n).join(''));
      for (let i = 1; i + n <= padded.length; i++) found.push(padded.slice(i, i + n).join(''));
      if (padded.length <= n) break;
    }
  }
  return found;
}
