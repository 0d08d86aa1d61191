import { StateMark } from '../../components/index.ts';
import { t } from '../../i18n/index.ts';
import { STEPS, type SetupStatus, type Step } from './status.ts';

export const titleOf = (step: Step): string =>
  ({
    runtime: t('Runtime'),
    telemetry: t('Telemetry (HEC)'),
    limits: t('Limits and commands'),
    first: t('First model'),
  })[step];

/** The steps with how far each is; a step can be opened at any time. */
export function StepList(props: { status: SetupStatus; active: Step; onSelect: (step: Step) => void }) {
  const { status, active, onSelect } = props;
  return (
    <nav aria-label={t('Steps')}>
      <ol className="k-steps">
        {STEPS.map((step, at) => (
          <li key={step}>
            <button
              type="button"
              className="k-step"
              aria-current={step === active ? 'step' : undefined}
              onClick={() => onSelect(step)}
            >
              <span className="k-strong">
                {at + 1} {titleOf(step)}
              </span>
              <StateMark state={status.steps[step].state}>{status.steps[step].word}</StateMark>
            </button>
          </li>
        ))}
      </ol>
    </nav>
  );
}
