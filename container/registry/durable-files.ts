/** Files that are on the disk, not only in its cache, once the promise is kept. */
import { randomBytes } from 'node:crypto';
import { chmod, open, rename, rm, rmdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** Writes a new file; fails where one is there already. */
export async function writeDurable(path: string, bytes: Uint8Array | string): Promise<void> {
  const handle = await open(path, 'wx', 0o600);
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * Puts a file in the place of the one that is there, if any, whole or not at all: whoever reads it meanwhile has the old one.
 * @param mode its rights; without them those of `writeDurable`, which are its owner's alone
 */
export async function replaceDurable(path: string, bytes: Uint8Array | string, mode?: number): Promise<void> {
  const folder = dirname(path);
  // With a dot in front: whoever lists the folder takes it for nothing of theirs.
  const aside = join(folder, `.${basename(path)}.${randomBytes(6).toString('hex')}`);
  try {
    await writeDurable(aside, bytes);
    if (mode !== undefined) await chmod(aside, mode);
    await rename(aside, path);
    await syncFolder(folder);
  } catch (error) {
    await rm(aside, { force: true });
    throw error;
  }
}

/** Makes the folder's entries durable: a rename is safe only when the folder it went into was written out too. */
export async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Removes the folders, inmost first, as far as they are empty. */
export async function removeEmpty(folders: readonly string[]): Promise<void> {
  for (const folder of folders) {
    try {
      await rmdir(folder);
    } catch {
      // Not empty, or gone: somebody else's now.
      return;
    }
  }
}

/** Whether a folder is there. */
export async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    // Not there, or not to be seen: whoever opens it hears why.
    return false;
  }
}
