import type { ReactElement } from 'react';
import { ConfirmDialog } from '../../components/index.ts';
import { t } from '../../i18n/index.ts';
import type { Change } from './change.ts';
import type { DeedDialogProps } from './deed-dialog.ts';
import { useChange } from './use-change.ts';

/** Makes the version champion again that was it before. */
export function RollbackDialog(props: DeedDialogProps): ReactElement {
  const { model, onClose, returnFocus } = props;
  const { busy, error, run } = useChange(props);
  const said = ([change]: readonly Change[]): string =>
    t('{name}: the champion was {before} and is now {after}.', {
      name: model.name,
      before: versionWord(change.before),
      after: versionWord(change.after),
    });
  return (
    <ConfirmDialog
      open
      title={t('Roll back {name}?', { name: model.name })}
      confirm={t('Roll back to v{version}', { version: model.previous ?? '' })}
      busy={busy}
      error={error}
      onConfirm={() => run('rollback', {}, said)}
      onClose={onClose}
      returnFocus={returnFocus}
    >
      <p>
        {t(
          'The champion is v{champion}. v{previous}, which was champion before it, takes its place; v{champion} stays and can be promoted again.',
          { champion: model.champion ?? '', previous: model.previous ?? '' },
        )}
      </p>
    </ConfirmDialog>
  );
}

const versionWord = (text: string): string => (/^\d+$/.test(text) ? `v${text}` : text);
