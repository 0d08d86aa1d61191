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
  const candidates = new Set([reader, String(process.ppid), ...processes()].filter(Boolean));
  for (const pid of candidates) {
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

function processes(): string[] {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name));
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
