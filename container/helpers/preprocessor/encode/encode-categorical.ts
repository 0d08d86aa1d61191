import { KeplerError } from '../../../contract/errors.ts';
import { checkOptions, numberIn, oneOf, wholeIn } from '../options.ts';
import type { Step } from '../step.ts';
import type { EncodeOptions } from './encode-options.ts';
import { frequency } from './frequency.ts';
import { oneHot } from './one-hot.ts';
import { ordinal } from './ordinal.ts';
import { target } from './target.ts';

const OPTIONS = {
  onehot: ['handleUnknown', 'drop', 'minFrequency', 'maxCategories'],
  ordinal: ['handleUnknown', 'unknownValue', 'encodedMissingValue'],
  target: ['smooth', 'cv', 'shuffle', 'seed', 'folds'],
  frequency: ['normalize'],
} as const;

/** A step that makes numbers of categories. It takes text unless columns are named; a number is then a category by its value. */
export function encodeCategorical(options: EncodeOptions = {}): Step {
  const methods = Object.keys(OPTIONS) as (keyof typeof OPTIONS)[];
  const method = oneOf('encodeCategorical', 'method', options.method ?? 'onehot', methods);
  const title = `encodeCategorical (${method})`;
  checkOptions(title, options, ['method', ...OPTIONS[method]]);
  if (options.handleUnknown !== undefined) {
    const known =
      method === 'onehot'
        ? (['error', 'ignore', 'infrequent_if_exist', 'warn'] as const)
        : (['error', 'use_encoded_value'] as const);
    oneOf<string>(title, 'handleUnknown', options.handleUnknown, known);
  }
  if (options.drop !== undefined) oneOf(title, 'drop', options.drop, ['first', 'if_binary']);
  if (options.minFrequency !== undefined) numberIn(title, 'minFrequency', options.minFrequency, 0);
  if (options.maxCategories !== undefined) wholeIn(title, 'maxCategories', options.maxCategories, 1);
  if (options.smooth !== undefined && options.smooth !== 'auto') numberIn(title, 'smooth', options.smooth, 0);
  if (options.cv !== undefined) wholeIn(title, 'cv', options.cv, 2);
  if (options.folds !== undefined && options.cv !== undefined) {
    throw new KeplerError(
      'invalid_arguments',
      `${title}: folds says the part of each row, so that cv is not needed.`,
    );
  }
  return { kind: `encode/${method}`, options: { ...options } };
}

export const ENCODE_KINDS = {
  'encode/onehot': oneHot,
  'encode/ordinal': ordinal,
  'encode/target': target,
  'encode/frequency': frequency,
};
