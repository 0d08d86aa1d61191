import bytes from '#kernels/training.wasm';
import type { BinnedColumn } from './columns.ts';
import { BLOCK_COLUMNS, HISTOGRAM_WORDS } from './kernels.ts';
import type { Kernels, SideLimits, Workspace } from './kernels.ts';
import { plainKernels } from './plain-kernels.ts';

type Numeric = (...args: number[]) => number;

let compiled: WebAssembly.Module | undefined;

/** The kernels in AssemblyScript, working on this memory: every array given to them must be a view of it. */
export function wasmKernels(memory: WebAssembly.Memory): Kernels {
  compiled ??= new WebAssembly.Module(bytes);
  const run = new WebAssembly.Instance(compiled, { env: { memory } }).exports as Record<string, Numeric>;
  return {
    codeValues(values, edges, codes, low, high) {
      run.codeValues(
        values.byteOffset,
        values.length,
        edges.byteOffset,
        codes.byteOffset,
        low.byteOffset,
        high.byteOffset,
      );
    },

    classSplit(column, work, start, end, limits, measure) {
      // WebAssembly has no logarithm.
      if (measure !== 'gini') return plainKernels.classSplit(column, work, start, end, limits, measure);
      const classes = work.classes.length / 4;
      const weights = work.classes.byteOffset;
      (isBytes(column) ? run.classSplitBytes : run.classSplitShorts)(
        column.codes.byteOffset,
        column.bins,
        work.rows.byteOffset,
        work.payload.byteOffset,
        start,
        end,
        classes,
        ...scratch(work),
        weights,
        weights + 8 * classes,
        weights + 16 * classes,
        ...sides(limits),
        work.result.byteOffset,
      );
    },

    classTotals(work, start, end) {
      const classes = work.classes.length / 4;
      run.classTotals(work.payload.byteOffset, start, end, classes, work.classes.byteOffset + 8 * classes);
    },

    sumSplit(column, work, start, end, format, sum, weight, limits) {
      (isBytes(column) ? run.sumSplitBytes : run.sumSplitShorts)(
        column.codes.byteOffset,
        column.bins,
        work.rows.byteOffset,
        work.payload.byteOffset,
        start,
        end,
        ...scratch(work),
        format.weightBits,
        format.unit,
        format.weightUnit,
        sum,
        weight,
        ...sides(limits),
        work.result.byteOffset,
      );
    },

    sumHistograms(codes, work, start, end, histograms) {
      codes.blocks.forEach((block, b) => {
        run.sumHistograms(
          block.byteOffset,
          Math.min(BLOCK_COLUMNS, codes.columns - b * BLOCK_COLUMNS),
          work.rows.byteOffset,
          work.payload.byteOffset,
          start,
          end,
          histograms.byteOffset + b * BLOCK_COLUMNS * HISTOGRAM_WORDS * 4,
        );
      });
    },

    addHistograms(into, a, b) {
      run.addHistograms(into.byteOffset, a.byteOffset, b.byteOffset, into.byteLength);
    },

    subtractHistograms(whole, part) {
      run.subtractHistograms(whole.byteOffset, part.byteOffset, whole.byteLength);
    },

    scanSums(histograms, bins, first, end, work, format, sum, weight, least, most) {
      run.scanSums(
        histograms.byteOffset,
        bins.byteOffset,
        first,
        end,
        format.weightBits,
        sum,
        weight,
        least,
        most,
        2 ** 52,
        work.result.byteOffset,
      );
    },

    packSums(values, work, count, format) {
      run.packSums(
        values.byteOffset,
        work.rows.byteOffset,
        work.payload.byteOffset,
        count,
        format.weightBits,
        format.unit,
      );
    },

    greatestSize(values, work, count) {
      return run.greatestSize(values.byteOffset, work.rows.byteOffset, count);
    },

    addStep(scores, work, start, end, step) {
      run.addStep(scores.byteOffset, work.rows.byteOffset, start, end, step);
    },

    sumTotals(work, start, end, format) {
      run.sumTotals(work.payload.byteOffset, start, end, format.weightBits, work.result.byteOffset);
    },

    classGradients(scores, classes, gradients, from, to) {
      const [first, second] = scores;
      if (second === undefined)
        run.logisticGradients(first.byteOffset, classes.byteOffset, gradients[0].byteOffset, from, to);
      else
        run.softmaxGradients(
          first.byteOffset,
          second.byteOffset - first.byteOffset,
          scores.length,
          classes.byteOffset,
          gradients[0].byteOffset,
          from,
          to,
        );
    },

    newtonSums(gradient, rows, work, start, end) {
      run.newtonSums(gradient.byteOffset, rows.byteOffset, start, end, work.result.byteOffset);
    },

    partition(column, work, start, end, lastLeft, width) {
      return (isBytes(column) ? run.partitionBytes : run.partitionShorts)(
        column.codes.byteOffset,
        work.rows.byteOffset,
        work.payload.byteOffset,
        work.spareRows.byteOffset,
        work.sparePayload.byteOffset,
        start,
        end,
        lastLeft,
        width,
      );
    },
  };
}

function isBytes(column: BinnedColumn): boolean {
  return column.codes.BYTES_PER_ELEMENT === 1;
}

function scratch(work: Workspace): number[] {
  return [work.histogram.byteOffset, work.counts.byteOffset, work.marks.byteOffset, work.used.byteOffset];
}

function sides(limits: SideLimits): number[] {
  return [limits.minRows, limits.minWeight, limits.countRows ? 1 : 0];
}
