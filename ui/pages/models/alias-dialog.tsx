import ControlGroup from '@splunk/react-ui/ControlGroup';
import Text from '@splunk/react-ui/Text';
import { useState, type ReactElement } from 'react';
import { ConfirmDialog } from '../../components/index.ts';
import { t } from '../../i18n/index.ts';
import type { DeedDialogProps } from './deed-dialog.ts';
import { useChange } from './use-change.ts';

/** Points an alias at a version. An alias that exists moves; the runtime checks its form. */
export function AliasDialog(props: DeedDialogProps & { readonly version: number }): ReactElement {
  const { model, version, onClose, returnFocus } = props;
  const { busy, error, run } = useChange(props);
  const [typed, setTyped] = useState('');
  const alias = typed.trim();
  const was = model.aliases.get(alias);
  return (
    <ConfirmDialog
      open
      title={t('Name v{version} of {name}', { version, name: model.name })}
      confirm={t('Set the alias')}
      busy={busy || alias === ''}
      error={error}
      onConfirm={() =>
        run('alias', { version, name: alias }, () =>
          t('{name}: {alias} is now v{version}.', { name: model.name, alias, version }),
        )
      }
      onClose={onClose}
      returnFocus={returnFocus}
    >
      <p>
        {was === undefined || was === version
          ? t('Searches can then say {name}@<alias> and need no number.', { name: model.name })
          : t('The alias {alias} points at v{was} now; it moves to v{version}.', { alias, was, version })}
      </p>
      <ControlGroup label={t('Alias')} labelPosition="top">
        <Text value={typed} onChange={(_event, { value }) => setTyped(value)} autoComplete="off" />
      </ControlGroup>
    </ConfirmDialog>
  );
}
