import type { Arena } from './arena.ts';
import type { BinnedColumn } from './columns.ts';
import type { Kernels } from './kernels.ts';
import { Random } from './random.ts';
import { sortFloats } from './sort-floats.ts';

/** Bins of a feature with more rows than `exactRows`, by quantiles. */
const QUANTILE_BINS = 255;
/** Bins that a code of 8 bits can tell apart. */
const BYTE_BINS = 256;
/** Rows from which quantiles are taken. */
const SAMPLE_ROWS = 30_000;

/** Sorts features of so many rows into bins, one after another. */
export class Binner {
  private readonly values: Float32Array;
  private readonly edges: Float32Array;
  private readonly low: Float32Array;
  private readonly high: Float32Array;
  /** The rows that quantiles are taken from, the same for every feature; null for all. */
  private readonly sample: Int32Array | null;

  /** @param exactRows Rows up to which every distinct value has its own bin, so that splits are exact; 65,536 at most. */
  constructor(
    private readonly rows: number,
    private readonly exactRows: number,
    private readonly arena: Arena,
    private readonly kernels: Pick<Kernels, 'codeValues'>,
  ) {
    this.values = arena.floats(rows);
    this.edges = arena.floats(BYTE_BINS);
    this.low = arena.floats(BYTE_BINS);
    this.high = arena.floats(BYTE_BINS);
    const random = new Random(rows);
    this.sample =
      rows <= SAMPLE_ROWS ? null : Int32Array.from({ length: SAMPLE_ROWS }, () => random.below(rows));
  }

  /** Bins one feature's values, as float32. */
  bin(column: Float64Array): BinnedColumn {
    // A loop: `set` takes several times as long to change the type.
    for (let row = 0; row < this.rows; row++) this.values[row] = column[row];
    if (this.rows > this.exactRows) return this.code(quantileEdges(this.sampled()));
    const edges = distinct(sortFloats(this.values.slice()));
    return edges.length <= BYTE_BINS ? this.code(edges) : this.codeExactly(edges);
  }

  private sampled(): Float32Array {
    if (!this.sample) return this.values.slice();
    const { sample, values } = this;
    const picked = new Float32Array(sample.length);
    for (let i = 0; i < sample.length; i++) picked[i] = values[sample[i]];
    return picked;
  }

  /** A value's bin is the first whose edge is not below it; values beyond the last edge join the last bin. */
  private code(edges: Float32Array): BinnedColumn {
    const bins = edges.length;
    const codes = this.arena.bytes(this.rows);
    this.edges.fill(Infinity);
    this.edges.set(edges.subarray(0, bins - 1));
    this.low.fill(Infinity);
    this.high.fill(-Infinity);
    this.kernels.codeValues(this.values, this.edges, codes, this.low, this.high);
    return { codes, bins, low: this.low.slice(0, bins), high: this.high.slice(0, bins) };
  }

  /** Every value is an edge. */
  private codeExactly(edges: Float32Array): BinnedColumn {
    const { values, rows } = this;
    const codes = this.arena.shorts(rows);
    for (let row = 0; row < rows; row++) {
      let from = 0;
      let to = edges.length - 1;
      while (from < to) {
        const middle = (from + to) >> 1;
        if (values[row] <= edges[middle]) to = middle;
        else from = middle + 1;
      }
      codes[row] = from;
    }
    return { codes, bins: edges.length, low: edges, high: edges };
  }
}

/** The distinct values of sorted ones. */
function distinct(sorted: Float32Array): Float32Array {
  let count = 0;
  for (let i = 0; i < sorted.length; i++) {
    if (count === 0 || sorted[i] !== sorted[count - 1]) sorted[count++] = sorted[i];
  }
  return sorted.slice(0, count);
}

/** Upper ends of the bins: the distinct values where they are few enough, else quantiles. */
function quantileEdges(sample: Float32Array): Float32Array {
  const sorted = sortFloats(sample);
  const quantiles: number[] = [];
  for (let b = 1; b < QUANTILE_BINS; b++) {
    const edge = sorted[Math.floor((b * sorted.length) / QUANTILE_BINS)];
    if (edge !== quantiles[quantiles.length - 1]) quantiles.push(edge);
  }
  // The greatest value ends the last bin, and needs no edge of its own.
  if (quantiles[quantiles.length - 1] === sorted[sorted.length - 1]) quantiles.pop();
  const few = distinct(sorted);
  return few.length <= QUANTILE_BINS ? few : Float32Array.from([...quantiles, Infinity]);
}
