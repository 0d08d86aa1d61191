import { useState } from 'react';
import type { SplunkFailure } from '../../splunkd/index.ts';
import { changeModel, type Change } from './change.ts';
import type { DeedDialogProps } from './deed-dialog.ts';

/** Runs a verb for a dialog: busy while it runs, its failure in the dialog, closed with a sentence when it is done. */
export function useChange({ model, user, onDone }: DeedDialogProps): {
  readonly busy: boolean;
  readonly error: SplunkFailure | undefined;
  readonly run: (
    verb: string,
    options: Parameters<typeof changeModel>[3],
    said: (changes: readonly Change[]) => string,
  ) => void;
} {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<SplunkFailure>();
  return {
    busy,
    error,
    run: (verb, options, said) => {
      setBusy(true);
      setError(undefined);
      changeModel(verb, model, user, options).then(
        (changes) => onDone(said(changes)),
        (failure: SplunkFailure) => {
          setBusy(false);
          setError(failure);
        },
      );
    },
  };
}
