import { getPriority, setPriority } from 'node:os';

/** Steps on Linux's scale, on which 19 is last: a ninth of the share of a thread that does not give way. */
const BEHIND = 10;
const LAST = 19;

/**
 * Lets the calling thread, and those that it will start, give way where there is less processor than work: short requests and
 * applies go before what takes long. Only Linux has a priority a thread; elsewhere nothing changes. It cannot be taken back.
 */
export function giveWay(): void {
  if (process.platform !== 'linux') return;
  try {
    setPriority(Math.min(LAST, getPriority() + BEHIND));
  } catch (error) {
    // Some sandboxes forbid it; then all threads are equal.
    const { code } = error as NodeJS.ErrnoException & { info?: { code?: string } };
    if (code !== 'ERR_SYSTEM_ERROR') throw error;
  }
}
