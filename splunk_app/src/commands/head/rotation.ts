import { closeSync, openSync, renameSync, rmSync, statSync } from 'node:fs';

/** A file of this size makes room for the next; so many older ones are kept, `.1` the newest, as splunkd does with its own. */
export const MOST_BYTES = 16 * 1024 * 1024;
export const KEPT = 5;
/** Who is killed while renaming leaves the mark behind; nobody renames for so long. */
const STALE_MS = 60_000;

/**
 * Moves a log that has grown large aside. Several searches may come at once: one of them does it, the others go on writing into
 * whichever file bears the name.
 */
export function makeRoom(path: string, mostBytes = MOST_BYTES): void {
  if (sizeOf(path) <= mostBytes) return;
  const mark = `${path}.rotating`;
  if (!took(mark)) return;
  try {
    // Another one may have done it between the look and the mark.
    if (sizeOf(path) <= mostBytes) return;
    for (let n = KEPT - 1; n >= 1; n--) {
      if (statSync(`${path}.${n}`, { throwIfNoEntry: false })) renameSync(`${path}.${n}`, `${path}.${n + 1}`);
    }
    renameSync(path, `${path}.1`);
  } finally {
    rmSync(mark, { force: true });
  }
}

const sizeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0;

function took(mark: string): boolean {
  try {
    closeSync(openSync(mark, 'wx', 0o600));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    const since = statSync(mark, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
    if (Date.now() - since > STALE_MS) rmSync(mark, { force: true });
    return false;
  }
}
