/** How long to wait before a request is made again. */

const FIRST_MS = 250;
const LONGEST_MS = 60_000;

/**
 * Full jitter: a random time up to a bound that doubles with each failure, so that many clients do not come back at once
 * (M. Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015).
 * @param failures in a row, 1 for the first
 * @param least milliseconds that the server asked for
 */
export function backoffMs(failures: number, least = 0, random: () => number = Math.random): number {
  const bound = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(failures - 1, 20));
  return Math.max(least, Math.round(bound / 2 + (random() * bound) / 2));
}

/** Milliseconds that a `Retry-After` header asks for, in seconds or as a date; 0 without one. At most ten minutes. */
export function retryAfterMs(header: string | undefined, now = Date.now()): number {
  if (header === undefined) return 0;
  const seconds = Number(header);
  const ms = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(header) - now;
  return Number.isFinite(ms) ? Math.min(Math.max(0, ms), 600_000) : 0;
}
