import ControlGroup from '@splunk/react-ui/ControlGroup';
import Select from '@splunk/react-ui/Select';
import { useState, type ReactElement } from 'react';
import { ConfirmDialog, DataStates, SkeletonLines } from '../../components/index.ts';
import { format, t } from '../../i18n/index.ts';
import { APP, cells, keplerSearch, useRows } from '../../splunkd/index.ts';
import type { DeedDialogProps } from './deed-dialog.ts';
import { metricText } from './model-line.tsx';
import { addressOfModel } from './model-row.ts';
import { useChange } from './use-change.ts';

/** Makes a version the champion. Both versions are named; the newest that is not champion is proposed. */
export function PromoteDialog(
  props: DeedDialogProps & { readonly version: number | undefined },
): ReactElement {
  const { model, user, onClose, returnFocus } = props;
  const { busy, error, run } = useChange(props);
  const [picked, setPicked] = useState(props.version);
  const { reference, ...whose } = addressOfModel(model, user, APP);
  const versions = useRows(keplerSearch('versions', reference, whose));
  const offered = versions.rows
    .filter((row) => cells.text(row.state) !== 'damaged')
    .map((row) => ({
      version: cells.number(row.version) ?? 0,
      created: cells.number(row.created),
      metric: cells.text(row.metric),
      value: cells.number(row.metric_value),
    }))
    .filter(({ version }) => version !== model.champion)
    .sort((a, b) => b.version - a.version);
  const version = picked ?? offered[0]?.version;
  return (
    <ConfirmDialog
      open
      title={t('Promote a version of {name}', { name: model.name })}
      confirm={version === undefined ? t('Promote') : t('Promote v{version}', { version })}
      busy={busy || version === undefined}
      error={error}
      onConfirm={() =>
        version !== undefined &&
        run('promote', { version }, () =>
          t('{name}: champion is now v{version}. Its menu can roll back.', {
            name: model.name,
            version,
          }),
        )
      }
      onClose={onClose}
      returnFocus={returnFocus}
    >
      <DataStates data={versions} loading={<SkeletonLines lines={2} />}>
        {offered.length === 0 ? (
          <p>{t('There is no other version to promote.')}</p>
        ) : (
          <>
            <p>
              {model.champion === undefined
                ? t('Searches that apply {name} without a version will use v{version} from now on.', {
                    name: model.name,
                    version: version ?? '',
                  })
                : t(
                    'Searches that apply {name} without a version use v{champion} now; they will use v{version} from now on.',
                    { name: model.name, champion: model.champion, version: version ?? '' },
                  )}
            </p>
            <ControlGroup label={t('Version')} labelPosition="top">
              <Select
                value={version}
                filter={offered.length > 8}
                onChange={(_event, { value }) => setPicked(Number(value))}
              >
                {offered.map((one) => (
                  <Select.Option
                    key={one.version}
                    value={one.version}
                    label={`v${one.version}`}
                    description={
                      one.value === undefined
                        ? format.moment(one.created)
                        : `${one.metric} ${metricText(one.value)} · ${format.moment(one.created)}`
                    }
                  />
                ))}
              </Select>
            </ControlGroup>
          </>
        )}
      </DataStates>
    </ConfirmDialog>
  );
}
