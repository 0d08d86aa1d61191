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
import { histogramsFit, newHistogramPool } from './histogram-search.ts';
import type { HistogramPool } from './histogram-search.ts';
import { newLockstepMemory } from './lockstep.ts';
import { runThreads } from './threads.ts';
import { ALONE } from './tools.ts';
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
  const rowsAreNotWeights = job.bootstrap && job.limits.minSamplesLeaf > 1;
  const leaves = mostLeaves(job.limits, features.rows);
  const pooled =
    classes === 0 &&
    job.maxFeatures >= columns.length &&
    !rowsAreNotWeights &&
    features.rows > EXACT_ROWS &&
    histogramsFit(columns);
  const newTools = () => ({
    work: newWorkspace(arena, columns, classes),
    pool: pooled ? newHistogramPool(arena, columns, 0, columns.length, leaves) : null,
  });
  if (visits(features.rows, job.maxFeatures, job.limits.maxDepth, job.trees) >= THREADS_FROM) {
    const next = new Int32Array(new SharedArrayBuffer(4));
    const threads = Math.max(1, Math.min(context.threads, job.trees));
    const orders = Array.from({ length: threads }, () => ({
      kind: 'forest' as const,
      job,
      next,
      ...newTools(),
    }));
    await runThreads(
      orders.map((order) => ({ ...order, memory: arena.memory })),
      context.signal,
      (news) => news.kind === 'tree' && keep(news.index, news.tree),
    );
    return trees;
  }
  const tools = {
    ...newTools(),
    kernels: wasmKernels(arena.memory),
    ...ALONE,
    checkpoint: () => stopIfAborted(context.signal),
  };
  for (let index = 0; index < job.trees; index++) {
    keep(index, growForestTree(job, index, tools));
    await pause();
  }
  return trees;
}

/** Boosts trees. Threads share the columns of each tree among them, as one tree needs the one before. */
export async function trainBoosting(
  features: NumericTable,
  given: WithoutColumns<BoostJob>,
  context: TemplateContext,
): Promise<Boosted> {
  const pause = pacer(context);
  const arena = new Arena();
  const columns = await binAll(features, EXACT_ROWS, arena, pause);
  const job: BoostJob = { ...given, columns };
  const { target } = job;
  const outputs = target.kind === 'classes' && target.weights.length > 2 ? target.weights.length : 1;
  const weighted = target.kind === 'classes' && target.weights.some((weight) => weight !== 1);
  const pooled =
    job.maxFeatures >= columns.length &&
    !(weighted && job.limits.minSamplesLeaf > 1) &&
    features.rows > EXACT_ROWS &&
    histogramsFit(columns);
  const gradients = arena.doubles(features.rows * outputs);
  const toolsOf = (thread: number, threads: number) => {
    const [first, end] = [thread, thread + 1].map((t) => Math.floor((t * columns.length) / threads));
    const leaves = mostLeaves(job.limits, features.rows);
    return {
      work: newWorkspace(arena, columns, 0),
      pool: pooled ? newHistogramPool(arena, columns, first, end, leaves) : (null as HistogramPool | null),
      numbers: { gradients, scores: arena.doubles(features.rows * outputs) },
    };
  };
  const told = teller(context);
  if (visits(features.rows, job.maxFeatures, job.limits.maxDepth, job.rounds * outputs) >= THREADS_FROM) {
    // By chance drawn features are tried by one thread alone.
    const all = job.maxFeatures >= columns.length;
    const threads = all ? Math.max(1, Math.min(context.threads, columns.length)) : 1;
    const lockstep = newLockstepMemory(threads);
    const shares = Array.from({ length: threads }, (_, thread) => ({ thread, ...toolsOf(thread, threads) }));
    let boosted: Boosted | undefined;
    await runThreads(
      shares.map((share) => ({
        kind: 'boosting' as const,
        ...share,
        job,
        threads,
        lockstep,
        memory: arena.memory,
      })),
      context.signal,
      (news) => {
        if (news.kind === 'round') told(news.rounds, job.rounds, 'round');
        else if (news.kind === 'boosted') boosted = news.boosted;
      },
    );
    return boosted as Boosted;
  }
  const { numbers, ...own } = toolsOf(0, 1);
  const tools = {
    ...own,
    kernels: wasmKernels(arena.memory),
    ...ALONE,
    checkpoint: () => stopIfAborted(context.signal),
  };
  return boost(job, tools, numbers, (rounds) => {
    told(rounds, job.rounds, 'round');
    return pause();
  });
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
