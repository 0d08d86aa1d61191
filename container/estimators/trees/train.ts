import type { NumericTable, TemplateContext } from '../../contract/template.ts';
import { stopIfAborted } from '../stop.ts';
import { Arena } from './arena.ts';
import { binColumns, EXACT_ROWS } from './binning.ts';
import type { BinnedColumn } from './binning.ts';
import { boost } from './boosting.ts';
import type { Boosted, BoostJob } from './boosting.ts';
import type { FinishedTree } from './ensemble.ts';
import { growForestTree } from './forest.ts';
import type { ForestJob } from './forest.ts';
import { plainKernels } from './plain-kernels.ts';
import { newWorkspace } from './workspace.ts';

type WithoutColumns<Job> = Omit<Job, 'columns'>;

/** Grows a forest (or a single tree) in this thread. */
export async function trainForest(
  features: NumericTable,
  job: WithoutColumns<ForestJob>,
  context: TemplateContext,
): Promise<FinishedTree[]> {
  const { arena, columns } = prepare(features, context);
  const classes = job.target.kind === 'classes' ? job.target.weights.length : 0;
  const work = newWorkspace(arena, columns, classes > 0 ? 1 : 2, classes > 0 ? classes : 2);
  const pause = pacer(context);
  const trees: FinishedTree[] = [];
  for (let t = 0; t < job.trees; t++) {
    trees.push(
      growForestTree({ ...job, columns }, t, work, plainKernels, () => stopIfAborted(context.signal)),
    );
    context.progress((t + 1) / job.trees, `tree ${t + 1} of ${job.trees}`);
    await pause();
  }
  return trees;
}

/** Boosts trees in this thread. */
export async function trainBoosting(
  features: NumericTable,
  job: WithoutColumns<BoostJob>,
  context: TemplateContext,
): Promise<Boosted> {
  const { arena, columns } = prepare(features, context);
  const work = newWorkspace(arena, columns, 2, 2);
  const pause = pacer(context);
  return boost(
    { ...job, columns },
    work,
    plainKernels,
    () => stopIfAborted(context.signal),
    (rounds) => {
      context.progress(rounds / job.rounds, `round ${rounds} of ${job.rounds}`);
      return pause();
    },
  );
}

function prepare(
  features: NumericTable,
  context: TemplateContext,
): { arena: Arena; columns: BinnedColumn[] } {
  stopIfAborted(context.signal);
  const arena = new Arena();
  const columns = binColumns(features, EXACT_ROWS, arena);
  stopIfAborted(context.signal);
  return { arena, columns };
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
