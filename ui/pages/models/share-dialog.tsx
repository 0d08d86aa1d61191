import type { ReactElement } from 'react';
import { ConfirmDialog } from '../../components/index.ts';
import { t } from '../../i18n/index.ts';
import type { DeedDialogProps } from './deed-dialog.ts';
import { useChange } from './use-change.ts';

/** Moves a model from its owner to the app, or back. Searches name it differently afterwards: that is said first. */
export function ShareDialog(props: DeedDialogProps): ReactElement {
  const { model, onClose, returnFocus } = props;
  const { busy, error, run } = useChange(props);
  const { name } = model;
  const toApp = model.namespace !== 'app';
  return (
    <ConfirmDialog
      open
      title={toApp ? t('Share {name} with the app?', { name }) : t('Make {name} private?', { name })}
      confirm={toApp ? t('Share with the app') : t('Make private')}
      busy={busy}
      error={error}
      onConfirm={() =>
        run('share', { to: toApp ? 'app' : 'private' }, () =>
          toApp
            ? t('{name} now belongs to the app: searches name it app:{name}.', { name })
            : t('{name} is now private: searches name it {name}.', { name }),
        )
      }
      onClose={onClose}
      returnFocus={returnFocus}
    >
      <p>
        {toApp
          ? t(
              'All its versions move to the app: everyone who may read the app can apply it, as app:{name}. In other apps searches that say {name} no longer find it.',
              { name },
            )
          : t(
              'All its versions become yours alone. Searches of others that say app:{name} fail with “model not found”.',
              { name },
            )}
      </p>
    </ConfirmDialog>
  );
}
