import { KeplerError } from '../../../contract/errors.ts';
import { checkOptions, numberIn, oneOf, wholeIn } from '../options.ts';
import type { Step } from '../step.ts';
import { hashing } from './hashing.ts';
import { STATISTICS, statistics } from './statistics.ts';
import type { TextOptions } from './text-options.ts';
import { tfIdf } from './tf-idf.ts';
import { analysisOf } from './analysis-of.ts';
import { termsBy } from './tokens.ts';

const ANALYSIS = [
  'analyzer',
  'ngramRange',
  'lowercase',
  'stopWords',
  'tokenPattern',
  'norm',
  'binary',
] as const;
const OPTIONS = {
  hashing: [...ANALYSIS, 'nFeatures', 'alternateSign'],
  tfidf: [...ANALYSIS, 'maxFeatures', 'minDf', 'maxDf', 'useIdf', 'smoothIdf', 'sublinearTf'],
  statistics: ['features'],
} as const;

/** A step that makes numbers of texts. It takes all text unless columns are named. */
export function textFeatures(options: TextOptions = {}): Step {
  const methods = Object.keys(OPTIONS) as (keyof typeof OPTIONS)[];
  const method = oneOf('textFeatures', 'method', options.method ?? 'hashing', methods);
  const title = `textFeatures (${method})`;
  checkOptions(title, options, ['method', 'keep', ...OPTIONS[method]]);
  if (options.analyzer !== undefined) oneOf(title, 'analyzer', options.analyzer, ['word', 'char', 'char_wb']);
  if (options.norm !== undefined && options.norm !== null) oneOf(title, 'norm', options.norm, ['l1', 'l2']);
  if (options.nFeatures !== undefined) wholeIn(title, 'nFeatures', options.nFeatures, 1, 2 ** 20);
  if (options.maxFeatures !== undefined) wholeIn(title, 'maxFeatures', options.maxFeatures, 1);
  if (options.minDf !== undefined) numberIn(title, 'minDf', options.minDf, 0);
  if (options.maxDf !== undefined) numberIn(title, 'maxDf', options.maxDf, 0);
  options.features?.forEach((feature) => oneOf(title, 'a feature', feature, STATISTICS));
  checkRange(title, options.ngramRange);
  if (typeof options.stopWords === 'string') oneOf(title, 'stopWords', options.stopWords, ['english']);
  termsBy(title, analysisOf(options));
  return { kind: `text/${method}`, options: { ...options } };
}

function checkRange(title: string, range: TextOptions['ngramRange']): void {
  if (range === undefined) return;
  const [least, most] = range;
  if (range.length === 2 && Number.isInteger(least) && Number.isInteger(most) && 1 <= least && least <= most)
    return;
  throw new KeplerError(
    'invalid_arguments',
    `${title}: ngramRange is ${JSON.stringify(range)}; it is two whole numbers from 1, the lower one first, as [1, 2].`,
  );
}

export const TEXT_KINDS = {
  'text/hashing': hashing,
  'text/tfidf': tfIdf,
  'text/statistics': statistics,
};
