import type { NumericTable, TemplateContext } from '../../contract/template.ts';
import { stopIfAborted } from '../stop.ts';
import { Arena } from './arena.ts';
import { Binner } from './binning.ts';
import type { BinnedColumn } from './columns.ts';
import { boost } from './boosting.ts';
import type { Boosted, BoostJob } from './boosting.ts';
import type { FinishedTree } from './ensemble.ts';
import { growForestTree } from './forest.ts';
import type { ForestJob } from './forest.ts';
import { codeBlocks, histogramsFit, newHistogramPool } from './histogram-pool.ts';
import { TrainingThreads } from './threads.ts';
import { ALONE, newTeamMemory } from './team.ts';
import { wasmKernels } from './wasm-kernels.ts';
import { newWorkspace } from './workspace.ts';

/** Rows up to which every distinct value has its own bin, so that splits are exact; codes of 16 bits can hold them. */
const EXACT_ROWS = 50_000;
/** Visits of a cell (row, feature, level, tree) from which threads are worth their start. */
const THREADS_FROM = 3e7;
/** Levels that a tree without a limit is reckoned with. */
const USUAL_DEPTH = 10;

type WithoutColumns<Job> = Omit<Job, 'columns'>;

/** Grows a forest, or a single tree: trees in the order of their numbers. */
export async function trainForest(
  features: NumericTable,
  given: WithoutColumns<ForestJob>,
  context: TemplateContext,
): Promise<FinishedTree[]> {
  const { maxFeatures, limits, trees: count } = given;
  const threaded = visits(features.rows, maxFeatures, limits.maxDepth, count) >= THREADS_FROM;
  const threads = threaded ? Math.max(1, Math.min(context.threads, count)) : 0;
  return withThreads(threads, async (started) => {
    const pause = pacer(context);
    const arena = new Arena();
    const columns = await binAll(features, EXACT_ROWS, arena, pause);
    const job: ForestJob = { ...given, columns };
    const trees: FinishedTree[] = new Array(job.trees);
    let done = 0;
    const told = teller(context);
    const keep = (index: number, tree: FinishedTree): void => {
      trees[index] = tree;
      done++;
      told(done, job.trees, 'tree');
    };
    const classes = job.target.kind === 'classes' ? job.target.weights.length : 0;
    const rowsAreNotWeights = job.bootstrap && limits.minSamplesLeaf > 1;
    const byChance = given.splitter === 'random';
    const pooled = classes === 0 && !rowsAreNotWeights && !byChance && canPool(columns, maxFeatures);
    const codes = pooled ? codeBlocks(arena, columns) : null;
    const newTools = () => ({
      work: newWorkspace(arena, columns, classes, byChance),
      pool: codes && newHistogramPool(arena, columns, codes, limits, 1),
    });
    if (started) {
      const next = new Int32Array(new SharedArrayBuffer(4));
      const orders = Array.from({ length: threads }, () => ({
        kind: 'forest' as const,
        job,
        next,
        ...newTools(),
      }));
      await started.run(
        orders.map((order) => ({ ...order, memory: arena.memory })),
        context.signal,
        (news) => news.kind === 'tree' && keep(news.index, news.tree),
      );
      return trees;
    }
    const tools = {
      ...newTools(),
      kernels: wasmKernels(arena.memory),
      team: ALONE,
      checkpoint: () => stopIfAborted(context.signal),
    };
    for (let index = 0; index < job.trees; index++) {
      keep(index, growForestTree(job, index, tools));
      await pause();
    }
    return trees;
  });
}

