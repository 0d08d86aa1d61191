import type { Arena } from './arena.ts';
import type { BinnedColumn } from './columns.ts';
import { MARKS, RESULT } from './kernels.ts';
import type { Workspace } from './kernels.ts';

/**
 * What a thread needs to grow trees.
 *
 * @param classes 0 for sums of a number.
 * @param halves Whether cuts are drawn by chance.
 */
export function newWorkspace(
  arena: Arena,
  columns: readonly BinnedColumn[],
  classes: number,
  halves = false,
): Workspace {
  const words = classes > 0 ? 1 : 2;
  const cells = classes > 0 ? classes : 2;
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
    halves: arena.bytes(halves ? rows : 0),
    classes: arena.doubles(4 * classes),
    result: arena.doubles(RESULT.size),
  };
}
