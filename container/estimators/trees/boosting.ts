import type { BinnedColumn } from './columns.ts';
import { SumCriterion } from './criterion.ts';
import type { FinishedTree } from './ensemble.ts';
import { toArrays } from './finish-tree.ts';
import { sideLimits } from './forest.ts';
import { growTree } from './grow.ts';
import type { GrowLimits } from './grow-limits.ts';
import type { GrownTree } from './grown-tree.ts';
import { HistogramNodes } from './histogram-nodes.ts';
import { gatherLeaves } from './leaf-rows.ts';
import type { LeafMemory, LeafRows } from './leaf-rows.ts';
import { exponentialLoss, huberLoss, logLoss, quantileLoss, squaredErrorLoss } from './losses.ts';
import type { Loss, LossTools, RowWeights } from './losses.ts';
import { NodeByNode } from './node-by-node.ts';
import { pruneTree } from './prune.ts';
import { Random } from './random.ts';
import { ColumnSearch, SampledSearch } from './sampled-search.ts';
import { chooseFormat, packWord } from './sums.ts';
import type { Team } from './team.ts';
import type { GrowTools } from './tools.ts';

export type BoostTarget =
  | {
      readonly kind: 'classes';
      readonly loss: 'log_loss' | 'exponential';
      readonly codes: Int32Array;
      readonly weights: Float64Array;
    }
  | {
      readonly kind: 'number';
      readonly loss: 'squared_error' | 'absolute_error' | 'huber' | 'quantile';
      readonly values: Float64Array;
      /** The quantile of `huber` and `quantile`. */
      readonly alpha: number;
    };

export interface BoostJob {
  readonly columns: readonly BinnedColumn[];
  readonly target: BoostTarget;
  readonly rounds: number;
  readonly learningRate: number;
  /** Share of the rows that each round learns from. */
  readonly subsample: number;
  readonly seed: number;
  readonly maxFeatures: number;
  readonly limits: Omit<GrowLimits, 'minWeightLeaf'>;
  readonly minWeightShare: number;
  readonly ccpAlpha: number;
}

/** What all threads share, in the memory of the kernels. */
export interface BoostMemory {
  /** A number a row and output each. */
  readonly scores: Float64Array;
  readonly gradients: Float64Array;
  /** Each row's class as a number; empty without classes. */
  readonly classes: Float64Array;
  /** A number a node of the tree. */
  readonly values: Float64Array;
  readonly leaves: LeafMemory;
}

export interface Boosted {
  readonly outputs: number;
  readonly base: Float64Array;
  /** Round after round; in a round one tree an output. Leaf values before the learning rate. */
  readonly trees: FinishedTree[];
}

function lossOf(target: BoostTarget, weights: RowWeights, tools: LossTools): Loss {
  if (target.kind === 'number') {
    const { loss, values, alpha } = target;
    if (loss === 'squared_error') return squaredErrorLoss(values);
    if (loss === 'huber') return huberLoss(values, alpha);
    return loss === 'quantile' ? quantileLoss(values, alpha, false) : quantileLoss(values, 0.5, true);
  }
  return target.loss === 'exponential'
    ? exponentialLoss(target.codes, weights)
    : logLoss(target.codes, target.weights.length, weights, tools);
}

/**
 * Gradient boosting as scikit-learn's GradientBoosting* defines it: each tree learns the negative gradient by squared error,
 * then its leaves get the values that lower the loss most.
 *
 * @param afterRound Called with the number of rounds done; may wait, and throws to end the work.
 */
export async function boost(
  job: BoostJob,
  tools: GrowTools,
  memory: BoostMemory,
  afterRound: (rounds: number) => void | Promise<void>,
): Promise<Boosted> {
  const { columns, target, subsample } = job;
  const { team } = tools;
  const rowCount = columns[0].codes.length;
  const weights = rowWeights(target);
  const loss = lossOf(target, weights, { ...tools, classes: memory.classes });
  const base = loss.initial();
  const ofOutput = (numbers: Float64Array, k: number) => numbers.subarray(k * rowCount, (k + 1) * rowCount);
  const [from, to] = team.share(rowCount);
  const scores = Array.from(base, (value, k) => ofOutput(memory.scores, k).fill(value, from, to));
  const gradients = scores.map((_, k) => ofOutput(memory.gradients, k));
  const usable = usableRows(rowCount, weights);
  const trees: FinishedTree[] = [];
  for (let round = 0; round < job.rounds; round++) {
    const random = Random.forPart(job.seed, round);
    const rows =
      subsample < 1 ? drawRows(usable, Math.max(1, Math.floor(subsample * rowCount)), random) : usable;
    // Scores and gradients are shared: each thread makes its part once all are there and nobody reads the last ones.
    team.meet();
    loss.negativeGradients(scores, gradients, rows, from, to);
    team.meet();
    for (let k = 0; k < loss.outputs; k++) {
      const grown = growRound(job, rows, gradients[k], weights, random, tools);
      const pruned = job.ccpAlpha > 0;
      const values = nodeValues(grown, pruned, loss, gradients[k], scores[k], k, memory, tools);
      let tree = toArrays(grown, columns.length, values);
      if (pruned) tree = pruneTree(tree, job.ccpAlpha);
      // Rows that the tree was grown on lie leaf by leaf; others have to walk.
      if (pruned || rows.length < rowCount) walk(tree, columns, scores[k], job.learningRate, from, to);
      else addLeaves(grown, values, scores[k], tools, job.learningRate);
      trees.push(tree);
    }
    await afterRound(round + 1);
  }
  return { outputs: loss.outputs, base, trees };
}

