import Button from '@splunk/react-ui/Button';
import Modal from '@splunk/react-ui/Modal';
import Select from '@splunk/react-ui/Select';
import { useEffect, useState, type ReactElement } from 'react';
import type { HistoryReply } from '../../container/contract/workbench.ts';
import { MessageLine } from '../components/message-line.tsx';
import { useOpener } from '../components/use-opener.ts';
import { format, t } from '../i18n/index.ts';
import { api, type ApiFailure } from './api.ts';
import { diffLines, withContext } from './line-diff.ts';

export interface HistoryDialogProps {
  readonly name: string;
  /** What stands in the editor. */
  readonly text: string;
  readonly onTake: (text: string) => void;
  readonly onClose: () => void;
}

/** Published versions and commits, each beside what stands in the editor. */
export function HistoryDialog({ name, text, onTake, onClose }: HistoryDialogProps): ReactElement {
  const [history, setHistory] = useState<HistoryReply>();
  const [chosen, setChosen] = useState('');
  const [old, setOld] = useState<string>();
  const [failure, setFailure] = useState<string>();
  const handBack = useOpener(true);
  const failed = (error: ApiFailure): void => setFailure(error.message);

  useEffect(() => {
    api.history(name).then((found) => {
      setHistory(found);
      const [version] = found.versions;
      const [commit] = found.commits;
      setChosen(version ? `v${version.version}` : (commit?.commit ?? ''));
    }, failed);
  }, [name]);
  useEffect(() => {
    if (chosen === '') return undefined;
    let gone = false;
    const asked = chosen.startsWith('v')
      ? api.versionText(name, Number(chosen.slice(1)))
      : api.commitText(name, chosen);
    setOld(undefined);
    asked.then(
      (found) => !gone && setOld(found.text),
      (error: ApiFailure) => !gone && failed(error),
    );
    return () => {
      gone = true;
    };
  }, [name, chosen]);

  return (
    <Modal
      open
      onRequestClose={onClose}
      returnFocus={handBack}
      initialFocus="container"
      style={{ width: 'min(1040px, 92vw)' }}
    >
      <div className="k-dialog">
        <Modal.Header title={t('Versions of {name}', { name })} />
        <Modal.Body>
          {failure !== undefined && <MessageLine type="error" title={failure} />}
          {history && chosen === '' && <p>{t('It was not published yet.')}</p>}
          {history && chosen !== '' && (
            <div className="k-stack-small">
              <Select
                value={chosen}
                prefixLabel={t('Compare with')}
                filter={history.versions.length + history.commits.length > 12}
                onChange={(_event, { value }) => setChosen(String(value))}
              >
                {history.versions.map(({ version, publishedAt }) => (
                  <Select.Option
                    key={version}
                    value={`v${version}`}
                    label={t('Version {version}', { version })}
                    description={format.moment(Date.parse(publishedAt) / 1000)}
                  />
                ))}
                {history.commits.map(({ commit, time, author, subject }) => (
                  <Select.Option
                    key={commit}
                    value={commit}
                    label={`${commit.slice(0, 8)} ${subject}`}
                    description={`${author}, ${format.moment(time)}`}
                  />
                ))}
              </Select>
              {history.note !== undefined && <p className="w-note">{history.note}</p>}
              {old !== undefined && <Diff before={old} after={text} />}
            </div>
          )}
        </Modal.Body>
        <Modal.Footer>
          <Button appearance="secondary" label={t('Close')} onClick={onClose} />
          <Button
            appearance="secondary"
            label={t('Take it into the editor')}
            disabled={old === undefined || old === text ? 'dimmed' : false}
            onClick={() => old !== undefined && old !== text && onTake(old)}
          />
        </Modal.Footer>
      </div>
    </Modal>
  );
}

/** What changed from one text to the other, with some lines around. */
export function Diff({ before, after }: { readonly before: string; readonly after: string }): ReactElement {
  if (before === after) return <p>{t('It is the same as in the editor.')}</p>;
  return (
    <div className="k-scroll w-diff" tabIndex={0} role="region" aria-label={t('Changes')}>
      <table>
        <tbody>
          {withContext(diffLines(before, after)).map((line, index) =>
            line === null ? (
              <tr key={index}>
                <td colSpan={4}>…</td>
              </tr>
            ) : (
              <tr key={index} data-kind={line.kind}>
                <td className="k-end">{line.before ?? ''}</td>
                <td className="k-end">{line.after ?? ''}</td>
                <td>
                  {line.kind === 'gone' ? (
                    <span aria-label={t('removed')}>−</span>
                  ) : line.kind === 'new' ? (
                    <span aria-label={t('added')}>+</span>
                  ) : (
                    ''
                  )}
                </td>
                <td>
                  <pre>{line.text}</pre>
                </td>
              </tr>
            ),
          )}
        </tbody>
      </table>
    </div>
  );
}
