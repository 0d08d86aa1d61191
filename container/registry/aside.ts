/**
 * Folders in which versions are written before they appear. Their names say which process made them, so that what a
 * crash left behind can be told from what somebody is writing just now.
 */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { unlessMissing } from './storage-errors.ts';

/** Of a process whose end cannot be seen from here (another host on a shared folder), after so long. */
const STALE_MS = 6 * 3600 * 1000;

/** Makes a folder below `root` for one version to be written in. The caller removes or renames it. */
export async function makeAside(root: string): Promise<string> {
  const folder = join(root, `${ownStamp()}~${randomUUID()}`);
  await mkdir(root, { recursive: true, mode: 0o700 });
  // By itself: a recursive mkdir says ENOENT where the file system is read-only.
  await mkdir(folder, { mode: 0o700 });
  return folder;
}

/** Removes what crashed processes left in `root`; answers how many folders. */
export async function sweepAside(root: string): Promise<number> {
  let swept = 0;
  for (const name of await unlessMissing(readdir(root), [])) {
    const folder = join(root, name);
    if (!(await isStale(name, folder))) continue;
    await rm(folder, { recursive: true, force: true });
    swept++;
  }
  return swept;
}

async function isStale(name: string, folder: string): Promise<boolean> {
  const [host, pid, start] = name.split('~');
  if (host === hostPart() && start !== '0') return processStart(pid) !== start;
  const status = await unlessMissing(stat(folder), undefined);
  return status !== undefined && Date.now() - status.mtimeMs > STALE_MS;
}

function ownStamp(): string {
  return `${hostPart()}~${process.pid}~${processStart(String(process.pid)) ?? '0'}`;
}

function hostPart(): string {
  return hostname().replace(/[^a-zA-Z0-9.-]/g, '_') || 'host';
}

/** When a process started, in clock ticks since boot: with its number it names it, also where numbers come again (1 in a container). */
function processStart(pid: string): string | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The second field, the program's name, may hold blanks and brackets.
    return status.slice(status.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    // No such process, or no /proc on this platform.
    return undefined;
  }
}
