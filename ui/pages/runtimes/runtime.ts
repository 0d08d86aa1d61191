import type { State } from '../../components/index.ts';
import { said, t } from '../../i18n/index.ts';
import { cells, type Row } from '../../splunkd/index.ts';

const { flag, number, text } = cells;

/** A row of `| kepler runtimes`. Sizes in bytes, times in seconds; undefined where there is no such value. */
export interface Runtime {
  readonly name: string;
  readonly state: string;
  readonly reason: string;
  readonly remedy: string;
  readonly url: string;
  readonly ofEngine: boolean;
  readonly container: string;
  readonly image: string;
  readonly mode: string;
  readonly version: string;
  readonly cpu: number | undefined;
  readonly cpuLimit: number | undefined;
  readonly memory: number | undefined;
  readonly memoryLimit: number | undefined;
  readonly pids: number | undefined;
  readonly pidsLimit: number | undefined;
  readonly uptime: number | undefined;
  readonly started: number | undefined;
  readonly exitCode: number | undefined;
  readonly outOfMemory: boolean;
  readonly restarts: number | undefined;
  readonly runningJobs: number | undefined;
  readonly queuedJobs: number | undefined;
  readonly models: number | undefined;
  readonly diskFree: number | undefined;
  readonly loopDelay: number | undefined;
  readonly publicUrl: string;
  readonly mayChange: boolean;
}

export function runtimeOf(row: Row): Runtime {
  return {
    name: text(row.name),
    state: text(row.state),
    reason: said(text(row.reason)),
    remedy: said(text(row.remedy)),
    url: text(row.url),
    ofEngine: text(row.engine) === 'docker',
    container: text(row.container),
    image: text(row.image),
    mode: text(row.mode),
    version: text(row.version),
    cpu: number(row.cpu),
    cpuLimit: number(row.cpu_limit),
    memory: number(row.memory_bytes),
    memoryLimit: number(row.memory_limit_bytes),
    pids: number(row.pids),
    pidsLimit: number(row.pids_limit),
    uptime: number(row.uptime_s),
    started: number(row.started),
    exitCode: number(row.exit_code),
    outOfMemory: flag(row.oom),
    restarts: number(row.restarts),
    runningJobs: number(row.running_jobs),
    queuedJobs: number(row.queued_jobs),
    models: number(row.models),
    diskFree: number(row.disk_free_bytes),
    loopDelay: number(row.loop_delay_ms),
    publicUrl: text(row.public_url),
    mayChange: flag(row.may_change),
  };
}

export const isUp = (runtime: Runtime): boolean =>
  runtime.state === 'running' || runtime.state === 'starting';

/** Shape and word of a runtime's state. One that runs and yet has a reason needs attention. */
export function stateOf(runtime: Runtime): { readonly state: State; readonly word: string } {
  switch (runtime.state) {
    case 'running':
      return runtime.reason === ''
        ? { state: 'ok', word: t('Running') }
        : { state: 'attention', word: t('Running, needs attention') };
    case 'starting':
      return { state: 'busy', word: t('Starting') };
    case 'stopped':
      return { state: 'idle', word: t('Stopped') };
    case 'failed':
      return { state: 'failed', word: runtime.outOfMemory ? t('Out of memory') : t('Failed') };
    case 'unreachable':
      return { state: 'failed', word: t('Does not answer') };
    case 'not connected':
      return { state: 'attention', word: t('Not connected') };
    default:
      return { state: 'idle', word: runtime.state };
  }
}

const RANK: readonly State[] = ['failed', 'attention', 'busy', 'ok', 'idle'];

/** What is wrong first, then by name. */
export function worstFirst(runtimes: readonly Runtime[]): Runtime[] {
  const rank = (runtime: Runtime): number => RANK.indexOf(stateOf(runtime).state);
  return [...runtimes].sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name));
}
