import type { ReactElement } from 'react';
import { ConfirmDialog } from '../../components/index.ts';
import { t } from '../../i18n/index.ts';
import type { DeedDialogProps } from './deed-dialog.ts';
import { useChange } from './use-change.ts';

/** Takes an alias from a version; the version stays. */
export function UnaliasDialog(
  props: DeedDialogProps & { readonly version: number; readonly alias: string },
): ReactElement {
  const { model, version, alias, onClose, returnFocus } = props;
  const { busy, error, run } = useChange(props);
  const { name } = model;
  return (
    <ConfirmDialog
      open
      title={t('Take the alias {alias} away from v{version}?', { alias, version })}
      confirm={t('Take the alias away')}
      busy={busy}
      error={error}
      onConfirm={() =>
        run('alias', { version, name: alias, remove: true }, () =>
          t('{name}: {alias} no longer points at a version.', { name, alias }),
        )
      }
      onClose={onClose}
      returnFocus={returnFocus}
    >
      <p>{t('Searches that say {name}@{alias} will fail. The version itself stays.', { name, alias })}</p>
    </ConfirmDialog>
  );
}
