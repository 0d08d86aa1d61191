import { count, format, t } from '../../i18n/index.ts';
import type { Runtime } from './runtime.ts';

/** "4 runtimes: 2 running, 1 starting, 1 stopped": what there is and how many of each state. */
export function summaryOf(runtimes: readonly Runtime[]): string {
  const of = (...states: string[]): number => runtimes.filter(({ state }) => states.includes(state)).length;
  const running = of('running');
  const starting = of('starting');
  const stopped = of('stopped');
  const broken = of('failed', 'unreachable', 'not connected');
  const n = (value: number): { n: string } => ({ n: format.number(value) });
  const states = [
    running > 0 && t('{n} running', n(running)),
    starting > 0 && t('{n} starting', n(starting)),
    stopped > 0 && t('{n} stopped', n(stopped)),
    broken > 0 && t('{n} not working', n(broken)),
  ].filter((part) => part !== false);
  const all = count(runtimes.length, '{n} runtime', '{n} runtimes', n(runtimes.length));
  return states.length === 0 ? all : t('{all}: {states}', { all, states: states.join(', ') });
}

/** "2 run, 1 waits", or "idle". */
export function jobsOf(runtime: Runtime): string {
  const running = runtime.runningJobs;
  const queued = runtime.queuedJobs ?? 0;
  if (running === undefined) return format.NO_VALUE;
  if (running + queued === 0) return t('idle');
  const runs = count(running, '{n} runs', '{n} run', { n: format.number(running) });
  const waits = count(queued, '{n} waits', '{n} wait', { n: format.number(queued) });
  return [running > 0 && runs, queued > 0 && waits].filter((part) => part !== false).join(', ');
}

/** "2.6 of 4 cores". */
export function cpuOf({ cpu, cpuLimit }: Runtime): string {
  if (cpu === undefined) return format.NO_VALUE;
  const used = format.number(cpu, 1);
  return cpuLimit === undefined
    ? count(cpu, '{used} core', '{used} cores', { used })
    : t('{used} of {limit} cores', { used, limit: format.number(cpuLimit, 1) });
}

/** "3.5 GB of 4 GB". */
export function memoryOf({ memory, memoryLimit }: Runtime): string {
  if (memory === undefined) return format.NO_VALUE;
  const used = format.bytes(memory);
  return memoryLimit === undefined
    ? used
    : t('{used} of {limit}', { used, limit: format.bytes(memoryLimit) });
}
