import type { Arena } from './arena.ts';
import type { BinnedColumn } from './binning.ts';
import { MARKS } from './kernels.ts';
import type { Workspace } from './kernels.ts';

/**
 * @param words Words of payload a position.
 * @param cells Words that a bin takes in a histogram.
 */
export function newWorkspace(
  arena: Arena,
  columns: readonly BinnedColumn[],
  words: 1 | 2,
  cells: number,
): Workspace {
  const rows = columns[0].codes.length;
  const bins = Math.max(...columns.map((column) => column.bins));
  return {
    rows: arena.integers(rows),
    payload: arena.words(rows * words),
    spareRows: arena.integers(rows),
    sparePayload: arena.words(rows * words),
    histogram: arena.words(bins * cells),
    counts: arena.words(bins),
    marks: arena.words(MARKS.all),
    used: arena.integers(bins),
    result: arena.doubles(8),
  };
}
