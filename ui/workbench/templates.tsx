import Button from '@splunk/react-ui/Button';
import { useCallback, useEffect, useState, type ReactElement } from 'react';
import type { TemplateEntry } from '../../container/contract/workbench.ts';
import { StateMark } from '../components/state-mark.tsx';
import { t } from '../i18n/index.ts';
import { api, ApiFailure } from './api.ts';

/** How often the list is asked again, while the page is in sight: other editors write into the folder too. */
const EVERY_MS = 2000;

export interface TemplatesDoor {
  readonly entries: readonly TemplateEntry[] | undefined;
  readonly failure: ApiFailure | undefined;
  readonly reload: () => void;
}

/** Every template, kept up to date. */
export function useTemplates(): TemplatesDoor {
  const [entries, setEntries] = useState<readonly TemplateEntry[]>();
  const [failure, setFailure] = useState<ApiFailure>();
  const [round, setRound] = useState(0);
  const reload = useCallback(() => setRound((n) => n + 1), []);
  useEffect(() => {
    const abort = new AbortController();
    let timer: ReturnType<typeof setTimeout>;
    const ask = (): void => {
      if (document.hidden) {
        timer = setTimeout(ask, EVERY_MS);
        return;
      }
      api.templates(abort.signal).then(
        (found) => {
          setFailure(undefined);
          setEntries((was) => (JSON.stringify(was) === JSON.stringify(found) ? was : found));
          timer = setTimeout(ask, EVERY_MS);
        },
        (error: unknown) => {
          if (abort.signal.aborted || !(error instanceof ApiFailure)) return;
          setFailure(error);
          // A session that has ended does not come back by asking.
          if (!error.signedOut) timer = setTimeout(ask, EVERY_MS);
        },
      );
    };
    ask();
    return () => {
      abort.abort();
      clearTimeout(timer);
    };
  }, [round]);
  return { entries, failure, reload };
}

export interface TemplateListProps {
  readonly entries: readonly TemplateEntry[];
  readonly selected: string | undefined;
  readonly dirty: boolean;
  readonly onSelect: (name: string) => void;
  readonly onNew: () => void;
}

/** The templates by name, with what is served of each. */
export function TemplateList({ entries, selected, dirty, onSelect, onNew }: TemplateListProps): ReactElement {
  return (
    <nav className="w-list" aria-label={t('Templates')}>
      <div className="k-spread">
        <h2>{t('Templates')}</h2>
        <Button appearance="secondary" label={t('New…')} onClick={onNew} />
      </div>
      {entries.length === 0 && <p>{t('No template yet. New… makes one from the base template.')}</p>}
      <ul>
        {entries.map((entry) => (
          <li key={entry.name}>
            <button type="button" aria-current={entry.name === selected} onClick={() => onSelect(entry.name)}>
              <span className="k-clip w-name" title={entry.name}>
                {entry.name}
                {entry.name === selected && dirty && <span title={t('Not saved')}> •</span>}
              </span>
              <span className="w-serves">
                {entry.error !== undefined ? (
                  <StateMark state="failed">{t('Not served')}</StateMark>
                ) : entry.version === undefined ? (
                  <StateMark state="idle">{t('Not published')}</StateMark>
                ) : (
                  <StateMark state="ok">{`v${entry.version}`}</StateMark>
                )}
                <span>
                  {entry.language === 'typescript'
                    ? 'TypeScript'
                    : entry.language === 'python'
                      ? 'Python'
                      : t('Notebook')}
                </span>
              </span>
            </button>
          </li>
        ))}
      </ul>
    </nav>
  );
}
