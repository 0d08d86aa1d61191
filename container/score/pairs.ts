import type { Column } from '../contract/table.ts';
import type { ScoreInput } from './types.ts';

export interface Pair {
  readonly a: Column;
  readonly b: Column;
}

/** One `a` against each `b`, or the first against the first, the second against the second … */
export function pairsOf({ a, b }: ScoreInput): Pair[] {
  return b.map((column, i) => ({ a: a.length === 1 ? a[0] : a[i], b: column }));
}
