import type { ColumnChoice, Step } from '../step.ts';
import type { MissingOptions } from './missing-options.ts';
import { checkOptions, numberIn, oneOf, wholeIn } from '../options.ts';
import { drop } from './drop.ts';
import { fill } from './fill.ts';
import { knn } from './knn.ts';

const TITLE = 'handleMissing';
const STRATEGIES = ['drop', 'mean', 'median', 'most_frequent', 'mode', 'constant', 'knn'] as const;

/** A step that leaves no null in its columns. */
export function handleMissing(options: MissingOptions = {}): Step {
  checkOptions(TITLE, options, [
    'strategy',
    'fillValue',
    'addIndicator',
    'keepEmptyFeatures',
    'nNeighbors',
    'weights',
    'maxRows',
  ]);
  const strategy = oneOf(TITLE, 'strategy', options.strategy ?? 'mean', STRATEGIES);
  if (options.nNeighbors !== undefined) wholeIn(TITLE, 'nNeighbors', options.nNeighbors, 1);
  if (options.weights !== undefined) oneOf(TITLE, 'weights', options.weights, ['uniform', 'distance']);
  if (options.maxRows !== undefined) wholeIn(TITLE, 'maxRows', options.maxRows, 1);
  if (typeof options.fillValue === 'number') numberIn(TITLE, 'fillValue', options.fillValue, -Infinity);
  const name = strategy === 'mode' ? 'most_frequent' : strategy;
  return { kind: `missing/${name}`, options: { ...options } };
}

/** Where none are named: every column that the strategy can fill. */
function takes({ fillValue }: MissingOptions): ColumnChoice {
  return typeof fillValue === 'string' ? 'text' : 'all';
}

export const MISSING_KINDS = {
  'missing/drop': drop,
  'missing/mean': fill('mean', 'number'),
  'missing/median': fill('median', 'number'),
  'missing/most_frequent': fill('most_frequent', 'all'),
  'missing/constant': fill('constant', takes),
  'missing/knn': knn,
};
