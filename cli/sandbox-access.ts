import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { lockOwner, tryLock } from '../sandbox/lock.ts';
import { Sandbox, runtimeHome } from '../sandbox/sandbox.ts';
import type { SandboxInfo } from '../sandbox/state-file.ts';
import { endOrphan, readState, removeState } from '../sandbox/state-file.ts';

const WAIT_LIMIT_MS = 120_000;

export class SandboxBusy extends Error {}

function lockFile(state: string): string {
  return join(state, 'sandbox.lock');
}

/** The sandbox's lock, for who wants to start one; what a killed sandbox left is cleared away. */
export function lockSandbox(state: string): () => void {
  mkdirSync(state, { recursive: true });
  const unlock = tryLock(lockFile(state));
  if (!unlock) {
    const pid = lockOwner(lockFile(state));
    throw new SandboxBusy(
      `A sandbox is up already${pid ? ` (process ${pid})` : ''} and uses ${state}. End it first, or set KEPLER_STATE to another folder.`,
    );
  }
  const orphan = endOrphan(runtimeHome(state));
  if (orphan !== null) {
    console.error(`Ended the runtime (process ${orphan}) that a sandbox which was killed had left behind.`);
  }
  removeState(state);
  return unlock;
}

/** The sandbox that is up, or one of our own that ends with `release`. Two searches without one take turns. */
export async function accessSandbox(
  root: string,
  state: string,
): Promise<{ info: SandboxInfo; release: () => Promise<void> }> {
  const deadline = Date.now() + WAIT_LIMIT_MS;
  for (;;) {
    const found = readState(state);
    if (found && !found.stale) return { info: found.info, release: async () => undefined };
    try {
      const unlock = lockSandbox(state);
      try {
        const sandbox = await Sandbox.start({ root, state, background: false });
        const release = async () => {
          await sandbox.stop();
          unlock();
        };
        return { info: sandbox.info, release };
      } catch (error) {
        unlock();
        throw error;
      }
    } catch (error) {
      if (!(error instanceof SandboxBusy) || Date.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
