import { pino } from 'pino';
import type { DestinationStream, Logger } from 'pino';
import { KEPLER_VERSION } from '../contract/version.ts';

export type Log = Logger;

/**
 * One JSON line an event, on standard output. Never logged: rows, field values, SPL text, tokens. What must not slip in
 * with an object is taken out by its name as well.
 */
export function createLog(level: string, destination?: DestinationStream): Log {
  return pino(
    {
      level,
      base: { pid: process.pid, version: KEPLER_VERSION },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: {
        paths: [
          '*.authorization',
          '*.headers',
          '*.search',
          '*.body',
          'authorization',
          'headers',
          'search',
          'body',
        ],
        remove: true,
      },
    },
    destination ?? logLines(1),
  );
}

/**
 * Lines to a file, or to one that is open. What cannot be written is lost: there is no other place to tell it, and a runtime
 * must not end because the disk of its log is full.
 */
export function logLines(dest: number | string): DestinationStream {
  // Not in the background: the last lines before an exit are the ones that matter.
  const lines = pino.destination({ dest, sync: true });
  lines.on('error', () => {});
  return lines;
}
