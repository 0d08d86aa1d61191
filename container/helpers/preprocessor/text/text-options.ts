import type { ChoiceOptions } from '../step.ts';

export interface TextOptions extends ChoiceOptions {
  /**
   * `hashing`: how often terms occur, in so many columns by their hash. `tfidf`: in a column a term of the fit, weighed by how rare it
   * is. `statistics`: length, words and the like. Default: hashing.
   */
  readonly method?: 'hashing' | 'tfidf' | 'statistics';
  /** Of `hashing`: columns. Default: 256. */
  readonly nFeatures?: number;
  /** Of `hashing`: half of the terms count downwards, so that those which fall together cancel on average. Default: true. */
  readonly alternateSign?: boolean;
  /** What a term is: words, runs of characters, or such runs within words. Default: word. */
  readonly analyzer?: 'word' | 'char' | 'char_wb';
  /** Runs of so many words or characters, from and to. Default: [1, 1]. */
  readonly ngramRange?: readonly [number, number];
  /** Default: true. */
  readonly lowercase?: boolean;
  /** Words that do not count: `english`, or a list. Default: none. */
  readonly stopWords?: 'english' | readonly string[];
  /** A regular expression of what a word is. Default: two or more letters, digits, underscores. */
  readonly tokenPattern?: string;
  /** Each row is brought to this norm; null for none. Default: l2. */
  readonly norm?: 'l1' | 'l2' | null;
  /** A term counts once a row. Default: false. */
  readonly binary?: boolean;
  /** Of `tfidf`: so many terms at most, the most frequent ones. Default: 100. */
  readonly maxFeatures?: number;
  /** Of `tfidf`: terms in fewer rows (below 1: a smaller share of them) are left out. Default: 1. */
  readonly minDf?: number;
  /** Of `tfidf`: terms in more rows (up to 1: a greater share of them) are left out. Default: 1. */
  readonly maxDf?: number;
  /** Of `tfidf`. Default: true. */
  readonly useIdf?: boolean;
  /** Of `tfidf`: as if one row more held every term. Default: true. */
  readonly smoothIdf?: boolean;
  /** Of `tfidf`: 1 + ln(count) in place of the count. Default: false. */
  readonly sublinearTf?: boolean;
  /** Of `statistics`. Default: all of them. */
  readonly features?: readonly ('length' | 'words' | 'digits' | 'uppercase' | 'punctuation' | 'entropy')[];
  /** The column itself stays, for another step. Default: false. */
  readonly keep?: boolean;
}
