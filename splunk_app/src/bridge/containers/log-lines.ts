import type { LogLine } from './types.ts';

const HEAD_BYTES = 8;

/**
 * The lines of the engine's log answer: frames of a head (stream in byte 0, length in bytes 4 to 7) and bytes, each line
 * beginning with its time. A line longer than a frame goes on in the next one of its stream.
 */
export function logLines(answer: Buffer): LogLine[] {
  const open: Record<LogLine['stream'], string> = { stdout: '', stderr: '' };
  const lines: LogLine[] = [];
  for (let at = 0; at + HEAD_BYTES <= answer.length;) {
    const stream = answer[at] === 2 ? 'stderr' : 'stdout';
    const end = Math.min(answer.length, at + HEAD_BYTES + answer.readUInt32BE(at + 4));
    const pieces = (open[stream] + answer.toString('utf8', at + HEAD_BYTES, end)).split('\n');
    open[stream] = pieces.pop() ?? '';
    for (const piece of pieces) lines.push(timed(stream, piece));
    at = end;
  }
  for (const stream of ['stdout', 'stderr'] as const)
    if (open[stream] !== '') lines.push(timed(stream, open[stream]));
  return lines;
}

function timed(stream: LogLine['stream'], text: string): LogLine {
  const space = text.indexOf(' ');
  const time = Date.parse(text.slice(0, space));
  if (space < 0 || Number.isNaN(time)) return { time: 0, stream, line: text.replace(/\r$/, '') };
  return { time: time / 1000, stream, line: text.slice(space + 1).replace(/\r$/, '') };
}
