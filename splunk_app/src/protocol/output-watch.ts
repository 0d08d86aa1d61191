import { readdirSync, readFileSync, readlinkSync, writeSync } from 'node:fs';

/** The process that was seen to read the output the last time. It may never be seen: outside of this container, say. */
let reader = '';

/**
 * Whether somebody still reads a descriptor that is written to: Node tells it only by a failing write, and nothing may be
 * written between two replies. Where it cannot be found out (another platform, another user's processes, a reader that was
 * never seen), the answer is yes.
 */
export function outputIsOpen(fd: number): boolean {
  let target: string;
  try {
    target = readlinkSync(`/proc/self/fd/${fd}`);
  } catch {
    return true;
  }
  if (target.startsWith('socket:')) return socketIsOpen(fd);
  if (!target.startsWith('pipe:')) return true;
  let all = true;
  for (const pid of candidates()) {
    const found = reads(pid, target);
    if (found === true) {
      reader = pid;
      return true;
    }
    if (found === null) all = false;
  }
  return !all || reader === '';
}

/** A write of no bytes asks a socket whether its other end is there. */
function socketIsOpen(fd: number): boolean {
  try {
    writeSync(fd, Buffer.alloc(0));
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'EPIPE';
  }
}

/** Whom to ask first, so that the others, of whom there may be thousands, are asked only when it is neither of the two. */
function* candidates(): Generator<string> {
  const likely = [reader, String(process.ppid)].filter(Boolean);
  yield* likely;
  for (const name of readdirSync('/proc')) if (/^\d+$/.test(name) && !likely.includes(name)) yield name;
}

/** Whether a process holds the reading end of a pipe; null where that may not be known. */
function reads(pid: string, pipe: string): boolean | null {
  let names: string[];
  try {
    names = readdirSync(`/proc/${pid}/fd`);
  } catch (error) {
    // It has ended, or is somebody else's.
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? false : null;
  }
  return names.some((name) => {
    try {
      if (readlinkSync(`/proc/${pid}/fd/${name}`) !== pipe) return false;
      const flags = /^flags:\s*([0-7]+)/m.exec(readFileSync(`/proc/${pid}/fdinfo/${name}`, 'latin1'));
      // The last two bits say how it was opened: 1 is for writing only.
      return flags !== null && (parseInt(flags[1], 8) & 3) !== 1;
    } catch {
      return false;
    }
  });
}
