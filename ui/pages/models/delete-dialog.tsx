import { useEffect, useState, type ReactElement } from 'react';
import { ConfirmDialog, MessageLine } from '../../components/index.ts';
import { count, format, t } from '../../i18n/index.ts';
import type { DeedDialogProps } from './deed-dialog.ts';
import { scheduledUses } from './in-use.ts';
import { useChange } from './use-change.ts';

/**
 * Deletes a model or one version. Says what breaks by name; a model that is in use wants its name typed. While it is
 * not known which scheduled searches use it, the name is wanted too.
 */
export function DeleteDialog(
  props: DeedDialogProps & { readonly version: number | undefined },
): ReactElement {
  const { model, version, onClose, returnFocus } = props;
  const { busy, error, run } = useChange(props);
  const scheduled = useScheduled(model.name);
  const whole = version === undefined;
  const searches = model.searches24h ?? 0;
  const inUse =
    whole && (searches > 0 || scheduled === 'unknown' || (Array.isArray(scheduled) && scheduled.length > 0));
  const { name, versions } = model;
  return (
    <ConfirmDialog
      open
      destructive
      title={whole ? t('Delete {name}?', { name }) : t('Delete v{version} of {name}?', { version, name })}
      confirm={
        whole
          ? count(versions, 'Delete {n} version', 'Delete {n} versions', { n: format.number(versions) })
          : t('Delete v{version}', { version })
      }
      {...(inUse && { typeName: name })}
      busy={busy || scheduled === undefined}
      error={error}
      onConfirm={() =>
        run('delete', version === undefined ? {} : { version }, () =>
          whole ? t('{name} is deleted.', { name }) : t('{name}: v{version} is deleted.', { name, version }),
        )
      }
      onClose={onClose}
      returnFocus={returnFocus}
    >
      <p>
        {whole
          ? count(
              versions,
              'Its {n} version, its metrics and its ONNX file are removed. This cannot be undone.',
              'All {n} versions, their metrics and ONNX files are removed. This cannot be undone.',
              { n: format.number(versions) },
            )
          : t('The version, its metrics and its ONNX file are removed. This cannot be undone.')}
      </p>
      {version !== undefined && version === model.champion && (
        <div className="k-lines">
          <MessageLine type="warning" title={t('v{version} is the champion', { version })}>
            {t('Searches that apply {name} without a version use it. Promote another version first.', {
              name,
            })}
          </MessageLine>
        </div>
      )}
      {inUse && (
        <div className="k-lines">
          <MessageLine type="warning" title={t('It is in use')}>
            {count(
              searches,
              'It was applied {n} time in the last 24 hours.',
              'It was applied {n} times in the last 24 hours.',
              { n: format.number(searches) },
            )}{' '}
            {Array.isArray(scheduled) && scheduled.length > 0
              ? t('Scheduled searches that use it: {names}. They will fail with “model not found”.', {
                  names: new Intl.ListFormat(document.documentElement.lang || 'en').format(scheduled),
                })
              : scheduled === 'unknown'
                ? t('Which scheduled searches use it could not be read.')
                : t('Searches that apply it will fail with “model not found”.')}
          </MessageLine>
        </div>
      )}
    </ConfirmDialog>
  );
}

/** Names of scheduled searches; undefined until they are known, 'unknown' where they cannot be read. */
function useScheduled(name: string): readonly string[] | 'unknown' | undefined {
  const [known, setKnown] = useState<readonly string[] | 'unknown'>();
  useEffect(() => {
    const abort = new AbortController();
    scheduledUses({ name }, abort.signal).then(setKnown, () => abort.signal.aborted || setKnown('unknown'));
    return () => abort.abort();
  }, [name]);
  return known;
}
