import type { BinnedColumn } from './binning.ts';
import type { Kernels, SideLimits, SumFormat, Workspace } from './kernels.ts';
import { negativeEntropy, squaresOverWeight } from './plain-kernels.ts';
import { wordSum, wordWeight } from './sums.ts';

/** What splits are judged by. It looks at one node at a time: `enter` it, then ask for the splits of its features. */
export interface Criterion {
  readonly payloadWidth: 1 | 2;
  readonly work: Workspace;
  /** Measures the rows at [start, end). `score` grows with purity; a split's gain is its proxy minus the node's score. */
  enter(start: number, end: number): { weight: number; score: number; pure: boolean };
  /** The feature's best boundary in the node entered last, left in `work.result`. */
  split(column: BinnedColumn, start: number, end: number): void;
}

/** Classes at both sides: Gini's index or entropy. Payload: class and how often the row was drawn. */
export class ClassCriterion implements Criterion {
  readonly payloadWidth = 1;
  private readonly totals: Float64Array;

  constructor(
    readonly work: Workspace,
    private readonly kernels: Kernels,
    private readonly classWeights: Float64Array,
    private readonly limits: SideLimits,
    private readonly measure: 'gini' | 'entropy',
  ) {
    this.totals = new Float64Array(classWeights.length);
  }

  enter(start: number, end: number): { weight: number; score: number; pure: boolean } {
    const { totals, classWeights } = this;
    const { payload } = this.work;
    totals.fill(0);
    for (let i = start; i < end; i++) totals[payload[i] & 0xffff] += payload[i] >>> 16;
    let weight = 0;
    let present = 0;
    for (let k = 0; k < totals.length; k++) {
      if (totals[k] > 0) present++;
      totals[k] *= classWeights[k];
      weight += totals[k];
    }
    const score = (this.measure === 'gini' ? squaresOverWeight : negativeEntropy)(totals, weight);
    return { weight, score, pure: present < 2 };
  }

  split(column: BinnedColumn, start: number, end: number): void {
    this.kernels.classSplit(
      column,
      this.work,
      start,
      end,
      this.classWeights,
      this.totals,
      this.limits,
      this.measure,
    );
  }
}

/** Squared error of a number at both sides. Payload: fixed-point sum and weight. */
export class SumCriterion implements Criterion {
  readonly payloadWidth = 2;
  private sum = 0;
  private weight = 0;

  constructor(
    readonly work: Workspace,
    private readonly kernels: Kernels,
    public format: SumFormat,
    private readonly limits: SideLimits,
  ) {}

  enter(start: number, end: number): { weight: number; score: number; pure: boolean } {
    const { payload } = this.work;
    const { weightBits, unit, weightUnit } = this.format;
    let sum = 0;
    let weight = 0;
    // Equal values may have different weights: what is compared is value = sum / weight of a row.
    const first = wordSum(payload, start, weightBits) / wordWeight(payload, start, weightBits);
    let pure = true;
    for (let i = start; i < end; i++) {
      const rowSum = wordSum(payload, i, weightBits);
      const rowWeight = wordWeight(payload, i, weightBits);
      sum += rowSum;
      weight += rowWeight;
      if (pure && rowSum / rowWeight !== first) pure = false;
    }
    this.sum = sum * unit;
    this.weight = weight * weightUnit;
    return { weight: this.weight, score: (this.sum * this.sum) / this.weight, pure };
  }

  split(column: BinnedColumn, start: number, end: number): void {
    this.kernels.sumSplit(column, this.work, start, end, this.format, this.sum, this.weight, this.limits);
  }
}
