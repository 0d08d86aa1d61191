import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What one pass of the watcher leaves to the next. */
export interface Checkpoint {
  /** What was reported, by what it is about: each thing is told once. */
  reported: Record<string, string>;
  /** Tries to start a crashed runtime again, by its name. */
  restarts: Record<string, { tries: number; at: number }>;
  /** By runtime: what it was handed last, as a digest that gives nothing away, when, and for which containers of DSDL. */
  handed: Record<string, { digest: string; at: number; dsdl?: string[] }>;
}

const NAME = 'kepler_watch.json';

/** Reads it; a missing or damaged one begins anew. */
export function readCheckpoint(folder: string): Checkpoint {
  const empty: Checkpoint = { reported: {}, restarts: {}, handed: {} };
  try {
    return { ...empty, ...(JSON.parse(readFileSync(join(folder, NAME), 'utf8')) as Partial<Checkpoint>) };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' || error instanceof SyntaxError) return empty;
    throw error;
  }
}

/** Writes it whole or not at all. */
export function writeCheckpoint(folder: string, checkpoint: Checkpoint): void {
  mkdirSync(folder, { recursive: true });
  const aside = join(folder, `${NAME}.${process.pid}`);
  writeFileSync(aside, `${JSON.stringify(checkpoint)}\n`, { mode: 0o600 });
  renameSync(aside, join(folder, NAME));
}
