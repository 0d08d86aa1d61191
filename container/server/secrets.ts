import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { KeplerError } from '../contract/errors.ts';
import { replaceDurable, syncFolder } from '../registry/durable-files.ts';
import { storageError } from '../registry/storage-errors.ts';

const NAME = /^[a-z][a-z0-9_]{0,63}$/;
const LONGEST = 16_384;

/**
 * Keeps secrets in `$KEPLER_HOME/secrets`, a file each, mode 600; an empty one is removed. They are never read back to anybody.
 * @returns the names whose secret is kept, and of those removed
 * @throws KeplerError bad_request, storage_failed, disk_full
 */
export async function keepSecrets(
  home: string,
  secrets: Readonly<Record<string, string>>,
): Promise<{ kept: string[]; removed: string[] }> {
  const folder = join(home, 'secrets');
  for (const [name, value] of Object.entries(secrets)) {
    if (!NAME.test(name) || value.length > LONGEST) {
      throw new KeplerError(
        'bad_request',
        `A secret has a name of small letters, digits and _, and at most ${LONGEST} characters.`,
      );
    }
  }
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    for (const [name, value] of Object.entries(secrets)) {
      const path = join(folder, name);
      if (value === '') {
        await rm(path, { force: true });
        continue;
      }
      await replaceDurable(path, value);
    }
    await syncFolder(folder);
  } catch (error) {
    throw storageError(error, 'keep its secrets', folder);
  }
  const names = Object.keys(secrets);
  return {
    kept: names.filter((name) => secrets[name] !== ''),
    removed: names.filter((name) => secrets[name] === ''),
  };
}
