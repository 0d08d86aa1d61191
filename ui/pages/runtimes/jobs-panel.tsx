import Button from '@splunk/react-ui/Button';
import { useState } from 'react';
import { DataStates, FailureMessage, ProgressLine, SkeletonTable, useDeed } from '../../components/index.ts';
import { format, said, t } from '../../i18n/index.ts';
import { cells, useRows, type Row } from '../../splunkd/index.ts';
import { cancelJob, jobsSearch } from './change.ts';

const { flag, number, text } = cells;

/** The jobs of a runtime: what each does, how far it is, why it waits. */
export function JobsPanel({ runtime, onDone }: { runtime: string; onDone: (said: string) => void }) {
  const jobs = useRows(jobsSearch(runtime), { refreshSeconds: 5 });
  const deed = useDeed();
  const [cancelling, setCancelling] = useState<string>();
  const cancel = (job: string): void => {
    setCancelling(job);
    deed.run(
      () => cancelJob(job, runtime),
      () => {
        onDone(t('The job {job} was cancelled.', { job }));
        jobs.reload();
      },
    );
  };
  return (
    <div className="k-stack-small">
      {deed.error && (
        <FailureMessage error={deed.error} title={t('The job was not cancelled.')} onClose={deed.clear} />
      )}
      <DataStates
        data={jobs}
        loading={<SkeletonTable rows={3} columns={5} />}
        empty={<p>{t('No job runs or waits.')}</p>}
        failedTitle={t('The jobs could not be read.')}
      >
        <div className="k-table-frame k-scroll" role="region" aria-label={t('Jobs')} tabIndex={0}>
          <table className="k-table">
            <thead>
              <tr>
                <th scope="col">{t('Search')}</th>
                <th scope="col">{t('User')}</th>
                <th scope="col">{t('Stage')}</th>
                <th scope="col" className="k-end">
                  {t('Rows')}
                </th>
                <th scope="col" className="k-end">
                  {t('Since')}
                </th>
                <th scope="col">
                  <span className="k-hidden">{t('Actions')}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {jobs.rows.map((row) => (
                <JobLine
                  key={text(row.job)}
                  row={row}
                  busy={deed.busy && cancelling === text(row.job)}
                  onCancel={cancel}
                />
              ))}
            </tbody>
          </table>
        </div>
      </DataStates>
    </div>
  );
}

function JobLine({ row, busy, onCancel }: { row: Row; busy: boolean; onCancel: (job: string) => void }) {
  const job = text(row.job);
  const progress = number(row.progress);
  const rows = number(row.rows);
  const name = text(row.model) || text(row.kind);
  return (
    <tr>
      <td className="k-job-search">
        <span className="k-mono" title={text(row.search)}>
          {text(row.search) || name}
        </span>
      </td>
      <td>{text(row.user)}</td>
      <td>
        <span className="k-stack-small k-job-stage">
          <span>{stageOf(row)}</span>
          {progress !== undefined && (
            <ProgressLine value={progress} label={t('Progress of {name}', { name })} />
          )}
        </span>
      </td>
      <td className="k-end" title={format.number(rows)}>
        {format.compact(rows)}
      </td>
      <td className="k-end" title={format.moment(number(row.started))}>
        {format.duration(number(row.elapsed_s))}
      </td>
      <td className="k-end">
        {flag(row.may_cancel) && (
          <Button
            appearance="secondary"
            label={busy ? t('Cancelling') : t('Cancel')}
            aria-label={t('Cancel {name} of {user}', { name, user: text(row.user) })}
            disabled={busy ? 'dimmed' : false}
            onClick={() => {
              if (!busy) onCancel(job);
            }}
          />
        )}
      </td>
    </tr>
  );
}

/** What it does just now; of one that waits its place and why. */
function stageOf(row: Row): string {
  const state = text(row.state);
  const stage = text(row.stage);
  const progress = number(row.progress);
  const words: Readonly<Record<string, string>> = {
    receiving: t('takes rows'),
    queued: t('waits'),
    running: t('works'),
    replying: t('sends rows'),
  };
  if (state === 'queued') {
    const position = number(row.position);
    const place = position === undefined ? t('waits') : t('waits as number {n}', { n: position });
    const reason = said(text(row.reason));
    return reason === '' ? place : t('{place}: {reason}', { place, reason });
  }
  const doing = stage === '' ? (words[state] ?? state) : said(stage);
  return progress === undefined
    ? doing
    : t('{stage}, {percent}', { stage: doing, percent: format.percent(progress) });
}
