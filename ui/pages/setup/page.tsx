import { useState } from 'react';
import { useMay } from '../../app/user.tsx';
import { MessageLine, PageHead, pageURL, SkeletonLines, useAddress } from '../../components/index.ts';
import { t } from '../../i18n/index.ts';
import Button from '@splunk/react-ui/Button';
import { FirstModelStep } from './first-model-step.tsx';
import { LimitsStep } from './limits-step.tsx';
import { RuntimeStep } from './runtime-step.tsx';
import { MAIN, STEPS, useStatus, type SetupStatus, type Step } from './status.ts';
import { StepList } from './step-list.tsx';
import { PageStyle } from './style.ts';
import { TelemetryStep } from './telemetry-step.tsx';

/** From nothing to a first model: four steps, each tried before it is saved. */
export function Page() {
  const may = useMay('edit_kepler_runtimes');
  return (
    <>
      <PageStyle />
      <PageHead
        title={t('Setup')}
        facts={[
          may === true &&
            t(
              'Four steps, about two minutes. Each can be changed later; nothing is saved until its test has passed or you choose to save anyway.',
            ),
        ]}
      />
      {may === undefined && <SkeletonLines lines={6} />}
      {may === false && <NotAllowed />}
      {may === true && <Steps />}
    </>
  );
}

function NotAllowed() {
  return (
    <MessageLine
      type="info"
      title={t('Setup is for administrators of Kepler')}
      actions={<Button appearance="secondary" label={t('Open Models')} to={pageURL('models')} />}
    >
      {t(
        'It needs the capability edit_kepler_runtimes, which the role kepler_admin has. Ask your Splunk administrator.',
      )}
    </MessageLine>
  );
}

function Steps() {
  const [tested, setTested] = useState<number>();
  const status = useStatus(tested);
  const [address, setAddress] = useAddress();
  // The step that is due, until one is chosen; it must not move away while it is being worked at.
  const [due, setDue] = useState<Step>();
  if (due === undefined && status.known) setDue(status.connected ? 'first' : 'runtime');
  const chosen = STEPS.find((step) => step === address.step);
  const active = chosen ?? due ?? 'runtime';
  const go = (step: Step): void => setAddress({ step, runtime: '' });
  return (
    <div className="k-setup">
      <StepList status={status} active={active} onSelect={go} />
      <ActiveStep
        active={active}
        status={status}
        runtime={address.runtime || MAIN}
        onRuntime={(name) => setAddress({ step: 'limits', runtime: name === MAIN ? '' : name })}
        go={go}
        onTested={setTested}
      />
    </div>
  );
}

function ActiveStep(props: {
  active: Step;
  status: SetupStatus;
  /** Whose limits are shown. */
  runtime: string;
  onRuntime: (name: string) => void;
  go: (step: Step) => void;
  onTested: (milliseconds: number) => void;
}) {
  const { active, status, go, onTested } = props;
  const { settings, connected, reload } = status;
  if (active === 'runtime') {
    // Which form it is depends on whether there is a runtime already.
    if (!status.known) return <SkeletonLines lines={6} />;
    return <RuntimeStep runtime={status.runtime} onChanged={reload} onNext={() => go('telemetry')} />;
  }
  if (active === 'telemetry') {
    return (
      <TelemetryStep settings={settings} onChanged={reload} onTested={onTested} onNext={() => go('limits')} />
    );
  }
  if (active === 'limits') {
    return (
      <LimitsStep
        // What was typed for one runtime is not meant for another.
        key={props.runtime}
        settings={settings}
        runtime={props.runtime}
        runtimes={status.running}
        onRuntime={props.onRuntime}
        connected={connected}
        onChanged={reload}
        onNext={() => go('first')}
      />
    );
  }
  return <FirstModelStep connected={connected} onChanged={reload} />;
}