function rowWeights(target: BoostTarget): RowWeights {
  if (target.kind === 'number' || target.weights.every((weight) => weight === 1)) return null;
  return Float64Array.from(target.codes, (code) => target.weights[code]);
}

function usableRows(rowCount: number, weights: RowWeights): Int32Array {
  const all = Int32Array.from({ length: rowCount }, (_, row) => row);
  return weights ? all.filter((row) => weights[row] > 0) : all;
}

/** So many rows without replacement, in their order. */
function drawRows(rows: Int32Array, count: number, random: Random): Int32Array {
  const drawn = new Int32Array(Math.min(count, rows.length));
  let taken = 0;
  for (let i = 0; i < rows.length && taken < drawn.length; i++) {
    if (random.below(rows.length - i) < drawn.length - taken) drawn[taken++] = rows[i];
  }
  return drawn;
}

function growRound(
  job: BoostJob,
  rows: Int32Array,
  gradient: Float64Array,
  weights: RowWeights,
  random: Random,
  tools: GrowTools,
): GrownTree {
  const { work, kernels, pool, team } = tools;
  const { columns, maxFeatures } = job;
  // With histograms threads share the rows of each tree, else its columns.
  const own = pool ? rows.subarray(...team.share(rows.length)) : rows;
  work.rows.set(own);
  let greatest = 0;
  for (const [size] of team.exchange([kernels.greatestSize(gradient, work, own.length)]))
    greatest = Math.max(greatest, size);
  const total = weights ? rows.reduce((sum, row) => sum + weights[row], 0) : rows.length;
  const format = chooseFormat(greatest, total, weights === null);
  if (weights === null) kernels.packSums(gradient, work, own.length, format);
  else {
    own.forEach((row, i) => packWord(work.payload, i, gradient[row] * weights[row], weights[row], format));
  }
  const limits = { ...job.limits, minWeightLeaf: job.minWeightShare * total };
  const sides = sideLimits(limits, weights !== null);
  if (pool) {
    const nodes = new HistogramNodes(
      columns,
      work,
      format,
      pool,
      limits,
      sides,
      kernels,
      team,
      weights === null,
    );
    return growTree(own.length, columns, nodes, limits, tools);
  }
  const criterion = new SumCriterion(work, kernels, format, sides);
  const search =
    maxFeatures < columns.length
      ? new SampledSearch(columns, criterion, maxFeatures, random)
      : new ColumnSearch(columns, criterion, team);
  return growTree(
    own.length,
    columns,
    new NodeByNode(columns, criterion, search, limits, kernels),
    limits,
    tools,
  );
}

/**
 * The value of each leaf; with `all`, also what inner nodes would have if they were leaves, as pruning may make them. Each
 * thread works out some.
 */
function nodeValues(
  tree: GrownTree,
  all: boolean,
  loss: Loss,
  gradient: Float64Array,
  scores: Float64Array,
  output: number,
  { values, leaves }: BoostMemory,
  { work, pool, team }: GrowTools,
): Float64Array {
  const found: LeafRows =
    pool && team.threads > 1
      ? gatherLeaves(tree, work.rows, leaves, team)
      : { rows: work.rows, start: tree.start, end: tree.end };
  for (let node = 0; node < tree.nodes; node++) {
    const [start, end] = [found.start[node], found.end[node]];
    if (!isOwn(start, end, tree.rows[0], team)) continue;
    const wanted = all || tree.feature[node] < 0;
    values[node] = wanted ? loss.leafValue(gradient, scores, output, found.rows, start, end) : 0;
  }
  team.meet();
  return values.slice(0, tree.nodes);
}

/** Whether the node's values are this thread's to work out: by the place of its middle row, so that all have as much to do. */
function isOwn(start: number, end: number, rows: number, { thread, threads }: Team): boolean {
  return Math.min(threads - 1, Math.floor((((start + end) / 2) * threads) / rows)) === thread;
}

/** Adds the leaves' values to the scores of the rows that the tree was grown on; threads that have the same rows share the leaves. */
function addLeaves(
  tree: GrownTree,
  values: Float64Array,
  scores: Float64Array,
  { kernels, work, pool, team }: GrowTools,
  rate: number,
): void {
  for (let node = 0; node < tree.nodes; node++) {
    if (tree.feature[node] >= 0) continue;
    const [start, end] = [tree.start[node], tree.end[node]];
    if (pool || isOwn(start, end, tree.rows[0], team))
      kernels.addStep(scores, work, start, end, values[node] * rate);
  }
}

/** Walks by the bins' least values, which are the values themselves where each has its own bin. */
function walk(
  tree: FinishedTree,
  columns: readonly BinnedColumn[],
  scores: Float64Array,
  rate: number,
  from: number,
  to: number,
): void {
  for (let row = from; row < to; row++) {
    let node = 0;
    while (tree.feature[node] >= 0) {
      const { codes, low } = columns[tree.feature[node]];
      node = low[codes[row]] <= tree.threshold[node] ? tree.left[node] : tree.left[node] + 1;
    }
    scores[row] += tree.values[node] * rate;
  }
}
