import { format } from '../../i18n/index.ts';

export interface LogLine {
  readonly time: string;
  readonly level: string;
  readonly message: string;
  /** Worth to be seen: a warning or worse. */
  readonly loud: boolean;
}

const LEVELS: Readonly<Record<number, string>> = {
  10: 'TRACE',
  20: 'DEBUG',
  30: 'INFO',
  40: 'WARN',
  50: 'ERROR',
  60: 'FATAL',
};
/** Of the process, the same in each line. */
const DULL = new Set(['level', 'time', 'msg', 'pid', 'hostname', 'v']);

/**
 * A line of a runtime's log as people read it. The runtime writes JSON lines; what stands in them besides the message follows
 * as `name=value`. Any other line stays as it is.
 */
export function logLineOf(line: string, at: number | undefined): LogLine {
  const entry = parsed(line);
  if (!entry) {
    return { time: format.clock(at), level: '', message: line, loud: /\b(WARN|ERROR|FATAL)\b/.test(line) };
  }
  const level = typeof entry.level === 'number' ? entry.level : 30;
  const rest = Object.entries(entry)
    .filter(([name]) => !DULL.has(name))
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  const milliseconds = typeof entry.time === 'number' ? entry.time / 1000 : at;
  return {
    time: format.clock(milliseconds),
    level: LEVELS[level] ?? String(level),
    message: [entry.msg, ...rest].filter((part) => part !== undefined && part !== '').join(' '),
    loud: level >= 40,
  };
}

function parsed(line: string): Record<string, unknown> | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}
