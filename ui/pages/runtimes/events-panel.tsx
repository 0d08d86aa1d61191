import { DataStates, SkeletonTable } from '../../components/index.ts';
import { format, t } from '../../i18n/index.ts';
import { cells, keplerSearch, useRows } from '../../splunkd/index.ts';

/** What happened to a runtime's container, newest first. */
export function EventsPanel({ name }: { name: string }) {
  const events = useRows(keplerSearch('runtimes', name, { events: 100 }), { refreshSeconds: 15 });
  return (
    <DataStates
      data={events}
      loading={<SkeletonTable rows={4} columns={3} />}
      empty={<p>{t('Nothing has happened to it yet.')}</p>}
      failedTitle={t('The events could not be read.')}
    >
      <div className="k-table-frame k-scroll" role="region" aria-label={t('Events')} tabIndex={0}>
        <table className="k-table">
          <thead>
            <tr>
              <th scope="col">{t('Time')}</th>
              <th scope="col">{t('Event')}</th>
              <th scope="col">{t('In words')}</th>
            </tr>
          </thead>
          <tbody>
            {events.rows.map((row, at) => (
              <tr key={at}>
                <td className="k-number">{format.moment(cells.time(row._time))}</td>
                <td>{cells.text(row.event)}</td>
                <td>{cells.text(row.text)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </DataStates>
  );
}
