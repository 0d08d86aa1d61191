import { searchIndexes } from '../indexes/search-indexes.ts';
import { bindSearch, parseSearchExpression } from '../spl/search-expression.ts';
import type { CoreCommand } from './command.ts';
import { keepRows, perBatch } from './command.ts';

export const search: CoreCommand = {
  name: 'search',
  prepare(args) {
    const expression = parseSearchExpression(args);
    return perBatch((batch) => keepRows(batch, bindSearch(expression, batch)));
  },
  /** The events of indexes. */
  first(args, context) {
    const expression = parseSearchExpression(args);
    return () => searchIndexes(expression, context.indexes, context.range, undefined, context.addresses);
  },
};
