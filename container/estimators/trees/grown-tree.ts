import type { Examined, GrowingNode } from './split.ts';

/** A tree while and after it grows: node by node, the right child directly behind the left one. */
export class GrownTree {
  /** -1 for a leaf. */
  readonly feature: number[] = [];
  readonly threshold: number[] = [];
  readonly left: number[] = [];
  readonly depth: number[] = [];
  /** Impurity that the node's split takes away, times its weight. */
  readonly gain: number[] = [];
  readonly rows: number[] = [];
  readonly weight: number[] = [];
  /** The criterion's score of the node, see `Criterion.enter`. */
  readonly score: number[] = [];
  /** The node's rows, or this thread's part of them, lie at [start, end) of the workspace that it was grown in. */
  readonly start: number[] = [];
  readonly end: number[] = [];

  get nodes(): number {
    return this.feature.length;
  }

  add(depth: number): number {
    this.feature.push(-1);
    this.threshold.push(0);
    this.left.push(-1);
    this.depth.push(depth);
    this.gain.push(0);
    this.rows.push(0);
    this.weight.push(0);
    this.score.push(0);
    this.start.push(0);
    this.end.push(0);
    return this.feature.length - 1;
  }

  measured({ id, start, end }: GrowingNode, { rows, weight, score }: Examined): void {
    this.start[id] = start;
    this.end[id] = end;
    this.rows[id] = rows;
    this.weight[id] = weight;
    this.score[id] = score;
  }

  /** Makes two children and returns the left one. */
  split(node: number, feature: number, threshold: number, gain: number, depth: number): number {
    const left = this.add(depth);
    this.add(depth);
    this.feature[node] = feature;
    this.threshold[node] = threshold;
    this.gain[node] = gain;
    this.left[node] = left;
    return left;
  }
}
