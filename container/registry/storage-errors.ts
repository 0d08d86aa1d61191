import { KeplerError } from '../contract/errors.ts';

const FULL = new Set(['ENOSPC', 'EDQUOT']);
const NOT_WRITABLE = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST', 'ENOENT']);

/** What a failed file operation means to the person who searches. `doing` completes "… could not …". */
export function storageError(error: unknown, doing: string, folder: string): KeplerError {
  if (error instanceof KeplerError) return error;
  const code = (error as NodeJS.ErrnoException | null)?.code ?? 'unknown';
  if (FULL.has(code)) {
    return new KeplerError(
      'disk_full',
      `The runtime could not ${doing}: the disk that holds ${folder} is full (${code}). Nothing was changed. Free space there and run the search again.`,
      { cause: error },
    );
  }
  const why = NOT_WRITABLE.has(code)
    ? `the folder ${folder} cannot be written (${code}). Make it a folder that the runtime's user may write`
    : `${folder}: ${code}, ${error instanceof Error ? error.message : String(error)}. See the runtime's log`;
  return new KeplerError('storage_failed', `The runtime could not ${doing}: ${why}. Nothing was changed.`, {
    cause: error,
  });
}

export function errorCode(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException | null)?.code;
}

/** The answer of `task`, or `otherwise` where the file or folder is not there. */
export async function unlessMissing<T, U>(task: Promise<T>, otherwise: U): Promise<T | U> {
  try {
    return await task;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return otherwise;
    throw error;
  }
}
