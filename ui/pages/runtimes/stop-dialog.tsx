import { ConfirmDialog, SkeletonLines, type Deed } from '../../components/index.ts';
import { count, format, t } from '../../i18n/index.ts';
import { cells, useRows } from '../../splunkd/index.ts';
import { jobsSearch, type RuntimeVerb } from './change.ts';
import type { Runtime } from './runtime.ts';

export interface StopDialogProps {
  runtime: Runtime;
  verb: Exclude<RuntimeVerb, 'start'>;
  deed: Deed;
  onConfirm: () => void;
  onClose: () => void;
}

/** Asks before jobs are ended, naming them, and before a container is removed. */
export function StopDialog({ runtime, verb, deed, onConfirm, onClose }: StopDialogProps) {
  const { name } = runtime;
  const ended = (runtime.runningJobs ?? 0) + (runtime.queuedJobs ?? 0);
  const jobs = useRows(ended > 0 ? jobsSearch(name) : null);
  const title = {
    stop: t('Stop {name}?', { name }),
    restart: t('Restart {name}?', { name }),
    remove: t('Remove {name}?', { name }),
  }[verb];
  const confirm = {
    stop: count(ended, 'Stop it and end {n} job', 'Stop it and end {n} jobs', { n: format.number(ended) }),
    restart: t('Restart {name}', { name }),
    remove: t('Remove the container'),
  }[verb];
  return (
    <ConfirmDialog
      open
      title={title}
      confirm={confirm}
      destructive
      {...(verb === 'remove' && ended > 0 && { typeName: name })}
      busy={deed.busy}
      error={deed.error}
      onConfirm={onConfirm}
      onClose={onClose}
    >
      {verb === 'remove' && (
        <p>
          {t('Its container is removed. Its models stay in their volume, and starting it again finds them.')}
        </p>
      )}
      {ended > 0 && (
        <>
          <p>
            {count(
              ended,
              '{n} job is under way. It ends, and its search fails:',
              '{n} jobs are under way. They end, and their searches fail:',
              { n: format.number(ended) },
            )}
          </p>
          {jobs.state === 'loading' && <SkeletonLines lines={2} />}
          <ul className="k-stop-jobs">
            {jobs.rows.map((row) => (
              <li key={cells.text(row.job)}>
                {t('{what} of {user}, for {time}', {
                  what: [cells.text(row.kind), cells.text(row.model)].filter(Boolean).join(' '),
                  user: cells.text(row.user),
                  time: format.duration(cells.number(row.elapsed_s)),
                })}
              </li>
            ))}
          </ul>
        </>
      )}
    </ConfirmDialog>
  );
}
