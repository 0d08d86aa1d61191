import type { ModelRow } from './model-row.ts';

/** What every question about a model is given. */
export interface DeedDialogProps {
  readonly model: ModelRow;
  readonly user: string | undefined;
  /** It was done: a sentence that says what is now so. */
  readonly onDone: (said: string) => void;
  readonly onClose: () => void;
  readonly returnFocus: () => void;
}
