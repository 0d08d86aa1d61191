import TabLayout from '@splunk/react-ui/TabLayout';
import type { ReactElement } from 'react';
import type { RunResult } from '../../container/contract/workbench.ts';
import { StateMark } from '../components/state-mark.tsx';
import { format, t } from '../i18n/index.ts';
import { CompareTab } from './compare-tab.tsx';
import { LogsTab } from './logs-tab.tsx';
import { MetricsTab } from './metrics-tab.tsx';
import { PlotsTab } from './plots-tab.tsx';
import { ExplainTab, RowsTab, SummaryTab } from './rows-tab.tsx';
import { TimingTab } from './timing-tab.tsx';
import type { RunDoor } from './use-run.ts';
import { stageWord } from './words.ts';

export type Tab = 'rows' | 'summary' | 'explain' | 'metrics' | 'plots' | 'logs' | 'timing' | 'compare';

export interface ResultsProps {
  readonly door: RunDoor;
  readonly tab: Tab;
  readonly onTab: (tab: Tab) => void;
}

/** What came of the last run: its rows, figures, pictures, words and times, and how the run before it did. */
export function Results({ door, tab, onTab }: ResultsProps): ReactElement {
  const { running, results } = door;
  const [last, before] = results;
  if (!running && !last) {
    return (
      <p className="w-hint">
        {t(
          'Run the template to see its rows, metrics, plots, logs and times here (Ctrl+Enter in the editor).',
        )}
      </p>
    );
  }
  return (
    <>
      <p className="w-outcome" role="status">
        {running ? (
          <StateMark state="busy">
            {running.stopping
              ? t('Stopping')
              : running.share === undefined
                ? stageWord(running.stage)
                : `${stageWord(running.stage)} ${format.percent(running.share)}`}
          </StateMark>
        ) : (
          last && <Outcome result={last} />
        )}
      </p>
      <TabLayout
        activePanelId={tab}
        onChange={(_event, { activePanelId }) => onTab(activePanelId as Tab)}
        autoActivate
      >
        <TabLayout.Panel label={t('Rows')} panelId="rows" inset={false}>
          <RowsTab result={last} />
        </TabLayout.Panel>
        <TabLayout.Panel label={t('Summary')} panelId="summary" inset={false}>
          <SummaryTab result={last} />
        </TabLayout.Panel>
        <TabLayout.Panel label={t('Explain')} panelId="explain" inset={false}>
          <ExplainTab result={last} />
        </TabLayout.Panel>
        <TabLayout.Panel label={t('Metrics')} panelId="metrics" inset={false}>
          <MetricsTab result={last} />
        </TabLayout.Panel>
        <TabLayout.Panel label={t('Plots')} panelId="plots" inset={false}>
          <PlotsTab result={last} />
        </TabLayout.Panel>
        <TabLayout.Panel label={t('Logs')} panelId="logs" inset={false}>
          <LogsTab logs={running ? running.logs : (last?.logs ?? [])} messages={last?.messages ?? []} />
        </TabLayout.Panel>
        <TabLayout.Panel label={t('Timing')} panelId="timing" inset={false}>
          <TimingTab result={last} />
        </TabLayout.Panel>
        <TabLayout.Panel label={t('Compare')} panelId="compare" inset={false}>
          <CompareTab last={last} before={before} />
        </TabLayout.Panel>
      </TabLayout>
    </>
  );
}

function Outcome({ result }: { readonly result: RunResult }): ReactElement {
  const { state, ms, rows, trainedRows, failure } = result;
  const time = format.milliseconds(ms);
  if (state === 'stopped') return <StateMark state="idle">{t('Stopped after {time}', { time })}</StateMark>;
  if (state === 'failed') {
    return (
      <span className="w-failure">
        <StateMark state="failed">{t('Failed after {time}', { time })}</StateMark>
        <span>{failure?.message}</span>
      </span>
    );
  }
  return (
    <span className="w-failure">
      <StateMark state="ok">{t('Done in {time}', { time })}</StateMark>
      <span>
        {t('{rows} rows, trained on {trained}', {
          rows: format.number(rows),
          trained: format.number(trainedRows),
        })}
      </span>
    </span>
  );
}
