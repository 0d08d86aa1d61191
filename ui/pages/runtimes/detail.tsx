import TabLayout from '@splunk/react-ui/TabLayout';
import { StateMark, useAddress } from '../../components/index.ts';
import { t } from '../../i18n/index.ts';
import { EventsPanel } from './events-panel.tsx';
import { JobsPanel } from './jobs-panel.tsx';
import { LimitsPanel } from './limits-panel.tsx';
import { LogPanel } from './log-panel.tsx';
import { Problem, type ProblemProps } from './problem.tsx';
import { isUp, stateOf } from './runtime.ts';

export interface DetailProps extends ProblemProps {
  onDone: (said: string) => void;
}

/** One runtime, below the table: what is wrong, then its jobs, log, limits and events. */
export function Detail({ onDone, ...problem }: DetailProps) {
  const { runtime } = problem;
  const [address, setAddress] = useAddress();
  const { state, word } = stateOf(runtime);
  const hasJobs = isUp(runtime) || runtime.name === 'main';
  const panels = [
    ...(hasJobs ? ['jobs'] : []),
    ...(runtime.ofEngine ? ['log'] : []),
    'limits',
    ...(runtime.ofEngine ? ['events'] : []),
  ];
  const preferred = state === 'failed' && runtime.ofEngine ? 'log' : panels[0];
  const active = panels.includes(address.tab) ? address.tab : preferred;
  const jobs = (runtime.runningJobs ?? 0) + (runtime.queuedJobs ?? 0);
  return (
    <section className="k-panel k-stack" aria-labelledby="runtime-detail">
      <div className="k-row">
        <h2 id="runtime-detail">{runtime.name}</h2>
        <StateMark state={state}>{word}</StateMark>
        {runtime.publicUrl !== '' && (
          <a href={runtime.publicUrl} rel="noreferrer">
            {runtime.publicUrl}
          </a>
        )}
      </div>
      <Problem {...problem} />
      <TabLayout
        activePanelId={active}
        onChange={(_event, { activePanelId }) => setAddress({ tab: activePanelId ?? '' }, true)}
        inset={false}
      >
        {hasJobs && (
          <TabLayout.Panel panelId="jobs" label={t('Jobs')} count={jobs} inset={false}>
            <div className="k-tab">
              <JobsPanel runtime={runtime.name} onDone={onDone} />
            </div>
          </TabLayout.Panel>
        )}
        {runtime.ofEngine && (
          <TabLayout.Panel panelId="log" label={t('Log')} inset={false}>
            <div className="k-tab">
              <LogPanel name={runtime.name} />
            </div>
          </TabLayout.Panel>
        )}
        <TabLayout.Panel panelId="limits" label={t('Limits and quotas')} inset={false}>
          <div className="k-tab">
            <LimitsPanel runtime={runtime} onChange={() => problem.onStartWith(runtime, undefined)} />
          </div>
        </TabLayout.Panel>
        {runtime.ofEngine && (
          <TabLayout.Panel panelId="events" label={t('Events')} inset={false}>
            <div className="k-tab">
              <EventsPanel name={runtime.name} />
            </div>
          </TabLayout.Panel>
        )}
      </TabLayout>
    </section>
  );
}
