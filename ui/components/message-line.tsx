import Message from '@splunk/react-ui/Message';
import type { ReactNode } from 'react';

export interface MessageLineProps {
  type: 'error' | 'warning' | 'info' | 'success';
  title: ReactNode;
  /** Why, and what to do. */
  children?: ReactNode;
  /** Buttons. */
  actions?: ReactNode;
  /** In small type, last: code, search id. */
  small?: ReactNode;
  onClose?: () => void;
}

/** Something to know: what happened, why, what to do, then the buttons that do it. Stays until closed or no longer true. */
export function MessageLine({ type, title, children, actions, small, onClose }: MessageLineProps) {
  return (
    <div role={type === 'error' || type === 'warning' ? 'alert' : 'status'}>
      <Message appearance="fill" type={type} {...(onClose && { onRequestRemove: onClose })}>
        <Message.Title>{title}</Message.Title>
        {children}
        {small && <div className="k-message__small k-mono">{small}</div>}
        {actions && <div className="k-message__actions">{actions}</div>}
      </Message>
    </div>
  );
}
