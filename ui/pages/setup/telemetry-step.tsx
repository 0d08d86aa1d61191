import ControlGroup from '@splunk/react-ui/ControlGroup';
import Text from '@splunk/react-ui/Text';
import { useState } from 'react';
import { FailureMessage, useDeed } from '../../components/index.ts';
import { t } from '../../i18n/index.ts';
import { cells, keplerctlSearch, runOnce, settings as store, type Row } from '../../splunkd/index.ts';
import { DeedButton } from './deed-button.tsx';
import { testHealth } from './health.ts';
import { settingOf } from './status.ts';
import { StepFrame } from './step-frame.tsx';
import { TestOutcome } from './test-result.tsx';
import { useTest } from './use-test.ts';

const TOKEN = 'hec_token';

export interface TelemetryStepProps {
  settings: readonly Row[];
  onChanged: () => void;
  onTested: (milliseconds: number) => void;
  onNext: () => void;
}

function addressError(address: string): string | undefined {
  if (address === '') return t('The address is needed.');
  return /^https?:\/\/[^/\s]+/.test(address) ? undefined : t('The address begins with https:// or http://.');
}

/** Step 2: where the runtime tells Splunk what it does. The token goes to storage/passwords and never comes back. */
export function TelemetryStep({ settings, onChanged, onTested, onNext }: TelemetryStepProps) {
  const saved = cells.text(settingOf(settings, 'hec.url')?.value);
  const [typed, setTyped] = useState<string>();
  const [token, setToken] = useState('');
  const [justStored, setJustStored] = useState(false);
  const known = cells.text(settingOf(settings, 'hec.token')?.value);
  const [tried, setTried] = useState(false);
  const test = useTest();
  const save = useDeed();
  // Who may not ask for the token is not told whether there is one; nothing is claimed then.
  const stored = justStored || known === 'set' ? true : known === 'not set' ? false : undefined;
  const busy = test.deed.busy || save.busy;
  const url = (typed ?? saved).trim();
  const wrongUrl = tried ? addressError(url) : undefined;
  const wrongToken = tried && token === '' && stored === false ? t('The token is needed.') : undefined;

  const keepToken = async (): Promise<void> => {
    if (token === '') return;
    await store.storeSecret(TOKEN, token);
    setToken('');
    setJustStored(true);
  };
  const tryIt = (): void => {
    setTried(true);
    if (addressError(url) !== undefined || (token === '' && stored === false)) return;
    save.clear();
    test.run(
      async () => {
        await keepToken();
        return testHealth('hec', { url });
      },
      ({ failedAt, milliseconds }) => {
        if (failedAt === undefined) onTested(milliseconds);
      },
    );
  };
  const saveIt = (then: () => void): void => {
    setTried(true);
    if (addressError(url) !== undefined) return;
    save.run(
      async () => {
        await keepToken();
        await runOnce(keplerctlSearch('set', undefined, { 'hec.url': url }));
      },
      () => {
        onChanged();
        then();
      },
    );
  };

  return (
    <StepFrame
      title={t('Telemetry (HEC)')}
      about={t(
        'The runtime tells Splunk of each fit, each error and its own load through the HTTP Event Collector. Optional: models work without.',
      )}
      outcome={
        <>
          {save.error && <FailureMessage error={save.error} title={t('Nothing was saved.')} />}
          <TestOutcome test={test} />
        </>
      }
      actions={
        <>
          {test.failed && (
            <DeedButton label={t('Save anyway')} busy={busy} onClick={() => saveIt(() => undefined)} />
          )}
          <DeedButton
            label={test.failed ? t('Test again') : t('Test')}
            primary={!test.passed}
            busy={busy}
            onClick={tryIt}
          />
          {test.passed ? (
            <DeedButton label={t('Save and go on')} primary busy={busy} onClick={() => saveIt(onNext)} />
          ) : (
            <DeedButton label={t('Skip')} busy={busy} onClick={onNext} />
          )}
        </>
      }
    >
      <div className="k-form">
        <ControlGroup
          label={t('Address')}
          required
          error={wrongUrl ?? false}
          help={t('As the runtime reaches it: https://splunk.example.com:8088')}
        >
          <Text
            value={typed ?? saved}
            error={wrongUrl !== undefined}
            autoComplete="off"
            spellCheck={false}
            onChange={(_event, { value }) => {
              setTyped(value);
              test.forget();
            }}
          />
        </ControlGroup>
        <ControlGroup
          label={t('Token')}
          required
          error={wrongToken ?? false}
          help={t(
            'Stored encrypted by Splunk before the test, handed to the runtime alone, and never shown again.',
          )}
        >
          <Text
            value={token}
            type="password"
            placeholder={stored ? t('Stored. Type to replace') : ''}
            error={wrongToken !== undefined}
            autoComplete="new-password"
            onChange={(_event, { value }) => {
              setToken(value);
              test.forget();
            }}
          />
        </ControlGroup>
      </div>
    </StepFrame>
  );
}
