/**
 * Limits that `keplerctl set` has set: `$KEPLER_HOME/settings.json`. The environment wins over them, they win over the defaults.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { KeplerError } from '../contract/errors.ts';
import { replaceDurable } from '../registry/durable-files.ts';
import { errorCode, storageError } from '../registry/storage-errors.ts';

export type StoredSettings = Readonly<Record<string, number>>;

const NAME = 'settings.json';

/** @throws KeplerError configuration where the file is there and cannot be read */
export function readStoredSettings(home: string): StoredSettings {
  const path = join(home, NAME);
  try {
    const stored = JSON.parse(readFileSync(path, 'utf8')) as unknown;
    if (stored !== null && typeof stored === 'object' && Object.values(stored).every(Number.isSafeInteger)) {
      return stored as StoredSettings;
    }
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return {};
    if (!(error instanceof SyntaxError)) throw unreadable(path, error);
  }
  throw unreadable(path);
}

/** Replaces the file, whole or not at all. @throws KeplerError storage_failed, disk_full */
export async function writeStoredSettings(home: string, settings: StoredSettings): Promise<void> {
  try {
    await replaceDurable(join(home, NAME), `${JSON.stringify(settings)}\n`);
  } catch (error) {
    throw storageError(error, 'keep the settings', home);
  }
}

function unreadable(path: string, cause?: unknown): KeplerError {
  return new KeplerError(
    'configuration',
    `${path} is not as keplerctl set writes it: names of limits with whole numbers. Correct it, or delete it to go back to the defaults.`,
    { cause },
  );
}
