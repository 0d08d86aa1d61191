import Button from '@splunk/react-ui/Button';
import ControlGroup from '@splunk/react-ui/ControlGroup';
import Modal from '@splunk/react-ui/Modal';
import Text from '@splunk/react-ui/Text';
import { useEffect, useState, type MutableRefObject, type ReactNode } from 'react';
import { t } from '../i18n/index.ts';
import type { SplunkFailure } from '../splunkd/index.ts';
import { FailureMessage } from './failure-message.tsx';
import { useOpener } from './use-opener.ts';

export interface ConfirmDialogProps {
  open: boolean;
  /** The question, by name: "Delete fraud_detector?" */
  title: string;
  /** What it does and what it breaks. */
  children: ReactNode;
  /** The deed: "Delete 11 versions". */
  confirm: string;
  destructive?: boolean;
  /** A name to type before the deed, for what is in use. */
  typeName?: string;
  busy?: boolean;
  error?: SplunkFailure | undefined;
  onConfirm: () => void;
  onClose: () => void;
  /** What takes the focus when the dialog has closed; without, what had it when it opened. */
  returnFocus?: MutableRefObject<HTMLElement | null> | (() => void);
}

/** Asks before a deed. The focus begins in the name's field, or else on Cancel: never on the deed. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const { open, title, children, confirm, destructive, typeName, busy, error, onConfirm, onClose } = props;
  const [typed, setTyped] = useState('');
  const [first, setFirst] = useState<HTMLElement | null>(null);
  const handBack = useOpener(open);
  useEffect(() => {
    if (open) setTyped('');
  }, [open]);
  const held = (typeName !== undefined && typed.trim() !== typeName) || busy === true;
  const question = typeName !== undefined && t('Type {name} to go on', { name: typeName });
  return (
    <Modal
      open={open}
      onRequestClose={onClose}
      returnFocus={props.returnFocus ?? handBack}
      initialFocus={first ?? 'container'}
    >
      <div className="k-dialog">
        <Modal.Header title={title} />
        <Modal.Body>
          {error && (
            <div className="k-lines">
              <FailureMessage error={error} />
            </div>
          )}
          {children}
          {question && (
            <ControlGroup label={question} labelPosition="top">
              <Text
                inputRef={setFirst}
                value={typed}
                onChange={(_event, { value }) => setTyped(value)}
                onKeyDown={(event) => {
                  if (event.key === 'Enter' && !held) onConfirm();
                }}
                autoComplete="off"
              />
            </ControlGroup>
          )}
        </Modal.Body>
        <Modal.Footer>
          <Button
            appearance="secondary"
            label={t('Cancel')}
            onClick={onClose}
            {...(!question && { elementRef: (element: HTMLElement | null) => setFirst(element) })}
          />
          <Button
            appearance={destructive ? 'destructive' : 'primary'}
            label={confirm}
            disabled={held ? 'dimmed' : false}
            onClick={() => {
              if (!held) onConfirm();
            }}
          />
        </Modal.Footer>
      </div>
    </Modal>
  );
}
