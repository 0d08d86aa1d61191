import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface RuntimeFile {
  readonly pid: number;
  readonly urls: readonly string[];
  /** Where DSDL's wire contract is answered. */
  readonly dsdl?: string;
}

const NAME = 'runtime.json';

/** Says in the state folder where this runtime listens. The file appears whole or not at all. */
export function writeRuntimeFile(home: string, content: RuntimeFile): void {
  const aside = join(home, `${NAME}.${process.pid}`);
  writeFileSync(aside, `${JSON.stringify(content)}\n`, { mode: 0o600 });
  renameSync(aside, join(home, NAME));
}

/** Removes it again, unless another runtime has written its own meanwhile. */
export function removeRuntimeFile(home: string): void {
  let owner: unknown;
  try {
    owner = (JSON.parse(readFileSync(join(home, NAME), 'utf8')) as RuntimeFile).pid;
  } catch {
    // Gone already, or not ours to judge.
    return;
  }
  if (owner === process.pid) rmSync(join(home, NAME), { force: true });
}
