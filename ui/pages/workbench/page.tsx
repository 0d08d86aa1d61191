import Button from '@splunk/react-ui/Button';
import type { ReactElement } from 'react';
import { useMay } from '../../app/user.tsx';
import {
  DataStates,
  FailureMessage,
  MessageLine,
  PageHead,
  SkeletonTable,
  StateMark,
  useDeed,
} from '../../components/index.ts';
import { count, format, t } from '../../i18n/index.ts';
import { cells, keplerSearch, keplerctlSearch, runOnce, useRows, type Row } from '../../splunkd/index.ts';

/** What data scientists have here: their templates and the data sets that were staged, and the way into the workbench. */
export function Page(): ReactElement {
  const may = useMay('edit_kepler_templates');
  const templates = useRows(keplerSearch('templates'), { refreshSeconds: 10 });
  const datasets = useRows(keplerSearch('datasets'), { refreshSeconds: 10 });
  const opening = useDeed();
  const own = templates.rows.filter((row) => cells.text(row.origin) === 'user');

  const open = (): void => {
    // At once, in answer to the click: a tab that opens later is one that browsers hold back.
    const tab = window.open('', '_blank');
    if (tab) tab.opener = null;
    opening.run(
      async () => {
        try {
          return await runOnce(keplerctlSearch('workbench'));
        } catch (error) {
          tab?.close();
          throw error;
        }
      },
      ({ rows }) => {
        const url = cells.text(rows[0]?.url);
        if (tab) tab.location.replace(url);
        else window.location.assign(url);
      },
    );
  };

  return (
    <>
      <PageHead
        title={t('Workbench')}
        facts={[
          templates.updatedAt !== undefined && counted(own.length, 'templates'),
          datasets.updatedAt !== undefined && counted(latest(datasets.rows).length, 'sets'),
        ]}
        actions={
          may === true && (
            <Button
              appearance="primary"
              label={opening.busy ? t('Opening') : t('Open the workbench')}
              disabled={opening.busy ? 'dimmed' : false}
              onClick={() => !opening.busy && open()}
            />
          )
        }
      />
      <div className="k-lines">
        {opening.error && <FailureMessage error={opening.error} title={t('The workbench was not opened.')} />}
        {may === false && (
          <MessageLine type="info" title={t('The workbench is for those who write templates')}>
            {t(
              'It needs the capability edit_kepler_templates, which the roles kepler_admin and kepler_author have. Ask your Splunk administrator.',
            )}
          </MessageLine>
        )}
      </div>
      <div className="k-stack">
        <div className="k-stack-small">
          <h2>{t('Templates')}</h2>
          <DataStates
            data={templates}
            loading={<SkeletonTable rows={3} columns={4} />}
            failedTitle={t('The templates could not be read.')}
          >
            {own.length === 0 ? (
              <p>
                {t(
                  'No template of your own yet. The workbench makes one from the base template; any editor that saves into the folder of templates does as well.',
                )}
              </p>
            ) : (
              <Templates rows={own} />
            )}
          </DataStates>
        </div>
        <div className="k-stack-small">
          <h2>{t('Data sets')}</h2>
          <DataStates
            data={datasets}
            loading={<SkeletonTable rows={3} columns={4} />}
            failedTitle={t('The data sets could not be read.')}
            empty={
              <p>
                {t(
                  'None is staged. End a search with | fit <template> mode=stage <target> from <fields> into <name> to try templates on its rows.',
                )}
              </p>
            }
          >
            <Datasets rows={latest(datasets.rows)} />
          </DataStates>
        </div>
      </div>
    </>
  );
}

function counted(n: number, what: 'templates' | 'sets'): string {
  return what === 'templates'
    ? count(n, '{n} template', '{n} templates', { n: format.number(n) })
    : count(n, '{n} data set', '{n} data sets', { n: format.number(n) });
}

/** The newest version of each data set: it comes first. */
function latest(rows: readonly Row[]): readonly Row[] {
  const key = (row: Row): string =>
    JSON.stringify([
      cells.text(row.namespace),
      cells.text(row.owner),
      cells.text(row.app),
      cells.text(row.name),
    ]);
  return rows.filter((row, at) => rows.findIndex((one) => key(one) === key(row)) === at);
}

function Templates({ rows }: { readonly rows: readonly Row[] }): ReactElement {
  return (
    <div className="k-table-frame k-scroll" role="region" aria-label={t('Templates')} tabIndex={0}>
      <table className="k-table">
        <thead>
          <tr>
            <th scope="col">{t('Name')}</th>
            <th scope="col">{t('State')}</th>
            <th scope="col">{t('Version')}</th>
            <th scope="col">{t('Kind')}</th>
            <th scope="col">{t('About')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => {
            const error = cells.text(row.error);
            return (
              <tr key={cells.text(row.name)}>
                <td className="k-strong">{cells.text(row.name)}</td>
                <td>
                  {error === '' ? (
                    <StateMark state="ok">{t('Served')}</StateMark>
                  ) : (
                    <StateMark state="failed">{t('Not served')}</StateMark>
                  )}
                </td>
                <td>{cells.text(row.version) || format.NO_VALUE}</td>
                <td>{cells.text(row.kind) || format.NO_VALUE}</td>
                <td>{error === '' ? cells.text(row.about) : error}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function Datasets({ rows }: { readonly rows: readonly Row[] }): ReactElement {
  return (
    <div className="k-table-frame k-scroll" role="region" aria-label={t('Data sets')} tabIndex={0}>
      <table className="k-table">
        <thead>
          <tr>
            <th scope="col">{t('Name')}</th>
            <th scope="col" className="k-end">
              {t('Version')}
            </th>
            <th scope="col" className="k-end">
              {t('Rows')}
            </th>
            <th scope="col">{t('Predicts')}</th>
            <th scope="col">{t('Template')}</th>
            <th scope="col">{t('Owner')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row, at) => (
            <tr key={at}>
              <td className="k-strong">
                {cells.text(row.namespace) === 'app' ? `app:${cells.text(row.name)}` : cells.text(row.name)}
              </td>
              <td className="k-end">{cells.text(row.version)}</td>
              <td className="k-end">{format.number(cells.number(row.rows))}</td>
              <td>{cells.text(row.target) || format.NO_VALUE}</td>
              <td>{cells.text(row.template)}</td>
              <td>{cells.text(row.owner)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
