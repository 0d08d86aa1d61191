import type { BinnedColumn } from './columns.ts';

/** What one thread works with while it grows trees. Position i of a node's range holds row `rows[i]` and its payload. */
export interface Workspace {
  readonly rows: Int32Array;
  /** Of a position: class and weight (1 word, see `classWord`), or fixed-point sum and weight (2 words, see `sums.ts`). */
  readonly payload: Uint32Array;
  readonly spareRows: Int32Array;
  readonly sparePayload: Uint32Array;
  /** All zero between calls. */
  readonly histogram: Uint32Array;
  /** Rows in each bin; all zero between calls. */
  readonly counts: Uint32Array;
  /** A bit for each bin that occurs, behind a bit for each word of those (see `MARKS`); all zero between calls. */
  readonly marks: Uint32Array;
  /** The bins that occur, in order. */
  readonly used: Int32Array;
  /** With `splitter=random`, the side of a cut that a row is on; else empty. */
  readonly halves: Uint8Array;
  /** Four numbers a class: weight of a row, the node's total, both sides while a split is sought. */
  readonly classes: Float64Array;
  /** Where split searches leave what they found, see `RESULT`. */
  readonly result: Float64Array;
}

/**
 * Places in `Workspace.result`. `proxy` is -Infinity where no boundary is allowed; `used` counts the bins that occur. The last
 * three are told by `scanSums` alone: the column, and what its rows on the left side add up to.
 */
export const RESULT = {
  proxy: 0,
  lastLeft: 1,
  firstRight: 2,
  used: 3,
  feature: 4,
  leftSum: 5,
  leftWeight: 6,
  /** Numbers in all: kernels keep some of their own behind those. */
  size: 16,
} as const;

/** Words in `Workspace.marks`: the summary, then a bit for each of 65,536 bins. */
export const MARKS = { summary: 64, all: 64 + 2048 } as const;

/** Words of 32 bits in one column's histogram of sums: 256 bins. */
export const HISTOGRAM_WORDS = 512;

/** Columns of bytes that share a look into the memory. */
export const BLOCK_COLUMNS = 8;

/** Columns of bytes in blocks: `BLOCK_COLUMNS` of them side by side, row after row; what the last block lacks is 0. */
export interface CodeBlocks {
  readonly columns: number;
  readonly blocks: readonly Uint8Array[];
}

/** What a boundary must leave on both sides. */
export interface SideLimits {
  readonly minRows: number;
  readonly minWeight: number;
  /** Rows differ from weights, so that they must be counted on their own. */
  readonly countRows: boolean;
}

/**
 * The inner loops of training, twice: in plain TypeScript (`plain-kernels.ts`), to be read and to check against, and in
 * AssemblyScript (`../assembly`), to be fast. Both give the same results to the last bit.
 */
export interface Kernels {
  /**
   * The bin of each value: the first of 256 edges that is not below it. `low` and `high` take the least and greatest value
   * of each bin.
   */
  codeValues(
    values: Float32Array,
    edges: Float32Array,
    codes: Uint8Array,
    low: Float32Array,
    high: Float32Array,
  ): void;
  /**
   * The best boundary of a feature among the rows at [start, end) by the classes at both sides. By Gini's index: greatest
   * sum over both sides of (sum of squared class weights) / weight. The weights of classes and node
   * stand in `work.classes`.
   */
  classSplit(
    column: BinnedColumn,
    work: Workspace,
    start: number,
    end: number,
    limits: SideLimits,
    measure: 'gini' | 'entropy',
  ): void;
  /** Leaves in the second quarter of `work.classes` how often each class occurs at [start, end). */
  classTotals(work: Workspace, start: number, end: number): void;
  /**
   * The best boundary by squared error: greatest sum over both sides of sum² / weight. `sum` and `weight` are the node's.
   */
  sumSplit(
    column: BinnedColumn,
    work: Workspace,
    start: number,
    end: number,
    format: SumFormat,
    sum: number,
    weight: number,
    limits: SideLimits,
  ): void;
  /**
   * Histograms of columns of bytes, `HISTOGRAM_WORDS` apart: the words of the rows at [start, end) added up in the bins.
   */
  sumHistograms(
    codes: CodeBlocks,
    work: Workspace,
    start: number,
    end: number,
    histograms: Uint32Array,
  ): void;
  /** `into` becomes the sum of `a` and `b`. */
  addHistograms(into: Uint32Array, a: Uint32Array, b: Uint32Array): void;
  /** Takes `part` off `whole`: what is left is the other child's histogram. */
  subtractHistograms(whole: Uint32Array, part: Uint32Array): void;
  /**
   * The best boundary by squared error in the finished histograms of the columns at [first, end); of equals that of the first
   * column. All numbers are whole, in the format's units (of 11 bits of weight at least), `RESULT.proxy` in squares of the
   * sum's unit by the weight's; `RESULT.used` is not told.
   *
   * @param bins How many bins each column has.
   * @param least, most What the left side may weigh: 1 at least, and 1 less than the node at most.
   */
  scanSums(
    histograms: Uint32Array,
    bins: Int32Array,
    first: number,
    end: number,
    work: Workspace,
    format: SumFormat,
    sum: number,
    weight: number,
    least: number,
    most: number,
  ): void;
  /** Fixed-point words of weight 1 for `values` of the rows at [0, count). */
  packSums(values: Float64Array, work: Workspace, count: number, format: SumFormat): void;
  /** The greatest absolute one of `values` among the rows at [0, count). */
  greatestSize(values: Float64Array, work: Workspace, count: number): number;
  /** Adds `step` to the scores of the rows at [start, end). */
  addStep(scores: Float64Array, work: Workspace, start: number, end: number, step: number): void;
  /**
   * Leaves in `work.result`: sum and weight of the rows at [start, end) as whole numbers, 1 unless all rows have the same
   * sum for their weight, and this quotient of the first.
   */
  sumTotals(work: Workspace, start: number, end: number, format: SumFormat): void;
  /**
   * Negative gradients of the log loss of the rows at [from, to). `classes` holds each row's class as a number. One output is
   * for two classes: class less probability of class 1; of several, each class has its own, by the softmax of the scores.
   */
  classGradients(
    scores: readonly Float64Array[],
    classes: Float64Array,
    gradients: readonly Float64Array[],
    from: number,
    to: number,
  ): void;
  /**
   * Leaves in `work.result`, of the rows at places [start, end): the sum of such gradients, and that of p (1 - p), which is
   * |g| (1 - |g|) whatever the class.
   */
  newtonSums(gradient: Float64Array, rows: Int32Array, work: Workspace, start: number, end: number): void;
  /** Moves positions whose bin is at most `lastLeft` to the front, in order; returns where the others begin. */
  partition(
    column: BinnedColumn,
    work: Workspace,
    start: number,
    end: number,
    lastLeft: number,
    width: 1 | 2,
  ): number;
}

/**
 * Sums in fixed point: a word of 64 bits holds (sum << weightBits) + weight, so that one integer addition adds both, exactly
 * and in any order.
 */
export interface SumFormat {
  readonly weightBits: number;
  /** A sum's real value is its integer times this. */
  readonly unit: number;
  /** A weight's real value is its integer times this. */
  readonly weightUnit: number;
}

export function classWord(code: number, weight: number): number {
  return (code | (weight << 16)) >>> 0;
}
