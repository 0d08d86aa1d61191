import type { Arena } from './arena.ts';
import type { BinnedColumn } from './columns.ts';
import type { GrowLimits } from './grow-limits.ts';
import { BLOCK_COLUMNS, HISTOGRAM_WORDS } from './kernels.ts';
import type { CodeBlocks } from './kernels.ts';

/** Memory that the histograms of one tree may take. */
const POOL_BYTES = 256 * 1024 * 1024;
/** The first slots are nobody's own: nodes whose histograms cannot be kept are searched in them. */
export const SCRATCH_SLOTS = 2;

/** Memory for the histograms of the open nodes of one tree, and the columns as they are read for them. */
export interface HistogramPool {
  readonly codes: CodeBlocks;
  /** How many bins each column has. */
  readonly bins: Int32Array;
  /** One array a node: the histograms of all columns. */
  readonly slots: readonly Uint32Array[];
  /** Of each thread, where threads share a tree: histograms of its own rows of up to two nodes. */
  readonly parts: readonly (readonly Uint32Array[])[];
}

/** Whether histograms can be used at all: every column's bins must fit one. */
export function histogramsFit(columns: readonly BinnedColumn[]): boolean {
  return columns.every(
    (column) => column.bins <= HISTOGRAM_WORDS / 2 && column.codes.BYTES_PER_ELEMENT === 1,
  );
}

/** @param threads How many share the rows of each tree. */
export function newHistogramPool(
  arena: Arena,
  columns: readonly BinnedColumn[],
  codes: CodeBlocks,
  limits: Pick<GrowLimits, 'maxDepth' | 'maxLeafNodes'>,
  threads: number,
): HistogramPool {
  const words = columns.length * HISTOGRAM_WORDS;
  // Best-first every leaf may be open; one branch after another, two nodes a level.
  const open = limits.maxLeafNodes !== Infinity ? limits.maxLeafNodes : 2 * (limits.maxDepth + 1);
  const most = Math.max(SCRATCH_SLOTS + 1, Math.floor(POOL_BYTES / (4 * words)));
  const slots = Math.min(open + SCRATCH_SLOTS + 1, most);
  const bins = arena.integers(columns.length);
  bins.set(columns.map((column) => column.bins));
  const many = (count: number) => Array.from({ length: count }, () => arena.words(words));
  return {
    codes,
    bins,
    slots: many(slots),
    parts: threads > 1 ? Array.from({ length: threads }, () => many(2)) : [],
  };
}

/** Lays columns of bytes side by side. */
export function codeBlocks(arena: Arena, columns: readonly BinnedColumn[]): CodeBlocks {
  const rows = columns[0].codes.length;
  const blocks: Uint8Array[] = [];
  for (let first = 0; first < columns.length; first += BLOCK_COLUMNS) {
    const block = arena.bytes(rows * BLOCK_COLUMNS);
    columns.slice(first, first + BLOCK_COLUMNS).forEach(({ codes }, place) => {
      for (let row = 0; row < rows; row++) block[row * BLOCK_COLUMNS + place] = codes[row];
    });
    blocks.push(block);
  }
  return { columns: columns.length, blocks };
}
