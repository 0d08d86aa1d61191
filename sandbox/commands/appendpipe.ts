import { concatBatches } from '../table/batch.ts';
import { collect, failIn } from './command.ts';
import type { CoreCommand } from './command.ts';

/** The rows so far, and behind them what the commands in brackets make of them. */
export const appendpipe: CoreCommand = {
  name: 'appendpipe',
  takesSubsearch: true,
  prepare(_args, context, subsearches) {
    if (subsearches.length !== 1) failIn('appendpipe', 'one pipeline in brackets is needed.');
    const [pipeline] = subsearches;
    return async function* (input) {
      const rows = concatBatches(await collect(input));
      yield rows;
      yield* await context.through(pipeline, rows);
    };
  },
};
