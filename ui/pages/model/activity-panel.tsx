import RadioBar from '@splunk/react-ui/RadioBar';
import { useState, type ReactElement } from 'react';
import { ActivityChart } from '../../charts/activity-chart.tsx';
import { withIdle, type ActivityBucket } from '../../charts/shapes/activity.ts';
import { DataStates, SkeletonLines, SkeletonTable, StateMark } from '../../components/index.ts';
import { format, saidWithCode, t } from '../../i18n/index.ts';
import { cells, useRows, type Row } from '../../splunkd/index.ts';

export interface ActivityPanelProps {
  readonly search: (noun: string, version?: number, options?: Readonly<Record<string, string>>) => string;
}

const hour = 3600;
const ranges = {
  '24h': { since: '-24h', span: '1h', seconds: 24 * hour, step: hour },
  '7d': { since: '-7d', span: '1h', seconds: 7 * 24 * hour, step: hour },
  '30d': { since: '-30d', span: '1d', seconds: 30 * 24 * hour, step: 24 * hour },
} as const;
type Range = keyof typeof ranges;

const bucketOf = (row: Row): ActivityBucket => ({
  at: cells.time(row._time) ?? 0,
  searches: cells.number(row.searches) ?? 0,
  rows: cells.number(row.rows) ?? 0,
  errors: cells.number(row.errors) ?? 0,
  p50: cells.number(row.p50_ms),
  p95: cells.number(row.p95_ms),
});

/** How a model is used: by hour or day, and the last searches with what went wrong in them. */
export function ActivityPanel({ search }: ActivityPanelProps): ReactElement {
  const [range, setRange] = useState<Range>('24h');
  const { since, span, seconds, step } = ranges[range];
  const data = useRows(search('runs', undefined, { since, span }), { refreshSeconds: 60 });
  const now = data.updatedAt ?? 0;
  const buckets = withIdle(data.rows.map(bucketOf), now - seconds, now, step);
  const label = (at: number): string => (step === hour ? format.clock(at).slice(0, 5) : format.day(at));
  return (
    <div className="k-stack">
      <div>
        <RadioBar
          inline
          value={range}
          aria-label={t('Time')}
          onChange={(_event, { value }) => setRange(value as Range)}
        >
          <RadioBar.Option value="24h" label={t('24 hours')} />
          <RadioBar.Option value="7d" label={t('7 days')} />
          <RadioBar.Option value="30d" label={t('30 days')} />
        </RadioBar>
      </div>
      <DataStates
        data={data}
        loading={
          <div className="k-panel">
            <SkeletonLines lines={10} />
          </div>
        }
        empty={<p>{t('No search has used it in this time.')}</p>}
      >
        <ActivityChart buckets={buckets} label={label} />
      </DataStates>
      <LastSearches search={search} />
    </div>
  );
}

function LastSearches({ search }: ActivityPanelProps): ReactElement {
  const data = useRows(search('runs', undefined, { since: '-7d', count: '50' }), { refreshSeconds: 60 });
  return (
    <section className="k-stack-small">
      <h2>{t('Last searches')}</h2>
      <DataStates
        data={data}
        loading={<SkeletonTable rows={5} columns={6} />}
        empty={<p>{t('No search has used it in the last 7 days.')}</p>}
      >
        <div className="k-table-frame k-scroll" tabIndex={0} role="region" aria-label={t('Last searches')}>
          <table className="k-table">
            <thead>
              <tr>
                <th scope="col">{t('Time')}</th>
                <th scope="col">{t('What')}</th>
                <th scope="col">{t('State')}</th>
                <th scope="col">{t('Version')}</th>
                <th scope="col">{t('User')}</th>
                <th scope="col" className="k-end">
                  {t('Rows')}
                </th>
                <th scope="col" className="k-end">
                  {t('Took')}
                </th>
                <th scope="col">{t('Message')}</th>
              </tr>
            </thead>
            <tbody>
              {data.rows.map((row, index) => (
                <tr key={`${cells.text(row._time)} ${cells.text(row.sid)} ${index}`}>
                  <td title={format.moment(cells.time(row._time))}>{format.ago(cells.time(row._time))}</td>
                  <td>{cells.text(row.kind)}</td>
                  <td>
                    <Outcome status={cells.text(row.status)} />
                  </td>
                  <td>{cells.text(row.version) === '' ? format.NO_VALUE : `v${cells.text(row.version)}`}</td>
                  <td>{cells.text(row.user)}</td>
                  <td className="k-end">{format.number(cells.number(row.rows))}</td>
                  <td className="k-end">{format.milliseconds(cells.number(row.ms))}</td>
                  <td>
                    {saidWithCode(cells.text(row.message), cells.text(row.code))}
                    {cells.text(row.code) !== '' && <span className="k-mono"> {cells.text(row.code)}</span>}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </DataStates>
    </section>
  );
}

function Outcome({ status }: { readonly status: string }): ReactElement {
  if (status === 'error') return <StateMark state="failed">{t('Failed')}</StateMark>;
  if (status === 'cancelled') return <StateMark state="idle">{t('Cancelled')}</StateMark>;
  return <StateMark state="ok">{t('Done')}</StateMark>;
}