/** Boosts trees. Threads share the rows or the columns of each tree among them, as one tree needs the one before. */
export async function trainBoosting(
  features: NumericTable,
  given: WithoutColumns<BoostJob>,
  context: TemplateContext,
): Promise<Boosted> {
  const { target, maxFeatures, limits, rounds } = given;
  const width = features.columns.length;
  const outputs = target.kind === 'classes' && target.weights.length > 2 ? target.weights.length : 1;
  const threaded = visits(features.rows, maxFeatures, limits.maxDepth, rounds * outputs) >= THREADS_FROM;
  // By chance drawn features are tried by one thread alone.
  const threads = maxFeatures >= width ? Math.max(1, Math.min(context.threads, width)) : 1;
  return withThreads(threaded ? threads : 0, async (started) => {
    const pause = pacer(context);
    const arena = new Arena();
    const columns = await binAll(features, EXACT_ROWS, arena, pause);
    const job: BoostJob = { ...given, columns };
    const weighted = target.kind === 'classes' && target.weights.some((weight) => weight !== 1);
    const pooled = !(weighted && limits.minSamplesLeaf > 1) && canPool(columns, maxFeatures);
    const team = started ? threads : 1;
    const pool = pooled ? newHistogramPool(arena, columns, codeBlocks(arena, columns), limits, team) : null;
    const nodes = 2 * mostLeaves(limits, features.rows);
    const classes = arena.doubles(target.kind === 'classes' ? features.rows : 0);
    if (target.kind === 'classes') classes.set(target.codes);
    const numbers = {
      classes,
      scores: arena.doubles(features.rows * outputs),
      gradients: arena.doubles(features.rows * outputs),
      values: arena.doubles(nodes),
      leaves: { rows: arena.integers(features.rows), counts: arena.integers(nodes * team) },
    };
    const told = teller(context);
    /** Rows go through the trees as they are grown: in the end each has the score that the trees give it. */
    const handOver = (boosted: Boosted): Boosted => {
      context.scored?.(
        Array.from(boosted.base, (_, k) => numbers.scores.slice(k * features.rows, (k + 1) * features.rows)),
      );
      return boosted;
    };
    if (started) {
      const memory = newTeamMemory(team);
      const works = Array.from({ length: team }, () => newWorkspace(arena, columns, 0));
      let boosted: Boosted | undefined;
      await started.run(
        works.map((work, thread) => ({
          kind: 'boosting',
          memory: arena.memory,
          work,
          pool,
          job,
          numbers,
          thread,
          threads: team,
          team: memory,
        })),
        context.signal,
        (news) => {
          if (news.kind === 'round') told(news.rounds, job.rounds, 'round');
          else if (news.kind === 'boosted') boosted = news.boosted;
        },
      );
      return handOver(boosted as Boosted);
    }
    const tools = {
      work: newWorkspace(arena, columns, 0),
      pool,
      kernels: wasmKernels(arena.memory),
      team: ALONE,
      checkpoint: () => stopIfAborted(context.signal),
    };
    return handOver(
      await boost(job, tools, numbers, (done) => {
        told(done, job.rounds, 'round');
        return pause();
      }),
    );
  });
}

/** Starts so many threads, none for 0, and ends them in any case. */
async function withThreads<Found>(
  count: number,
  work: (started: TrainingThreads | null) => Promise<Found>,
): Promise<Found> {
  const started = count > 0 ? new TrainingThreads(count) : null;
  try {
    return await work(started);
  } finally {
    await started?.end();
  }
}

/** Whether histograms of the columns can be kept between the nodes of a tree, and are worth it. */
function canPool(columns: readonly BinnedColumn[], maxFeatures: number): boolean {
  return maxFeatures >= columns.length && columns[0].codes.length > EXACT_ROWS && histogramsFit(columns);
}

async function binAll(
  features: NumericTable,
  exactRows: number,
  arena: Arena,
  pause: () => Promise<void>,
): Promise<BinnedColumn[]> {
  const binner = new Binner(features.rows, exactRows, arena, wasmKernels(arena.memory));
  const columns: BinnedColumn[] = [];
  for (const column of features.columns) {
    columns.push(binner.bin(column));
    await pause();
  }
  return columns;
}

function visits(rows: number, features: number, depth: number, trees: number): number {
  return rows * features * Math.min(depth, USUAL_DEPTH) * trees;
}

function mostLeaves(limits: { maxDepth: number; maxLeafNodes: number }, rows: number): number {
  return Math.min(limits.maxLeafNodes, 2 ** Math.min(limits.maxDepth, 30), rows);
}

/** Lets the event loop turn now and then, so that a cancellation sent as a message is seen. */
function pacer(context: TemplateContext): () => Promise<void> {
  const EVERY_MS = 50;
  let last = Date.now();
  return async () => {
    if (Date.now() - last >= EVERY_MS) {
      await new Promise((resolve) => setImmediate(resolve));
      last = Date.now();
    }
    stopIfAborted(context.signal);
  };
}

/** Tells of progress, at most a few times a second. */
function teller(context: TemplateContext): (done: number, of: number, what: string) => void {
  const EVERY_MS = 100;
  let last = 0;
  return (done, of, what) => {
    if (Date.now() - last < EVERY_MS && done < of) return;
    last = Date.now();
    context.progress(done / of, `${what} ${done} of ${of}`);
  };
}
