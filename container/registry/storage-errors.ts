import { KeplerError } from '../contract/errors.ts';

const FULL = new Set(['ENOSPC', 'EDQUOT']);
const NOT_WRITABLE = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST', 'ENOENT']);

/**
 * What a failed file operation means to the person who searches.
 * @param doing completes "The runtime could not …"
 * @param left what the failure left
 * @param access what the folder should have let the runtime do
 */
export function storageError(
  error: unknown,
  doing: string,
  folder: string,
  left = 'Nothing was changed.',
  access: 'read' | 'written' = 'written',
): KeplerError {
  if (error instanceof KeplerError) return error;
  const { code = 'unknown', path, message = String(error) } = (error ?? {}) as NodeJS.ErrnoException;
  if (FULL.has(code)) {
    return new KeplerError(
      'disk_full',
      `The runtime could not ${doing}: the disk that holds ${folder} is full (${code}). ${left} Free space there and run the search again.`,
      { cause: error },
    );
  }
  const why = NOT_WRITABLE.has(code)
    ? `the folder ${folder} cannot be ${access} (${code}${path === undefined ? '' : ` at ${path}`}). Make it a folder that the runtime's user may read and write`
    : `${folder}: ${message}. See the runtime's log`;
  return new KeplerError('storage_failed', `The runtime could not ${doing}: ${why}. ${left}`, {
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
