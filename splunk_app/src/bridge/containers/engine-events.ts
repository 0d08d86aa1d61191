import { LABELS, type Labels } from './labels.ts';
import type { ContainerEvent, LastExit } from './types.ts';

/** One line of the engine's answer. */
interface RawEvent {
  readonly Action: string;
  readonly timeNano: number;
  readonly Actor: { readonly Attributes: Labels };
}

/** Reads the engine's events, a JSON document a line. Health tests come every few seconds and say nothing: left out. */
export function readEvents(text: string): ContainerEvent[] {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as RawEvent)
    .filter(({ Action }) => !Action.startsWith('exec_'))
    .map(describe);
}

function describe({ Action, timeNano, Actor: { Attributes: told } }: RawEvent): ContainerEvent {
  const [event, detail] = Action.split(/: ?/);
  const code = told.exitCode === undefined ? undefined : Number(told.exitCode);
  return {
    time: timeNano / 1e9,
    name: told[LABELS.runtime] ?? '',
    event,
    text: inWords(event, detail, told, code),
    ...(code !== undefined && { exitCode: code }),
  };
}

const WORDS: Readonly<Record<string, string>> = {
  create: 'created',
  start: 'started',
  stop: 'stopped',
  restart: 'restarted',
  destroy: 'removed',
  oom: 'out of memory',
  pause: 'paused',
  unpause: 'goes on after a pause',
};

function inWords(event: string, detail: string | undefined, told: Labels, code: number | undefined): string {
  if (event === 'die') return `ended with exit code ${code}`;
  if (event === 'kill') return `was sent signal ${told.signal ?? ''}`.trim();
  if (event === 'health_status') return `is ${detail}`;
  return WORDS[event] ?? [event, detail].filter(Boolean).join(' ');
}

/** The last end among the events of one container; out of memory where the engine said so in the same run of it. */
export function lastEndOf(events: readonly ContainerEvent[]): LastExit | undefined {
  const at = events.findLastIndex(({ event }) => event === 'die');
  if (at < 0) return undefined;
  const { time, exitCode } = events[at];
  const isStart = ({ event }: ContainerEvent): boolean => event === 'start';
  const began = Math.max(0, events.slice(0, at).findLastIndex(isStart));
  const next = events.slice(at).findIndex(isStart);
  // The engine may learn of the cause after the end.
  const run = events.slice(began, next < 0 ? undefined : at + next);
  return { code: exitCode ?? 0, oom: run.some(({ event }) => event === 'oom'), at: time };
}
