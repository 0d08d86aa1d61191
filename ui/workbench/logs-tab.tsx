import type { ReactElement } from 'react';
import type { RunLog, RunResult } from '../../container/contract/workbench.ts';
import { t } from '../i18n/index.ts';

/** What the template logged, as it comes, and what the search's messages would say. */
export function LogsTab({
  logs,
  messages,
}: {
  readonly logs: readonly RunLog[];
  readonly messages: RunResult['messages'];
}): ReactElement {
  if (logs.length === 0 && messages.length === 0) return <p className="w-note">{t('Nothing was logged.')}</p>;
  return (
    <div className="k-scroll w-log" tabIndex={0} role="log" aria-label={t('Logs')}>
      {messages.map(({ level, text }) => (
        <p key={text} data-level={level.toLowerCase()}>
          <b>{level.toLowerCase()}</b> {text}
        </p>
      ))}
      {logs.map(({ at, level, text, fields }, index) => (
        <p key={index} data-level={level}>
          <span className="w-at">{(at / 1000).toFixed(2)} s</span> <b>{level}</b> {text}{' '}
          {fields && <code>{JSON.stringify(fields)}</code>}
        </p>
      ))}
    </div>
  );
}
