import type { BinnedColumn } from './columns.ts';
import type { Kernels, SideLimits, SumFormat, Workspace } from './kernels.ts';
import { negativeEntropy, squaresOverWeight } from './plain-kernels.ts';

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
  private readonly classWeights: Float64Array;

  constructor(
    readonly work: Workspace,
    private readonly kernels: Kernels,
    classWeights: Float64Array,
    private readonly limits: SideLimits,
    private readonly measure: 'gini' | 'entropy',
  ) {
    const count = classWeights.length;
    this.classWeights = work.classes.subarray(0, count);
    this.classWeights.set(classWeights);
    this.totals = work.classes.subarray(count, 2 * count);
  }

  enter(start: number, end: number): { weight: number; score: number; pure: boolean } {
    const { totals, classWeights } = this;
    this.kernels.classTotals(this.work, start, end);
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
    this.kernels.classSplit(column, this.work, start, end, this.limits, this.measure);
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
    const { result } = this.work;
    this.kernels.sumTotals(this.work, start, end, this.format);
    this.sum = result[0] * this.format.unit;
    this.weight = result[1] * this.format.weightUnit;
    return { weight: this.weight, score: (this.sum * this.sum) / this.weight, pure: result[2] === 0 };
  }

  split(column: BinnedColumn, start: number, end: number): void {
    this.kernels.sumSplit(column, this.work, start, end, this.format, this.sum, this.weight, this.limits);
  }
}
