import { FailureMessage, MessageLine, SkeletonLines, StateMark } from '../../components/index.ts';
import { count, format, t } from '../../i18n/index.ts';
import type { TestStep } from './health.ts';
import type { Test } from './use-test.ts';

/** What a test tried, step by step, with times; for a step that failed why and what to do. */
export function TestOutcome({ test }: { test: Test }) {
  const { deed, result } = test;
  if (deed.busy) {
    return (
      <div className="k-stack-small" aria-busy="true">
        <StateMark state="busy">{t('Testing')}</StateMark>
        <SkeletonLines lines={3} />
      </div>
    );
  }
  if (deed.error) return <FailureMessage error={deed.error} title={t('The test could not be made.')} />;
  if (!result) return null;
  const n = result.steps.length;
  const failed = result.failedAt === undefined ? undefined : result.steps[result.failedAt - 1];
  return (
    <div className="k-stack-small">
      {failed ? (
        <MessageLine
          type="error"
          title={t('The test failed at step {at} of {n}: {step}', {
            at: result.failedAt ?? 0,
            n,
            step: failed.name,
          })}
        />
      ) : (
        <MessageLine
          type="success"
          title={count(n, 'The test passed: {n} step in {time}', 'The test passed: {n} steps in {time}', {
            n,
            time: format.milliseconds(result.milliseconds),
          })}
        />
      )}
      <ol className="k-test">
        {result.steps.map((step) => (
          <StepLine key={step.name} step={step} />
        ))}
      </ol>
    </div>
  );
}

function StepLine({ step }: { step: TestStep }) {
  const wrong = step.state === 'failed' || step.state === 'attention';
  return (
    <li>
      <div className="k-spread">
        <StateMark state={step.state}>{step.name}</StateMark>
        <span className="k-number">
          {step.tried ? format.milliseconds(step.milliseconds) : t('not tried')}
        </span>
      </div>
      {(step.message !== '' || (wrong && step.remedy !== '')) && (
        <p className="k-test__about">
          {step.message} {wrong && step.remedy}
        </p>
      )}
    </li>
  );
}
