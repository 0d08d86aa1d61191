import ControlGroup from '@splunk/react-ui/ControlGroup';
import NumberField from '@splunk/react-ui/Number';
import Select from '@splunk/react-ui/Select';
import { useState, type ReactNode } from 'react';
import { FailureMessage, useDeed } from '../../components/index.ts';
import { t } from '../../i18n/index.ts';
import { cells, keplerSearch, useRows } from '../../splunkd/index.ts';
import { changeRuntime } from '../runtimes/change.ts';
import { DeedButton } from './deed-button.tsx';
import { testHealth, testRuntime } from './health.ts';
import type { RuntimeStepProps } from './runtime-step-props.ts';
import { StepFrame } from './step-frame.tsx';
import { TestOutcome } from './test-result.tsx';
import { useTest } from './use-test.ts';

/** Starts the runtime `main` in a container. The test asks the engine; after the start the runtime itself is tried. */
export function DockerForm({ children, onChanged, onNext }: RuntimeStepProps & { children: ReactNode }) {
  const [image, setImage] = useState('');
  const [memory, setMemory] = useState<number | undefined>(4);
  const [started, setStarted] = useState(false);
  const images = useRows(keplerSearch('images'));
  const built = images.rows.filter((row) => cells.flag(row.built));
  const test = useTest();
  const start = useDeed();
  const busy = test.deed.busy || start.busy;

  const run = (): void => {
    test.forget();
    start.run(
      () =>
        changeRuntime('start', 'main', {
          ...(image !== '' && { image }),
          ...(memory !== undefined && { memoryGb: memory }),
        }),
      () => {
        onChanged();
        test.run(testRuntime, ({ failedAt }) => setStarted(failedAt === undefined));
      },
    );
  };

  return (
    <StepFrame
      title={t('Connect a runtime')}
      about={t('The runtime trains and applies models. Splunk only sends it the fields that a search names.')}
      outcome={
        <>
          {start.error && <FailureMessage error={start.error} title={t('The runtime was not started.')} />}
          <TestOutcome test={test} />
        </>
      }
      actions={
        <>
          <DeedButton
            label={test.failed ? t('Test again') : t('Test the engine')}
            primary={test.failed}
            busy={busy}
            onClick={() => test.run(() => testHealth('engine'))}
          />
          {started ? (
            <DeedButton label={t('Go on')} primary busy={busy} onClick={onNext} />
          ) : (
            <DeedButton
              label={start.busy ? t('Starting') : test.failed ? t('Start anyway') : t('Start the runtime')}
              primary={!test.failed}
              busy={busy}
              onClick={run}
            />
          )}
        </>
      }
    >
      {children}
      <div className="k-form">
        <ControlGroup label={t('Image')} help={t('What is in it decides which templates run.')}>
          <Select
            value={image}
            onChange={(_event, { value }) => setImage(String(value))}
            isLoadingOptions={images.state === 'loading'}
          >
            <Select.Option value="" label={t('The one that belongs to this app')} />
            {built.map((row) => (
              <Select.Option
                key={cells.text(row.image)}
                value={cells.text(row.image)}
                label={cells.text(row.image)}
                description={cells.text(row.about)}
              />
            ))}
          </Select>
        </ControlGroup>
        <ControlGroup label={t('Memory')} help={t('Gigabytes. Empty: as in kepler.conf.')}>
          <NumberField
            {...(memory !== undefined && { value: memory })}
            min={0.5}
            step={1}
            inline
            onChange={(_event, { value }) => setMemory(value)}
          />
        </ControlGroup>
      </div>
    </StepFrame>
  );
}
