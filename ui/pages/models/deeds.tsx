import { useCallback, useEffect, useRef, useState, type ReactNode } from 'react';
import { AliasDialog } from './alias-dialog.tsx';
import type { DeedDialogProps } from './deed-dialog.ts';
import { DeleteDialog } from './delete-dialog.tsx';
import type { ModelRow } from './model-row.ts';
import { PromoteDialog } from './promote-dialog.tsx';
import { RollbackDialog } from './rollback-dialog.tsx';
import { ShareDialog } from './share-dialog.tsx';
import { UnaliasDialog } from './unalias-dialog.tsx';

/** What can be done with a model after a question. */
export type Deed =
  | { readonly kind: 'promote'; readonly version?: number }
  | { readonly kind: 'rollback' }
  | { readonly kind: 'share' }
  | { readonly kind: 'alias'; readonly version: number }
  | { readonly kind: 'unalias'; readonly version: number; readonly alias: string }
  | { readonly kind: 'delete'; readonly version?: number };

export interface Deeds {
  /** Asks; the focus goes back to `from` afterwards. */
  readonly ask: (deed: Deed, model: ModelRow, from: HTMLElement | null) => void;
  readonly dialog: ReactNode;
}

/** The questions of a page, one at a time. `onDone` gets the model's sentence and whether the model is gone. */
export function useDeeds(user: string | undefined, onDone: (said: string, gone: boolean) => void): Deeds {
  const [open, setOpen] = useState<{ readonly deed: Deed; readonly model: ModelRow } | null>(null);
  const from = useRef<HTMLElement | null>(null);
  const ask = useCallback((deed: Deed, model: ModelRow, element: HTMLElement | null) => {
    from.current = element;
    setOpen({ deed, model });
  }, []);
  // The dialog goes at once, so that it cannot hand the focus back itself.
  useEffect(() => {
    if (open || !from.current) return;
    // A row that went with its model takes no focus.
    if (from.current.isConnected) from.current.focus();
    from.current = null;
  }, [open]);
  if (!open) return { ask, dialog: null };
  const { deed, model } = open;
  const close = (): void => setOpen(null);
  const shared: DeedDialogProps = {
    model,
    user,
    onDone: (said) => {
      close();
      onDone(said, deed.kind === 'delete' && deed.version === undefined);
    },
    onClose: close,
    returnFocus: () => from.current?.focus(),
  };
  return { ask, dialog: dialogOf(deed, shared) };
}

function dialogOf(deed: Deed, shared: DeedDialogProps): ReactNode {
  if (deed.kind === 'promote') return <PromoteDialog {...shared} version={deed.version} />;
  if (deed.kind === 'rollback') return <RollbackDialog {...shared} />;
  if (deed.kind === 'share') return <ShareDialog {...shared} />;
  if (deed.kind === 'alias') return <AliasDialog {...shared} version={deed.version} />;
  if (deed.kind === 'unalias') return <UnaliasDialog {...shared} version={deed.version} alias={deed.alias} />;
  return <DeleteDialog {...shared} version={deed.version} />;
}
