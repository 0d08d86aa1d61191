import type { ReactNode } from 'react';
import { format, said, t } from '../i18n/index.ts';
import type { Rows } from '../splunkd/index.ts';
import { FailureMessage } from './failure-message.tsx';
import { MessageLine } from './message-line.tsx';

export interface DataStatesProps {
  data: Rows;
  /** Bars in the shape of what is to come. */
  loading: ReactNode;
  /** What to do first, where there is nothing yet. */
  empty?: ReactNode;
  /** True where filters hide all that is there. */
  noMatch?: boolean;
  /** The sentence and the button that clears the filters. */
  noMatchContent?: ReactNode;
  /** What could not be done, in the title of the failure. */
  failedTitle?: string;
  /** More buttons with a failure. */
  failedActions?: ReactNode;
  /** The rows themselves. */
  children: ReactNode;
}

/**
 * The five states of data, one at a time: loading, empty, no match, failed, and the rows, above which a line stands when they
 * are no longer fresh.
 */
export function DataStates(props: DataStatesProps) {
  const { data, loading, empty, noMatch, noMatchContent, failedTitle, failedActions, children } = props;
  if (data.state === 'loading') return loading;
  if (data.state === 'failed' && data.error) {
    return (
      <FailureMessage
        error={data.error}
        onRetry={data.reload}
        actions={failedActions}
        {...(failedTitle !== undefined && { title: failedTitle })}
      />
    );
  }
  return (
    <>
      {data.state === 'stale' && <StaleLine data={data} actions={failedActions} />}
      {data.rows.length === 0 && empty ? empty : noMatch && noMatchContent ? noMatchContent : children}
    </>
  );
}

/** Says since when there was no answer, and why. */
export function StaleLine({ data, actions }: { data: Rows; actions?: ReactNode }) {
  if (data.state !== 'stale' || !data.error) return null;
  const since = t('Not answered since {time}, trying again every 10 s.', {
    time: format.clock(data.updatedAt),
  });
  return (
    <div className="k-lines">
      {data.error.kind === 'signed-out' ? (
        <FailureMessage error={data.error} onRetry={data.reload} actions={actions} />
      ) : (
        <MessageLine type="warning" title={since} actions={actions}>
          {data.error.kind === 'unreachable' ? t('Splunk does not answer.') : said(data.error.message)}
        </MessageLine>
      )}
    </div>
  );
}
