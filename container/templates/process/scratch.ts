/** The folder that processes of templates stand in, and those that a killed runtime left standing there. */
import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve, sep } from 'node:path';
import { KeplerError } from '../../contract/errors.ts';

/** What is being published stands in a folder that begins so, below the system's folder for temporary files. */
export const PUBLISHING = 'kepler-template-';

/** The runtime's home is closed to others, and so to the user that root starts templates as: theirs lies outside, one a home. */
export function scratchOf(templateFolder: string): string {
  const home = createHash('sha256').update(resolve(templateFolder)).digest('hex').slice(0, 12);
  return join(realpathSync(tmpdir()), `kepler-templates-${process.getuid?.() ?? 'all'}-${home}`);
}

/** @throws KeplerError configuration where somebody else has made the folder, and could change what is in it */
export function openScratch(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  const found = lstatSync(folder);
  const own = process.getuid === undefined || found.uid === process.getuid();
  if (found.isDirectory() && own && (found.mode & 0o022) === 0) return;
  throw new KeplerError(
    'configuration',
    `${folder} belongs to somebody else, or others may write into it: templates cannot be started there. Remove it, or set TMPDIR to a folder of the runtime's own.`,
  );
}

/**
 * Ends processes of templates whose runtime was killed: one that loops does not notice that nobody listens any more. Linux
 * alone tells where a process stands; elsewhere nothing is done.
 * @param scratch the folder of this runtime, which has started nothing yet
 * @returns how many there were
 */
export function endOrphans(scratch: string): number {
  let ended = 0;
  for (const pid of pids()) {
    const place = standsIn(pid);
    if (place === undefined || !(isWithin(place, scratch) || isDeserted(pid, place))) continue;
    try {
      process.kill(pid, 'SIGKILL');
      ended++;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
  return ended;
}

function pids(): number[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

const isWithin = (place: string, folder: string): boolean => `${place}${sep}`.startsWith(`${folder}${sep}`);

/** Whether it was being published, by a runtime that is gone: its parent is the first process now. */
function isDeserted(pid: number, place: string): boolean {
  if (!place.startsWith(join(realpathSync(tmpdir()), PUBLISHING)) || pid === process.pid) return false;
  const state = unlessGone(() => readFileSync(`/proc/${pid}/stat`, 'latin1'));
  // pid (name) state ppid: a name may hold anything, blanks and brackets too.
  return process.pid !== 1 && state?.slice(state.lastIndexOf(')') + 2).split(' ')[1] === '1';
}

function standsIn(pid: number): string | undefined {
  return unlessGone(() => readlinkSync(`/proc/${pid}/cwd`).replace(/ \(deleted\)$/, ''));
}

/** Others' processes may not be asked, and any may end meanwhile. */
function unlessGone<T>(ask: () => T): T | undefined {
  try {
    return ask();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'EACCES' || code === 'ESRCH' || code === 'EPERM') return undefined;
    throw error;
  }
}
