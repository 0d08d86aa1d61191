import ControlGroup from '@splunk/react-ui/ControlGroup';
import NumberField from '@splunk/react-ui/Number';
import Text from '@splunk/react-ui/Text';
import { useState, type ReactNode } from 'react';
import { FailureMessage, useDeed } from '../../components/index.ts';
import { t } from '../../i18n/index.ts';
import { keplerctlSearch, runOnce, settings } from '../../splunkd/index.ts';
import { DeedButton } from './deed-button.tsx';
import { testAddress, testRuntime } from './health.ts';
import type { RuntimeStepProps } from './runtime-step-props.ts';
import { StepFrame } from './step-frame.tsx';
import { TestOutcome } from './test-result.tsx';
import { useTest } from './use-test.ts';

export function addressError(address: string): string | undefined {
  if (address === '') return t('The address is needed.');
  try {
    const { protocol, pathname } = new URL(address);
    if (protocol !== 'https:') return t('The address begins with https://.');
    return pathname === '/' ? undefined : t('The address is only https://, host and port.');
  } catch {
    return t('The address is only https://, host and port.');
  }
}

/** Connects a runtime that runs elsewhere: its address is tried, then the code of one use is exchanged for trust. */
export function RemoteForm({ children, onChanged, onNext }: RuntimeStepProps & { children: ReactNode }) {
  const [url, setUrl] = useState('');
  const [code, setCode] = useState('');
  const [patience, setPatience] = useState<number>();
  const [tried, setTried] = useState<'test' | 'enrol'>();
  const [enrolled, setEnrolled] = useState(false);
  const test = useTest();
  const deed = useDeed();
  const busy = test.deed.busy || deed.busy;
  const wrongUrl = tried === undefined ? undefined : addressError(url.trim());
  const wrongCode = tried === 'enrol' && code.trim() === '' ? t('The code is needed.') : undefined;

  const tryIt = (): void => {
    setTried('test');
    if (addressError(url.trim()) !== undefined) return;
    deed.clear();
    test.run(() => testAddress(url.trim()));
  };
  const savePatience = async (): Promise<void> => {
    if (patience !== undefined)
      await runOnce(keplerctlSearch('set', undefined, { connect_timeout: patience }));
  };
  const enrol = (): void => {
    setTried('enrol');
    if (addressError(url.trim()) !== undefined || code.trim() === '') return;
    test.forget();
    deed.run(
      async () => {
        await runOnce(keplerctlSearch('enrol', 'main', { url: url.trim(), code: code.trim() }));
        await savePatience();
      },
      () => {
        setCode('');
        onChanged();
        test.run(testRuntime, ({ failedAt }) => setEnrolled(failedAt === undefined));
      },
    );
  };
  const saveAnyway = (): void =>
    deed.run(
      async () => {
        await settings.writeStanza('runtime:main', { url: url.trim(), engine: 'none' });
        await savePatience();
      },
      () => onChanged(),
    );

  return (
    <StepFrame
      title={t('Connect a runtime')}
      about={t('The runtime trains and applies models. Splunk only sends it the fields that a search names.')}
      outcome={
        <>
          {deed.error && <FailureMessage error={deed.error} title={t('The runtime was not connected.')} />}
          <TestOutcome test={test} />
        </>
      }
      actions={
        // Each button keeps its place, so that it keeps the focus when another comes or goes.
        <>
          {test.failed && !enrolled && (
            <DeedButton label={t('Save anyway')} busy={busy} onClick={saveAnyway} />
          )}
          <DeedButton
            label={test.failed ? t('Test again') : t('Test the address')}
            primary={test.failed && !enrolled}
            busy={busy}
            onClick={tryIt}
          />
          {enrolled ? (
            <DeedButton label={t('Go on')} primary busy={busy} onClick={onNext} />
          ) : (
            !test.failed && (
              <DeedButton
                label={deed.busy ? t('Connecting') : t('Connect')}
                primary
                busy={busy}
                onClick={enrol}
              />
            )
          )}
        </>
      }
    >
      {children}
      <div className="k-form">
        <ControlGroup
          label={t('Address')}
          required
          error={wrongUrl ?? false}
          help={t('https only, with the port that the runtime listens at: https://ml01.example.com:8600')}
        >
          <Text
            value={url}
            error={wrongUrl !== undefined}
            autoComplete="off"
            spellCheck={false}
            onChange={(_event, { value }) => {
              setUrl(value);
              test.forget();
            }}
          />
        </ControlGroup>
        <ControlGroup
          label={t('Enrolment code')}
          required
          error={wrongCode ?? false}
          help={t(
            'For one use. The runtime writes it into its log when it starts, and into enrolment.json in its folder.',
          )}
        >
          <Text
            value={code}
            type="password"
            error={wrongCode !== undefined}
            autoComplete="off"
            onChange={(_event, { value }) => setCode(value)}
          />
        </ControlGroup>
        <ControlGroup
          label={t('Give up after')}
          help={t('Seconds to open a connection before a search fails. Empty: 5.')}
        >
          <NumberField
            {...(patience !== undefined && { value: patience })}
            min={1}
            max={120}
            roundTo={0}
            inline
            onChange={(_event, { value }) => setPatience(value)}
          />
        </ControlGroup>
      </div>
    </StepFrame>
  );
}
