import { useCallback, useState } from 'react';
import type { SplunkFailure } from '../splunkd/index.ts';

export interface Deed {
  readonly busy: boolean;
  readonly error: SplunkFailure | undefined;
  /** Does it, then `done`; a failure stays in `error` until the next time or `clear`. */
  readonly run: <T>(action: () => Promise<T>, done: (result: T) => void) => void;
  readonly clear: () => void;
}

/** What a button or a dialog does: busy while it is done, and why it failed. */
export function useDeed(): Deed {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<SplunkFailure>();
  const clear = useCallback(() => setError(undefined), []);
  const run = useCallback(<T>(action: () => Promise<T>, done: (result: T) => void) => {
    setBusy(true);
    setError(undefined);
    action().then(
      (result) => {
        setBusy(false);
        done(result);
      },
      (failure: SplunkFailure) => {
        setBusy(false);
        setError(failure);
      },
    );
  }, []);
  return { busy, error, run, clear };
}
