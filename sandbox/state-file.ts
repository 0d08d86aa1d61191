import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive } from './lock.ts';
import type { RuntimeAddress } from './runtime/supervisor.ts';

/** Where a sandbox that is up can be reached: the content of `sandbox.json`. */
export interface SandboxInfo {
  readonly splunkHome: string;
  readonly splunkd: string;
  readonly runtime: RuntimeAddress;
  /** Splunk Web's part, and who can log in there. */
  readonly web: {
    readonly url: string;
    readonly users: readonly {
      readonly name: string;
      readonly password: string;
      readonly roles: readonly string[];
    }[];
  };
  /** The HTTP Event Collector: its address without a path, and a token for the index `kepler`. */
  readonly hec: { readonly url: string; readonly token: string };
  /** Where the runtime answers DSDL's wire contract; the token stands in the header `Authorization`. */
  readonly dsdl: { readonly url: string; readonly token: string };
  /** The process that holds all of it. */
  readonly pid: number;
}

const NAME = 'sandbox.json';

export function writeState(folder: string, info: SandboxInfo): void {
  const path = join(folder, NAME);
  // Passwords stand in it.
  writeFileSync(`${path}.${process.pid}`, `${JSON.stringify(info, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${path}.${process.pid}`, path);
}

export function removeState(folder: string): void {
  rmSync(join(folder, NAME), { force: true });
}

/** What the file says; null without one. A file whose process is gone is left from a crash: `stale`. */
export function readState(folder: string): { info: SandboxInfo; stale: boolean } | null {
  let text: string;
  try {
    text = readFileSync(join(folder, NAME), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  const info = JSON.parse(text) as SandboxInfo;
  return { info, stale: !isAlive(info.pid) };
}

/**
 * Ends the runtime that a sandbox left behind which was killed itself. Only where the process of that id is a Kepler
 * runtime: ids are used again.
 * @param home The runtime's KEPLER_HOME, where it keeps its process id.
 */
export function endOrphan(home: string): number | null {
  let pid: number;
  let command: string;
  try {
    ({ pid } = JSON.parse(readFileSync(join(home, 'runtime.json'), 'utf8')) as { pid: number });
    command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    // Gone, or a platform without /proc: nothing that could be ended safely.
    return null;
  }
  if (!command.includes('runtime/main.mjs')) return null;
  process.kill(pid, 'SIGTERM');
  return pid;
}
