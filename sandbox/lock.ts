import { closeSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';

/** Whether a process of that id is there (also another user's). */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/**
 * A lock file that holds its owner's process id. Gives what unlocks it, or null where another living process holds it; the
 * lock of a process that is gone counts as none.
 */
export function tryLock(path: string): (() => void) | null {
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      const file = openSync(path, 'wx', 0o600);
      writeSync(file, String(process.pid));
      closeSync(file);
      return () => rmSync(path, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const owner = lockOwner(path);
    if (owner !== null && isAlive(owner)) return null;
    rmSync(path, { force: true });
  }
  return null;
}

/** The process that holds the lock; null where nobody does, or where its owner has not written its id yet. */
export function lockOwner(path: string): number | null {
  try {
    const pid = Number(readFileSync(path, 'utf8'));
    return Number.isInteger(pid) && pid > 0 ? pid : null;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
