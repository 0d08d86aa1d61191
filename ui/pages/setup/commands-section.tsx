import { useEffect, useState } from 'react';
import { ConfirmDialog, MessageLine, StateMark, useDeed } from '../../components/index.ts';
import { t } from '../../i18n/index.ts';
import { cells, keplerctlSearch, runOnce, settings as store, type Row } from '../../splunkd/index.ts';
import { DeedButton } from './deed-button.tsx';
import { settingOf } from './status.ts';

/** The folder of Splunk's Machine Learning Toolkit. */
const TOOLKIT = 'Splunk_ML_Toolkit';

/** Where `fit`, `apply` and `summary` mean Kepler's: in this app, or in all. Asks first, saying what that changes. */
export function CommandsSection(props: { settings: readonly Row[]; onChanged: () => void }) {
  const { settings, onChanged } = props;
  const row = settingOf(settings, 'export');
  const everywhere = cells.text(row?.value) === 'global';
  const mixed = cells.text(row?.value) === 'mixed';
  const [toolkit, setToolkit] = useState(false);
  const [asking, setAsking] = useState(false);
  const [said, setSaid] = useState('');
  const deed = useDeed();

  useEffect(() => {
    let gone = false;
    store.hasApp(TOOLKIT).then(
      (has) => {
        if (!gone) setToolkit(has);
      },
      // Who may not list apps is told by the command itself when the Toolkit is there.
      () => undefined,
    );
    return () => {
      gone = true;
    };
  }, []);

  const change = (): void => {
    const to = everywhere ? 'app' : 'global';
    deed.run(
      () =>
        runOnce(
          keplerctlSearch('set', undefined, { export: to, ...(toolkit && !everywhere && { force: true }) }),
        ),
      () => {
        setAsking(false);
        setSaid(
          everywhere
            ? t('fit, apply and summary are Kepler’s in this app only.')
            : t('fit, apply and summary are Kepler’s in all apps.'),
        );
        onChanged();
      },
    );
  };

  return (
    <section className="k-panel k-stack" aria-labelledby="setup-commands">
      <div>
        <h2 id="setup-commands">{t('Where the commands work')}</h2>
        <p>
          {t(
            'fit, apply, summary, score, sample, listmodels and deletemodel have these names in this app. In every other app they have a k in front: kfit, kapply, ksummary.',
          )}
        </p>
      </div>
      {said !== '' && <MessageLine type="success" title={said} onClose={() => setSaid('')} />}
      <StateMark state={everywhere ? 'ok' : mixed ? 'attention' : 'idle'}>
        {everywhere
          ? t('The plain names work in all apps')
          : mixed
            ? t('The plain names work in all apps for some commands only')
            : t('The plain names work in this app only')}
      </StateMark>
      <div className="k-row">
        <DeedButton
          label={everywhere ? t('Back to this app only…') : t('Export to all apps…')}
          busy={deed.busy}
          onClick={() => {
            deed.clear();
            setSaid('');
            setAsking(true);
          }}
        />
      </div>
      <ConfirmDialog
        open={asking}
        title={everywhere ? t('Back to this app only?') : t('Export the commands to all apps?')}
        confirm={everywhere ? t('Back to this app only') : t('Export to all apps')}
        busy={deed.busy}
        error={deed.error}
        onConfirm={change}
        onClose={() => setAsking(false)}
      >
        {everywhere ? (
          <p>
            {t(
              'Searches of other apps that say fit or apply then fail, or reach the Machine Learning Toolkit where it is installed.',
            )}
          </p>
        ) : toolkit ? (
          <MessageLine type="warning" title={t('The Machine Learning Toolkit is installed')}>
            {t(
              'Its own apps still find its fit, apply and summary first. In every other app two commands would have the same name, and saved searches there may come to be answered by Kepler, which does not read the Toolkit’s models. kfit, kapply and ksummary are Kepler’s in all apps without that.',
            )}
          </MessageLine>
        ) : (
          <p>
            {t(
              'Every search of every app can then say fit, apply and summary. Should the Machine Learning Toolkit be installed later, two commands would have these names: come back here first.',
            )}
          </p>
        )}
      </ConfirmDialog>
    </section>
  );
}
