import { FactStrip } from '../../components/index.ts';
import { format, t } from '../../i18n/index.ts';
import type { Runtime } from '../runtimes/runtime.ts';
import { DeedButton } from './deed-button.tsx';
import { testRuntime } from './health.ts';
import { StepFrame } from './step-frame.tsx';
import { TestOutcome } from './test-result.tsx';
import { useTest } from './use-test.ts';

/** Step 1 where a runtime is connected: which, a test of it, and the way to another. */
export function Connected(props: { runtime: Runtime; onNext: () => void; onAnother: () => void }) {
  const { runtime, onNext, onAnother } = props;
  const test = useTest();
  const { busy } = test.deed;
  return (
    <StepFrame
      title={t('A runtime is connected')}
      about={t('The runtime trains and applies models. Splunk only sends it the fields that a search names.')}
      outcome={<TestOutcome test={test} />}
      actions={
        <>
          <DeedButton
            label={test.failed ? t('Test again') : t('Test')}
            primary={test.failed}
            busy={busy}
            onClick={() => test.run(testRuntime)}
          />
          <DeedButton label={t('Go on')} primary={!test.failed} busy={busy} onClick={onNext} />
        </>
      }
      aside={<DeedButton label={t('Connect another…')} busy={busy} onClick={onAnother} />}
    >
      <FactStrip
        facts={[
          { label: t('Address'), value: runtime.url || format.NO_VALUE },
          { label: t('Version'), value: runtime.version || format.NO_VALUE },
          { label: t('Image'), value: runtime.ofEngine ? runtime.image : t('runs elsewhere') },
        ]}
      />
    </StepFrame>
  );
}
