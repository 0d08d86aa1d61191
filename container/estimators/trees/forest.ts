import type { BinnedColumn } from './columns.ts';
import { ClassCriterion, SumCriterion } from './criterion.ts';
import type { Criterion } from './criterion.ts';
import type { FinishedTree } from './ensemble.ts';
import { classShares, classSums, finishTree, numberSums } from './finish-tree.ts';
import { growTree } from './grow.ts';
import type { GrowLimits } from './grow-limits.ts';
import { HistogramNodes } from './histogram-nodes.ts';
import { NodeByNode } from './node-by-node.ts';
import { classWord } from './kernels.ts';
import type { SideLimits, SumFormat } from './kernels.ts';
import { pruneTree } from './prune.ts';
import { Random } from './random.ts';
import { RandomCutSearch } from './random-cut-search.ts';
import { SampledSearch } from './sampled-search.ts';
import type { NodeWork, SplitSearch } from './split.ts';
import { chooseFormat, packWord } from './sums.ts';
import type { GrowTools } from './tools.ts';

export type ForestTarget =
  | {
      readonly kind: 'classes';
      readonly codes: Int32Array;
      readonly weights: Float64Array;
      /** Weights are balanced anew over the rows drawn for each tree. */
      readonly balancedEachTree: boolean;
      readonly measure: 'gini' | 'entropy';
    }
  | { readonly kind: 'number'; readonly values: Float64Array };

/** All that a thread needs to grow trees of a forest: plain data and views of one shared memory. */
export interface ForestJob {
  readonly columns: readonly BinnedColumn[];
  readonly target: ForestTarget;
  readonly trees: number;
  readonly bootstrap: boolean;
  readonly seed: number;
  readonly maxFeatures: number;
  readonly splitter: 'best' | 'random';
  readonly limits: Omit<GrowLimits, 'minWeightLeaf'>;
  readonly minWeightShare: number;
  readonly ccpAlpha: number;
}

/** Grows tree number `index`: what it becomes depends on the job and this number alone, not on the thread. */
export function growForestTree(job: ForestJob, index: number, tools: GrowTools): FinishedTree {
  const random = Random.forPart(job.seed, index);
  const times = job.bootstrap ? drawTimes(job.columns[0].codes.length, random) : null;
  const { target } = job;
  const grown =
    target.kind === 'classes'
      ? growClassTree(job, target, times, random, tools)
      : growNumberTree(job, target.values, times, random, tools);
  return job.ccpAlpha > 0 ? pruneTree(grown, job.ccpAlpha) : grown;
}

/** How often each row is drawn, in as many draws as there are rows. */
function drawTimes(rows: number, random: Random): Uint16Array {
  const times = new Uint16Array(rows);
  for (let i = 0; i < rows; i++) times[random.below(rows)]++;
  return times;
}

function growClassTree(
  job: ForestJob,
  target: Extract<ForestTarget, { kind: 'classes' }>,
  times: Uint16Array | null,
  random: Random,
  tools: GrowTools,
): FinishedTree {
  const { work, kernels } = tools;
  const { codes } = target;
  const weights = target.balancedEachTree ? balanced(codes, times, target.weights) : target.weights;
  let rows = 0;
  let total = 0;
  for (let row = 0; row < codes.length; row++) {
    const drawn = times ? times[row] : 1;
    if (drawn === 0 || weights[codes[row]] === 0) continue;
    work.rows[rows] = row;
    work.payload[rows++] = classWord(codes[row], drawn);
    total += drawn * weights[codes[row]];
  }
  const limits = { ...job.limits, minWeightLeaf: job.minWeightShare * total };
  const uneven = times !== null || weights.some((weight) => weight !== 1);
  const criterion = new ClassCriterion(work, kernels, weights, sideLimits(limits, uneven), target.measure);
  const search = searchOf(job, criterion, random);
  const nodes = new NodeByNode(job.columns, criterion, search, limits, kernels);
  const tree = growTree(rows, job.columns, nodes, limits, tools);
  const sums = classSums(tree, work, weights);
  return finishTree(tree, job.columns.length, weights.length, sums, classShares(weights.length));
}

function growNumberTree(
  job: ForestJob,
  values: Float64Array,
  times: Uint16Array | null,
  random: Random,
  tools: GrowTools,
): FinishedTree {
  const { work } = tools;
  const centre = centreOf(values);
  let greatest = 0;
  for (const value of values) greatest = Math.max(greatest, Math.abs(value - centre));
  const format = chooseFormat(greatest, values.length, true);
  let rows = 0;
  for (let row = 0; row < values.length; row++) {
    const drawn = times ? times[row] : 1;
    if (drawn === 0) continue;
    work.rows[rows] = row;
    packWord(work.payload, rows++, (values[row] - centre) * drawn, drawn, format);
  }
  const limits = { ...job.limits, minWeightLeaf: job.minWeightShare * values.length };
  const nodes = numberNodes(job, format, limits, times !== null, random, tools);
  const tree = growTree(rows, job.columns, nodes, limits, tools);
  const sums = numberSums(tree, work, format, values);
  const mean = new Float64Array(tree.nodes);
  const finished = finishTree(tree, job.columns.length, 2, sums, (s, node) => {
    mean[node] = s[2 * node + 1] / s[2 * node];
  });
  return { ...finished, values: mean };
}

function numberNodes(
  job: ForestJob,
  format: SumFormat,
  limits: GrowLimits,
  drawn: boolean,
  random: Random,
  { work, kernels, pool, team }: GrowTools,
): NodeWork {
  const { columns } = job;
  const sides = sideLimits(limits, drawn);
  if (pool) return new HistogramNodes(columns, work, format, pool, limits, sides, kernels, team, !drawn);
  const criterion = new SumCriterion(work, kernels, format, sides);
  const search = searchOf(job, criterion, random);
  return new NodeByNode(columns, criterion, search, limits, kernels);
}

function searchOf(
  { columns, maxFeatures, splitter }: ForestJob,
  criterion: Criterion,
  random: Random,
): SplitSearch {
  if (splitter === 'best') return new SampledSearch(columns, criterion, maxFeatures, random);
  return new RandomCutSearch(columns, criterion, maxFeatures, random, criterion.work.halves);
}

export function sideLimits(limits: GrowLimits, rowsAreNotWeights: boolean): SideLimits {
  return {
    minRows: limits.minSamplesLeaf,
    minWeight: limits.minWeightLeaf,
    countRows: rowsAreNotWeights && limits.minSamplesLeaf > 1,
  };
}

/** What is taken off the target so that sums stay small; a whole number where the values are far apart, to keep theirs whole. */
function centreOf(values: Float64Array): number {
  let low = Infinity;
  let high = -Infinity;
  let sum = 0;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
    sum += value;
  }
  const mean = sum / values.length;
  return high - low > 8 ? Math.round(mean) : mean;
}

/** Weights that make the classes drawn count alike: rows / (classes × rows of the class). */
function balanced(codes: Int32Array, times: Uint16Array | null, like: Float64Array): Float64Array {
  const counts = new Float64Array(like.length);
  for (let row = 0; row < codes.length; row++) counts[codes[row]] += times ? times[row] : 1;
  const present = counts.filter((count) => count > 0).length;
  return counts.map((count) => (count > 0 ? codes.length / (present * count) : 1));
}
