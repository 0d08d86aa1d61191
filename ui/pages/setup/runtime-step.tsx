import RadioList from '@splunk/react-ui/RadioList';
import { useId, useState } from 'react';
import { t } from '../../i18n/index.ts';
import { Connected } from './connected.tsx';
import { DockerForm } from './docker-form.tsx';
import { RemoteForm } from './remote-form.tsx';
import type { RuntimeStepProps } from './runtime-step-props.ts';

/** Step 1: a runtime that Kepler starts by Docker, or one that runs elsewhere. */
export function RuntimeStep(props: RuntimeStepProps) {
  const [where, setWhere] = useState<'docker' | 'remote'>('docker');
  const label = useId();
  // Decided when the step opens: what was begun here stays in sight when it has worked.
  const [another, setAnother] = useState(props.runtime === undefined);
  if (!another && props.runtime) {
    return <Connected runtime={props.runtime} onNext={props.onNext} onAnother={() => setAnother(true)} />;
  }
  const choice = (
    <div className="k-stack-small">
      <span id={label} className="k-strong">
        {t('Where does it run?')}
      </span>
      <div role="group" aria-labelledby={label}>
        <RadioList value={where} onChange={(_event, { value }) => setWhere(value as 'docker' | 'remote')}>
          <RadioList.Option
            value="docker"
            description={t('Kepler creates and watches the container. Needs access to a Docker engine.')}
          >
            {t('On this search head, started by Kepler (Docker)')}
          </RadioList.Option>
          <RadioList.Option value="remote" description={t('You started it; it printed an enrolment code.')}>
            {t('Somewhere else')}
          </RadioList.Option>
        </RadioList>
      </div>
    </div>
  );
  return where === 'docker' ? (
    <DockerForm {...props}>{choice}</DockerForm>
  ) : (
    <RemoteForm {...props}>{choice}</RemoteForm>
  );
}
