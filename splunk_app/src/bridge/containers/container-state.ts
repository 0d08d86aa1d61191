import type { ContainerInspectInfo } from 'dockerode';
import { plural } from '../../../../container/contract/plural.ts';
import { LABELS, modeOf } from './labels.ts';
import type { ContainerState, LastExit, RunState } from './types.ts';

type State = ContainerInspectInfo['State'];

/** Seconds since 1970 of the engine's time; its year 1 means never. */
export function seconds(time: string | undefined): number | undefined {
  const ms = Date.parse(time ?? '');
  return ms > 0 ? ms / 1000 : undefined;
}

/**
 * What the engine says of a container, in Kepler's words. `remembered` is its last end by the engine's events, for one that
 * runs again.
 */
export function containerState(info: ContainerInspectInfo, remembered?: LastExit): ContainerState {
  const labels = info.Config.Labels;
  const { State: state, HostConfig: host } = info;
  const lastExit = lastEnd(state) ?? remembered;
  const { run, reason, remedy } = judge(state, info.RestartCount, host.Memory, lastExit);
  return {
    name: labels[LABELS.runtime],
    id: info.Id.slice(0, 12),
    container: info.Name.replace(/^\//, ''),
    state: run,
    reason,
    remedy,
    image: info.Config.Image,
    mode: modeOf(labels),
    url: labels[LABELS.url],
    fingerprint: labels[LABELS.fingerprint],
    limits: {
      cpu: (host.NanoCpus ?? 0) / 1e9,
      memoryBytes: host.Memory ?? 0,
      pids: host.PidsLimit ?? 0,
    },
    volume: labels[LABELS.volume],
    created: seconds(info.Created) ?? 0,
    started: seconds(state.StartedAt),
    lastExit,
    restarts: info.RestartCount,
    specDigest: labels[LABELS.digest],
  };
}

/** How it ended, where it does not run now. */
function lastEnd(state: State): LastExit | undefined {
  const at = seconds(state.FinishedAt);
  if (at === undefined || (state.Running && !state.Restarting)) return undefined;
  return { code: state.ExitCode, oom: state.OOMKilled, at };
}

interface Judgement {
  readonly run: RunState;
  readonly reason: string;
  readonly remedy: string;
}

function judge(state: State, restarts: number, memory: number | undefined, end?: LastExit): Judgement {
  const fine = (run: RunState, reason = ''): Judgement => ({ run, reason, remedy: '' });
  const limitMb = Math.round((memory ?? 0) / 1024 / 1024);
  if (state.Restarting || (!state.Running && end)) {
    if (end && !isCrash(end)) return fine('stopped', 'It was stopped.');
    const words = end ? endInWords(end, limitMb) : { reason: 'It ended.', remedy: '' };
    const again = state.Restarting ? ` The engine is starting it again (${restarts} so far).` : '';
    return { run: 'failed', reason: words.reason + again, remedy: words.remedy };
  }
  if (!state.Running) {
    if (state.Error) {
      return {
        run: 'failed',
        reason: `The engine could not start it: ${state.Error}`,
        remedy: 'Remove it and start it again.',
      };
    }
    return fine('stopped', 'It has never been started.');
  }
  const health = state.Health?.Status;
  if (health === 'unhealthy') {
    return {
      run: 'failed',
      reason: `It runs but does not pass its health test: ${lastTest(state)}`,
      remedy:
        'Look at its log (| kepler runtimes <name> logs=100); restart it if it does not recover by itself.',
    };
  }
  const again =
    restarts > 0
      ? `It was started again, ${restarts} ${plural(restarts, 'time', 'times')} by the engine.`
      : 'It was started again.';
  const reason = end && isCrash(end) ? `${endInWords(end, limitMb).reason} ${again}` : '';
  return fine(health === 'starting' ? 'starting' : 'running', reason);
}

/** An end that nobody asked for: 0 is an orderly one, 143 the answer to a stop. */
export function isCrash(end: LastExit): boolean {
  return end.oom || (end.code !== 0 && end.code !== 143);
}

/** The end in a sentence, and what to do. */
export function endInWords(end: LastExit, limitMb: number): { reason: string; remedy: string } {
  if (end.oom) {
    return {
      reason: `It used more memory than its ${limitMb} MB, so the kernel ended it (out of memory, exit code ${end.code}).`,
      remedy:
        'Give it more memory (memory_mb in kepler.conf), or let fits use less (KEPLER_MAX_ROWS, KEPLER_FIT_WORKERS).',
    };
  }
  if (end.code === 137) {
    return {
      reason: 'It was killed (exit code 137, signal KILL).',
      remedy:
        'If nobody did so by hand, look at the log of the machine for the out-of-memory killer; then start it again.',
    };
  }
  return {
    reason: `It ended with exit code ${end.code}.`,
    remedy: 'Its last log lines say why (| kepler runtimes <name> logs=100); then start it again.',
  };
}

function lastTest(state: State): string {
  const log = state.Health?.Log ?? [];
  return log[log.length - 1]?.Output.trim() || 'it gave no reason.';
}
