/** The program of a training thread: grows trees on memory that it shares with the fit that started it. */
import { parentPort } from 'node:worker_threads';
import { boost } from './trees/boosting.ts';
import { growForestTree } from './trees/forest.ts';
import { ALONE, teamMember } from './trees/team.ts';
import type { ThreadNews, ThreadOrder } from './trees/threads.ts';
import { wasmKernels } from './trees/wasm-kernels.ts';

const tell = (news: ThreadNews): void => parentPort?.postMessage(news);

async function carryOut(order: ThreadOrder): Promise<void> {
  // Threads are ended from outside: nothing to ask at checkpoints.
  const tools = {
    work: order.work,
    pool: order.pool,
    kernels: wasmKernels(order.memory),
    checkpoint: () => undefined,
  };
  if (order.kind === 'forest') {
    const { job, next } = order;
    for (let index; (index = Atomics.add(next, 0, 1)) < job.trees;) {
      tell({ kind: 'tree', index, tree: growForestTree(job, index, { ...tools, team: ALONE }) });
    }
  } else {
    const { job, numbers, thread, threads } = order;
    const team = teamMember(order.team, thread, threads);
    // Every thread arrives at the same trees: one reports them.
    const boosted = await boost(job, { ...tools, team }, numbers, (rounds) => {
      if (thread === 0) tell({ kind: 'round', rounds });
    });
    if (thread === 0) tell({ kind: 'boosted', boosted });
  }
  tell({ kind: 'done' });
}

// One order after another: what was compiled for one fit serves the next.
parentPort?.on('message', carryOut);
