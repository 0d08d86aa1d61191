import Button from '@splunk/react-ui/Button';
import { useState } from 'react';
import {
  CopyButton,
  FailureMessage,
  MessageLine,
  pageURL,
  SearchLink,
  StateMark,
  useDeed,
} from '../../components/index.ts';
import { format, t } from '../../i18n/index.ts';
import { cells, keplerSearch, runOnce, settings as store } from '../../splunkd/index.ts';
import { firstModelSearch } from '../models/example.ts';
import { DeedButton } from './deed-button.tsx';
import { StepFrame } from './step-frame.tsx';

const MODEL = 'my_first_model';

interface Fitted {
  readonly seconds: number;
  readonly rows: number;
  readonly metric: string;
  readonly value: number | undefined;
}

/** Fits the example and reads what came of it; then Splunk is told that the app is set up. */
async function fitFirst(): Promise<Fitted> {
  const started = performance.now();
  const fitted = await runOnce(firstModelSearch);
  const seconds = (performance.now() - started) / 1000;
  const { rows } = await runOnce(keplerSearch('models', MODEL));
  await store.setConfigured();
  return {
    seconds,
    rows: fitted.rows.length,
    metric: cells.text(rows[0]?.metric),
    value: cells.number(rows[0]?.metric_value),
  };
}

/** Step 4: the first model, fitted from here, and the end of the setup. */
export function FirstModelStep({ connected, onChanged }: { connected: boolean; onChanged: () => void }) {
  const deed = useDeed();
  const finish = useDeed();
  const [fitted, setFitted] = useState<Fitted>();
  return (
    <StepFrame
      title={t('First model')}
      about={t(
        'This search trains a classifier on sample data that come with Kepler and keeps it as {name}. It takes about two seconds.',
        { name: MODEL },
      )}
      outcome={
        <>
          {!connected && !fitted && <p>{t('It needs a runtime: connect one in step 1.')}</p>}
          {deed.busy && <StateMark state="busy">{t('Fitting')}</StateMark>}
          {deed.error && <FailureMessage error={deed.error} title={t('The model was not fitted.')} />}
          {finish.error && <FailureMessage error={finish.error} title={t('Nothing was saved.')} />}
          {fitted && (
            <MessageLine
              type="success"
              title={t('{name} is ready after {seconds} s', {
                name: MODEL,
                seconds: format.number(fitted.seconds, 1),
              })}
              actions={
                <>
                  <Button
                    appearance="primary"
                    label={t('Look at the model')}
                    to={pageURL('model', { name: MODEL })}
                  />
                  <SearchLink
                    spl={`| inputlookup penguins.csv | apply ${MODEL}`}
                    label={t('Apply it in Search')}
                  />
                </>
              }
            >
              {fitted.metric === ''
                ? t('Kepler is set up.')
                : t('{metric} {value}. Kepler is set up.', {
                    metric: fitted.metric,
                    value: format.fixed(fitted.value),
                  })}
            </MessageLine>
          )}
        </>
      }
      actions={
        !fitted && (
          <>
            <DeedButton
              label={deed.busy ? t('Fitting') : t('Fit the first model')}
              primary
              busy={deed.busy || !connected}
              onClick={() =>
                deed.run(fitFirst, (result) => {
                  setFitted(result);
                  onChanged();
                })
              }
            />
            <SearchLink spl={firstModelSearch} />
            <CopyButton text={firstModelSearch} label={t('Copy the search')} />
          </>
        )
      }
      aside={
        !fitted && (
          <DeedButton
            label={t('Finish without')}
            busy={finish.busy || !connected}
            onClick={() =>
              finish.run(store.setConfigured, () => {
                location.assign(pageURL('models'));
              })
            }
          />
        )
      }
    >
      <pre className="k-code" tabIndex={0}>
        {firstModelSearch}
      </pre>
    </StepFrame>
  );
}
