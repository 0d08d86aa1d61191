/** The program of a training thread: grows trees on memory that it shares with the fit that started it. */
import { parentPort, workerData } from 'node:worker_threads';
import { boost } from './trees/boosting.ts';
import { growForestTree } from './trees/forest.ts';
import { lockstep } from './trees/lockstep.ts';
import type { ThreadNews, ThreadOrder } from './trees/threads.ts';
import { ALONE } from './trees/tools.ts';
import { wasmKernels } from './trees/wasm-kernels.ts';

const order = workerData as ThreadOrder;
const tell = (news: ThreadNews): void => parentPort?.postMessage(news);

// Threads are ended from outside: nothing to ask at checkpoints.
const tools = {
  work: order.work,
  pool: order.pool,
  kernels: wasmKernels(order.memory),
  checkpoint: () => undefined,
};

if (order.kind === 'forest') {
  for (;;) {
    const index = Atomics.add(order.next, 0, 1);
    if (index >= order.job.trees) break;
    tell({
      kind: 'tree',
      index,
      tree: growForestTree(order.job, index, { ...tools, ...ALONE }),
    });
  }
} else {
  const { job, numbers, thread, threads } = order;
  const together = lockstep(order.lockstep, thread, threads);
  // Every thread arrives at the same trees: one reports them.
  const boosted = await boost(job, { ...tools, ...together }, numbers, (rounds) => {
    if (thread === 0) tell({ kind: 'round', rounds });
  });
  if (thread === 0) tell({ kind: 'boosted', boosted });
}
tell({ kind: 'done' });
