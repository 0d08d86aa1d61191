import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Chunks } from './data.ts';
import type { Drive } from './driver.ts';
import { PYTHON } from './environment.ts';
import { python } from './python.ts';

/** The replies that a drive saved, and its own word on how long each is. */
export interface Saved {
  readonly file: string;
  readonly drive: Drive;
}

/**
 * Compares every field and every prediction of two applies of one model to the same rows: Kepler's, and those that came by
 * the DSDL wire. Fails where they differ.
 * @param folder for what the comparison is told
 * @param tolerance greatest relative difference of two predictions
 * @returns how many rows there were, and how far two predictions are apart at most
 */
export async function comparePredictions(
  rows: Chunks,
  kepler: Saved,
  dsdl: Saved,
  folder: string,
  tolerance: number,
): Promise<{ readonly rows: number; readonly worst_relative_difference: number }> {
  const lengths = (name: string, list: readonly number[]) => {
    const file = join(folder, name);
    writeFileSync(file, JSON.stringify(list));
    return file;
  };
  return python(PYTHON.dsdl, [
    'bench/peers/compare.py',
    rows.file,
    lengths('in', rows.lengths),
    kepler.file,
    lengths('ours', kepler.drive.reply_bytes),
    'predicted(y)',
    dsdl.file,
    lengths('theirs', dsdl.drive.reply_bytes),
    'predicted_y',
    String(tolerance),
  ]);
}
