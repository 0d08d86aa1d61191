import Button from '@splunk/react-ui/Button';
import { Component, type ReactNode } from 'react';
import { MessageLine } from '../components/message-line.tsx';
import { t } from '../i18n/index.ts';

/** Keeps a page that broke from leaving nothing: says so, and offers to load it again. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { error: Error | null }> {
  override state: { error: Error | null } = { error: null };

  static getDerivedStateFromError(error: Error): { error: Error } {
    return { error };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (!error) return this.props.children;
    return (
      <div className="k-page">
        <MessageLine
          type="error"
          title={t('This page could not be shown')}
          actions={
            <Button
              appearance="secondary"
              label={t('Load the page again')}
              onClick={() => location.reload()}
            />
          }
        >
          {t(
            'The page met an error of its own: {message}. Load it again; if it comes back, tell your administrator.',
            { message: error.message },
          )}
        </MessageLine>
      </div>
    );
  }
}
