import { clipOutliers } from './clip.ts';
import { chooseColumns } from './choose.ts';
import { datetimeFeatures } from './datetime/datetime-features.ts';
import { encodeCategorical } from './encode/encode-categorical.ts';
import type { EncodeOptions } from './encode/encode-options.ts';
import { handleMissing } from './missing/handle-missing.ts';
import type { MissingOptions } from './missing/missing-options.ts';
import { checkOptions } from './options.ts';
import { preprocessor } from './pipeline.ts';
import type { FitOptions, Fitted } from './pipeline.ts';
import { scale } from './scale/scale.ts';
import type { ScaleOptions } from './scale/scale-options.ts';
import type { Step } from './step.ts';
import { asWorking } from './table.ts';
import type { TableInput } from './table.ts';
import { textFeatures } from './text/text-features.ts';

export interface StandardOptions extends FitOptions {
  /** Columns of times: hour, weekday and month as sines and cosines. Default: `_time`, where there is one; false for none. */
  readonly datetime?: readonly string[] | false;
  /** By whose clock. Default: UTC. */
  readonly timeZone?: string;
  /** What is done about nulls in numbers (`drop`: in text too); false leaves them. In text a null is a category. Default: median. */
  readonly missing?: MissingOptions['strategy'] | false;
  /** Whether columns say where a number was null. Default: false. */
  readonly addIndicator?: boolean;
  /** Default: false, none are clipped. */
  readonly outliers?: 'quantile' | 'iqr' | 'zscore' | false;
  /** Default: standard; false leaves numbers as they are. */
  readonly scale?: ScaleOptions['method'] | false;
  /** Default: onehot. Other encodings are scaled with the numbers; `ordinal` has -1 for the unseen, -2 for null. */
  readonly encode?: EncodeOptions['method'];
  /** Of `onehot`: columns a field at most; the rarer values share one. Default: 50. */
  readonly maxCategories?: number;
  /** Columns of free text, hashed into `textFeatures` columns each. Default: none. */
  readonly text?: readonly string[];
  /** Default: 64. */
  readonly textFeatures?: number;
}

const OWN = [
  'datetime',
  'timeZone',
  'missing',
  'addIndicator',
  'outliers',
  'scale',
  'encode',
  'maxCategories',
  'text',
  'textFeatures',
];

/**
 * The usual preparation of mixed rows, fitted: times to cycles, nulls filled, numbers to mean 0 and deviation 1, categories to 0 and
 * 1. Apply it to other rows with `transform(state, table)`.
 *
 * @throws KeplerError naming the step and the column
 */
export function standardPreprocessing(table: TableInput, options: StandardOptions = {}): Fitted {
  checkOptions('standardPreprocessing', options, [...OWN, 'target', 'warn']);
  const { target, columns, exclude, warn } = options;
  return preprocessor(standardSteps(table, options)).fit(table, { target, columns, exclude, warn });
}

function standardSteps(input: TableInput, options: StandardOptions): Step[] {
  const steps: Step[] = [];
  const table = asNames(input, options);
  const there = table.includes('_time') ? ['_time'] : [];
  const times = options.datetime === false ? [] : (options.datetime ?? there);
  if (times.length > 0) {
    const { timeZone } = options;
    steps.push(
      datetimeFeatures({ columns: times, cyclic: true, ...(timeZone !== undefined && { timeZone }) }),
    );
  }
  if (options.missing !== false) {
    const strategy = options.missing ?? 'median';
    const columns = strategy === 'drop' ? 'all' : 'number';
    steps.push(handleMissing({ columns, strategy, addIndicator: options.addIndicator ?? false }));
  }
  if (options.outliers) steps.push(clipOutliers({ method: options.outliers }));
  const text = options.text ?? [];
  const encode = encodeCategorical({ ...encodeOptions(options), columns: 'text', exclude: text });
  const scaled = options.scale === false ? [] : [scale({ method: options.scale ?? 'standard' })];
  // Columns of 0 and 1 are of one scale as they are; other encodings are numbers of any size.
  steps.push(...(encode.kind === 'encode/onehot' ? [...scaled, encode] : [encode, ...scaled]));
  if (text.length > 0) steps.push(textFeatures({ columns: text, nFeatures: options.textFeatures ?? 64 }));
  return steps;
}

/** Names of the columns that are features. */
function asNames(input: TableInput, { columns, exclude, target }: StandardOptions): string[] {
  const names = chooseColumns('standardPreprocessing', asWorking(input), columns ?? 'all', exclude);
  return names.filter((name) => name !== target);
}

function encodeOptions({ encode = 'onehot', maxCategories = 50 }: StandardOptions): EncodeOptions {
  if (encode === 'ordinal') return { method: encode, encodedMissingValue: -2 };
  if (encode !== 'onehot') return { method: encode };
  return { method: encode, maxCategories, handleUnknown: 'infrequent_if_exist' };
}
