import Button from '@splunk/react-ui/Button';
import ControlGroup from '@splunk/react-ui/ControlGroup';
import Modal from '@splunk/react-ui/Modal';
import Select from '@splunk/react-ui/Select';
import Text from '@splunk/react-ui/Text';
import { useState, type ReactElement } from 'react';
import type { TemplateLanguage, TemplateSource } from '../../container/contract/workbench.ts';
import { useOpener } from '../components/use-opener.ts';
import { t } from '../i18n/index.ts';
import { api, type ApiFailure } from './api.ts';

export interface NewDialogProps {
  readonly onClose: () => void;
  readonly onMade: (source: TemplateSource) => void;
}

/** Asks for the name of a new template, which begins as the base template. */
export function NewDialog({ onClose, onMade }: NewDialogProps): ReactElement {
  const [first, setFirst] = useState<HTMLElement | null>(null);
  const [name, setName] = useState('');
  const [language, setLanguage] = useState<TemplateLanguage>('typescript');
  const [problem, setProblem] = useState<string>();
  const handBack = useOpener(true);
  const make = (): void => {
    if (!/^[A-Za-z_]\w{0,99}$/.test(name)) {
      setProblem(t('Letters, digits and underscores, beginning with a letter.'));
      return;
    }
    api.create({ name, language }).then(onMade, (error: ApiFailure) => setProblem(error.message));
  };
  return (
    <Modal open onRequestClose={onClose} returnFocus={handBack} initialFocus={first ?? 'container'}>
      <form
        className="k-dialog"
        onSubmit={(event) => {
          event.preventDefault();
          make();
        }}
      >
        <Modal.Header title={t('New template')} />
        <Modal.Body>
          <ControlGroup
            label={t('Name')}
            required
            help={t('What fit calls it, such as ana_Wear_pumps_v1.')}
            error={problem ?? false}
          >
            <Text
              inputRef={setFirst}
              value={name}
              error={problem !== undefined}
              onChange={(_event, { value }) => {
                setProblem(undefined);
                setName(value);
              }}
            />
          </ControlGroup>
          <ControlGroup label={t('Language')}>
            <Select value={language} onChange={(_event, { value }) => setLanguage(value as TemplateLanguage)}>
              <Select.Option value="typescript" label="TypeScript" />
              <Select.Option value="python" label="Python" />
            </Select>
          </ControlGroup>
        </Modal.Body>
        <Modal.Footer>
          <Button appearance="secondary" label={t('Cancel')} onClick={onClose} />
          <Button appearance="primary" type="submit" label={t('Make it')} />
        </Modal.Footer>
      </form>
    </Modal>
  );
}
