import { setTimeout as sleep } from 'node:timers/promises';
import type { ContainerStats } from './types.ts';

/** What is used of the engine's answer. */
export interface RawStats {
  readonly read: string;
  readonly cpu_stats: { readonly cpu_usage: { readonly total_usage: number } };
  readonly memory_stats: {
    readonly usage?: number;
    readonly limit?: number;
    readonly stats?: { readonly inactive_file?: number; readonly total_inactive_file?: number };
  };
  readonly pids_stats: { readonly current?: number };
}

const BETWEEN_MS = 200;

/** Two looks, a fifth of a second apart: the engine's own comparison takes a whole one. */
export async function useStats(look: () => Promise<RawStats>, pidsLimit: number): Promise<ContainerStats> {
  const first = await look();
  await sleep(BETWEEN_MS);
  const second = await look();
  const elapsedNs = (Date.parse(second.read) - Date.parse(first.read)) * 1e6;
  const usedNs = second.cpu_stats.cpu_usage.total_usage - first.cpu_stats.cpu_usage.total_usage;
  const memory = second.memory_stats;
  // Pages of files that the kernel may drop at any time are not in use; cgroup 2 and 1 name them differently.
  const reclaimable = memory.stats?.inactive_file ?? memory.stats?.total_inactive_file ?? 0;
  return {
    cpu: elapsedNs > 0 ? Math.max(0, usedNs / elapsedNs) : 0,
    memoryBytes: Math.max(0, (memory.usage ?? 0) - reclaimable),
    memoryLimitBytes: memory.limit ?? 0,
    pids: second.pids_stats.current ?? 0,
    pidsLimit,
  };
}
