import Button from '@splunk/react-ui/Button';
import { createURL } from '@splunk/splunk-utils/url';
import type { ReactNode } from 'react';
import { said, t } from '../i18n/index.ts';
import type { FailureKind, SplunkFailure } from '../splunkd/index.ts';
import { MessageLine } from './message-line.tsx';

function titleOf(kind: FailureKind): string {
  if (kind === 'unreachable') return t('Splunk does not answer.');
  if (kind === 'signed-out') return t('You are no longer signed in to Splunk.');
  return kind === 'refused' ? t('Splunk answered with an error.') : t('The search failed.');
}

function bodyOf(error: SplunkFailure): string {
  if (error.kind === 'unreachable') {
    return t('The search head cannot be reached from this browser. The page tries again every 10 seconds.');
  }
  if (error.kind === 'signed-out') {
    return t(
      'Your session has ended, so Splunk does not answer this page. Sign in; what you see here stays until then.',
    );
  }
  return said(error.message);
}

/** Where to sign in, and back to this page afterwards. */
const loginURL = (): string =>
  createURL('account/login', { return_to: `${location.pathname}${location.search}` }) as string;

export interface FailureMessageProps {
  error: SplunkFailure;
  /** Names what was wanted: "The runtimes could not be read." */
  title?: string;
  onRetry?: () => void;
  /** More buttons: the page where it is put right. */
  actions?: ReactNode;
  onClose?: () => void;
}

/** A failure between page and Splunk: what happened, why, what to do, search id last. */
export function FailureMessage({ error, title, onRetry, actions, onClose }: FailureMessageProps) {
  return (
    <MessageLine
      type="error"
      title={title ?? titleOf(error.kind)}
      small={error.sid !== undefined && t('Search id: {sid}', { sid: error.sid })}
      actions={
        <>
          {error.kind === 'signed-out' && (
            <Button appearance="secondary" label={t('Sign in again')} to={loginURL()} />
          )}
          {onRetry && <Button appearance="secondary" label={t('Try again')} onClick={onRetry} />}
          {actions}
        </>
      }
      {...(onClose && { onClose })}
    >
      {bodyOf(error)}
    </MessageLine>
  );
}
