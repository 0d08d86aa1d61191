/** Files that are on the disk, not only in its cache, once the promise is kept. */
import { open, rmdir, stat } from 'node:fs/promises';

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
