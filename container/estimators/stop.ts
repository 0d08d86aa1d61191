import { KeplerError } from '../contract/errors.ts';

/** Ends a long loop whose search was cancelled or ran out of time: throws the signal's reason. */
export function stopIfAborted(signal: AbortSignal): void {
  if (!signal.aborted) return;
  throw signal.reason instanceof Error
    ? signal.reason
    : new KeplerError('cancelled', 'The fit was cancelled.');
}
