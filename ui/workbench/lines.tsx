import Button from '@splunk/react-ui/Button';
import type { ReactElement } from 'react';
import { CopyButton } from '../components/copy-button.tsx';
import { MessageLine } from '../components/message-line.tsx';
import { t } from '../i18n/index.ts';
import type { ApiFailure } from './api.ts';
import type { SourceDoor } from './use-source.ts';

export interface Published {
  readonly name: string;
  readonly version: number;
  readonly changed: boolean;
  /** The search that uses it. */
  readonly search: string;
}

export interface LinesProps {
  readonly door: SourceDoor;
  readonly failures: readonly (ApiFailure | undefined)[];
  /** Why the file that was saved last is not served. */
  readonly notServed: string | undefined;
  readonly published: Published | undefined;
  readonly onDismiss: () => void;
}

/** What went wrong and what was done, each with what to do now. */
export function Lines({ door, failures, notServed, published, onDismiss }: LinesProps): ReactElement {
  const all = [door.failure, ...failures].filter((one) => one !== undefined);
  const signedOut = all.find(({ signedOut: out }) => out);
  if (signedOut) {
    return (
      <MessageLine type="error" title={t('Your session has ended.')}>
        {t(
          'Open the workbench by a new link from Splunk, in this tab or another. What you have not saved is kept in this browser.',
        )}
      </MessageLine>
    );
  }
  return (
    <>
      {all
        .filter((one, at) => all.findIndex(({ message }) => message === one.message) === at)
        .map((one) => (
          <Failed key={one.message} failure={one} door={door} />
        ))}
      {door.source?.restored && (
        <MessageLine
          type="info"
          title={t('Changes of before that were not saved are in the editor.')}
          actions={<Button appearance="secondary" label={t('Discard them')} onClick={door.discard} />}
        />
      )}
      {notServed !== undefined && !door.dirty && (
        <MessageLine type="warning" title={t('What was saved last is not served.')}>
          {notServed}
        </MessageLine>
      )}
      {published && (
        <MessageLine
          type="success"
          title={
            published.changed
              ? t('{name} v{version} is served to the next fit.', published)
              : t('Nothing has changed since {name} v{version}, which is served.', published)
          }
          actions={<CopyButton text={published.search} label={t('Copy a search')} />}
          onClose={onDismiss}
        >
          <code className="k-mono">{published.search}</code>
        </MessageLine>
      )}
    </>
  );
}

function Failed({
  failure,
  door,
}: {
  readonly failure: ApiFailure;
  readonly door: SourceDoor;
}): ReactElement {
  const conflict = failure.code === 'source_changed';
  return (
    <MessageLine
      type="error"
      title={failure.code === 'unreachable' ? t('The runtime does not answer.') : failure.message}
      actions={
        conflict && (
          <>
            <Button
              appearance="secondary"
              label={t('Save mine over it')}
              onClick={() => void door.save(true)}
            />
            <Button appearance="secondary" label={t('Take theirs')} onClick={door.discard} />
          </>
        )
      }
      small={failure.code}
    >
      {failure.code === 'unreachable' && failure.message}
    </MessageLine>
  );
}
