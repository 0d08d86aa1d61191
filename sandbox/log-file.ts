import { appendFileSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';

const troubled = new Set<string>();

/** Adds to a log. Where it cannot be written, as on a full disk, standard error is told, once a file, and the work goes on. */
export function appendLog(file: string, text: string): void {
  try {
    mkdirSync(dirname(file), { recursive: true });
    appendFileSync(file, text);
    troubled.delete(file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    if (!troubled.has(file)) console.error(`${file} cannot be written (${code}); what it would say is lost.`);
    troubled.add(file);
  }
}
