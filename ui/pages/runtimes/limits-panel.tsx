import Button from '@splunk/react-ui/Button';
import { DataStates, FactStrip, pageURL, SkeletonTable, type Fact } from '../../components/index.ts';
import { format, t } from '../../i18n/index.ts';
import { cells, keplerSearch, useRows } from '../../splunkd/index.ts';
import type { Runtime } from './runtime.ts';
import { cpuOf, memoryOf } from './summary.ts';

function factsOf(runtime: Runtime): Fact[] {
  const { pids, pidsLimit } = runtime;
  const processes =
    pids === undefined || pidsLimit === undefined
      ? format.number(pids)
      : t('{used} of {limit}', { used: format.number(pids), limit: format.number(pidsLimit) });
  return [
    { label: t('CPU'), value: cpuOf(runtime) },
    { label: t('Memory'), value: memoryOf(runtime) },
    { label: t('Processes and threads'), value: processes },
    {
      label: t('Free disk space'),
      value: format.bytes(runtime.diskFree),
      title: format.number(runtime.diskFree),
    },
    { label: t('Models'), value: format.number(runtime.models) },
    { label: t('Restarts'), value: format.number(runtime.restarts) },
    { label: t('Wait for the event loop'), value: format.milliseconds(runtime.loopDelay) },
    { label: t('Address'), value: runtime.url || format.NO_VALUE },
    { label: t('Container'), value: runtime.container || format.NO_VALUE },
  ];
}

/** What the runtime may use and uses, and what each role may. */
export function LimitsPanel({ runtime, onChange }: { runtime: Runtime; onChange: () => void }) {
  const quotas = useRows(keplerSearch('runtimes', runtime.name, { quotas: true }), { refreshSeconds: 30 });
  const unlimited = t('no limit');
  return (
    <div className="k-stack">
      <FactStrip facts={factsOf(runtime)} />
      {runtime.mayChange && (
        <div className="k-row">
          {runtime.ofEngine && (
            <Button appearance="secondary" label={t('Change the limits…')} onClick={onChange} />
          )}
          {runtime.state === 'running' && (
            <Button
              appearance="secondary"
              label={t('What one search may take')}
              to={pageURL('setup', { step: 'limits', runtime: runtime.name })}
            />
          )}
        </div>
      )}
      {!runtime.ofEngine && (
        <p>{t('It runs elsewhere: its log and its limits of CPU and memory are where it was started.')}</p>
      )}
      <h3>{t('Quotas by role')}</h3>
      <DataStates
        data={quotas}
        loading={<SkeletonTable rows={3} columns={4} />}
        empty={<p>{t('No role has a quota of its own.')}</p>}
        failedTitle={t('The quotas could not be read.')}
      >
        <div className="k-table-frame">
          <table className="k-table">
            <thead>
              <tr>
                <th scope="col">{t('Role')}</th>
                <th scope="col" className="k-end">
                  {t('Fits at once')}
                </th>
                <th scope="col" className="k-end">
                  {t('Rows of a fit')}
                </th>
                <th scope="col" className="k-end">
                  {t('Run now')}
                </th>
              </tr>
            </thead>
            <tbody>
              {quotas.rows.map((row) => {
                const role = cells.text(row.role);
                const fits = cells.number(row.fits_at_once);
                const rows = cells.number(row.max_rows);
                return (
                  <tr key={role}>
                    <td>{role === '*' ? t('everybody') : role}</td>
                    <td className="k-end">{fits === undefined ? unlimited : format.number(fits)}</td>
                    <td className="k-end">{rows === undefined ? unlimited : format.number(rows)}</td>
                    <td className="k-end">{format.number(cells.number(row.running))}</td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </div>
      </DataStates>
    </div>
  );
}
