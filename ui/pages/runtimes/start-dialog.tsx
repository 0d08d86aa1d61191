import Button from '@splunk/react-ui/Button';
import ControlGroup from '@splunk/react-ui/ControlGroup';
import Modal from '@splunk/react-ui/Modal';
import NumberField from '@splunk/react-ui/Number';
import Select from '@splunk/react-ui/Select';
import Text from '@splunk/react-ui/Text';
import { useState } from 'react';
import { FailureMessage, useDeed, useOpener } from '../../components/index.ts';
import { format, t } from '../../i18n/index.ts';
import { cells, keplerSearch, useRows } from '../../splunkd/index.ts';
import { changeRuntime, type StartOptions } from './change.ts';
import { isUp, type Runtime } from './runtime.ts';

export interface StartDialogProps {
  /** The runtime that is started anew with other limits; null for a new one. */
  runtime: Runtime | null;
  /** Names that are taken. */
  taken: readonly string[];
  /** Proposed memory in gigabytes. */
  memoryGb: number | undefined;
  onClose: () => void;
  onDone: (said: string) => void;
}

const GIGABYTE = 1024 ** 3;
const NAME = /^[a-z0-9][a-z0-9_-]{0,31}$/;

/** Asks with which limits a runtime is started: a new one, or one that is there, which is stopped first. */
export function StartDialog({ runtime, taken, memoryGb, onClose, onDone }: StartDialogProps) {
  const [first, setFirst] = useState<HTMLElement | null>(null);
  const [name, setName] = useState(runtime?.name ?? '');
  const [image, setImage] = useState(runtime?.image ?? '');
  const [mode, setMode] = useState(runtime?.mode || 'prod');
  const [cpu, setCpu] = useState<number | undefined>(runtime?.cpuLimit);
  const [memory, setMemory] = useState<number | undefined>(
    memoryGb ?? (runtime?.memoryLimit === undefined ? undefined : runtime.memoryLimit / GIGABYTE),
  );
  const [tried, setTried] = useState(false);
  const deed = useDeed();
  const handBack = useOpener(true);
  const images = useRows(runtime ? null : keplerSearch('images'));
  const built = images.rows.filter((row) => cells.flag(row.built));
  const wrongName = runtime ? undefined : nameError(name, taken);
  const running = runtime !== null && isUp(runtime);

  const start = (): void => {
    setTried(true);
    if (wrongName || deed.busy) return;
    const options: StartOptions = {
      mode,
      ...(image !== '' && !runtime && { image }),
      ...(cpu !== undefined && { cpu }),
      ...(memory !== undefined && { memoryGb: memory }),
    };
    deed.run(
      async () => {
        if (running) await changeRuntime('stop', name, { force: true });
        return changeRuntime('start', name, options);
      },
      () => onDone(t('{name} is started.', { name })),
    );
  };

  return (
    <Modal open onRequestClose={onClose} returnFocus={handBack} initialFocus={first ?? 'container'}>
      <div className="k-dialog">
        <Modal.Header title={runtime ? t('Start {name}', { name }) : t('Add a runtime')} />
        <Modal.Body>
          {deed.error && (
            <div className="k-lines">
              <FailureMessage error={deed.error} title={t('The runtime was not started.')} />
            </div>
          )}
          {running && <p>{restartNote(runtime)}</p>}
          {!runtime && (
            <ControlGroup
              label={t('Name')}
              required
              error={tried && wrongName ? wrongName : false}
              help={t('Small letters, digits, - and _.')}
            >
              <Text
                inputRef={setFirst}
                value={name}
                error={tried && wrongName !== undefined}
                onChange={(_event, { value }) => setName(value)}
              />
            </ControlGroup>
          )}
          {!runtime && (
            <ControlGroup label={t('Image')} help={t('What is in it decides which templates run.')}>
              <Select
                value={image}
                onChange={(_event, { value }) => setImage(String(value))}
                isLoadingOptions={images.state === 'loading'}
              >
                <Select.Option value="" label={t('The one that belongs to this app')} />
                {built.map((row) => (
                  <Select.Option
                    key={cells.text(row.image)}
                    value={cells.text(row.image)}
                    label={cells.text(row.image)}
                    description={cells.text(row.about)}
                  />
                ))}
              </Select>
            </ControlGroup>
          )}
          <ControlGroup
            label={t('Mode')}
            help={t('dev has the workbench and a detailed log; prod is started again after a crash.')}
          >
            <Select value={mode} onChange={(_event, { value }) => setMode(String(value))}>
              <Select.Option value="prod" label="prod" />
              <Select.Option value="dev" label="dev" />
            </Select>
          </ControlGroup>
          <ControlGroup label={t('CPU')} help={t('Cores. Empty: as in kepler.conf.')}>
            <NumberField
              {...(cpu !== undefined && { value: cpu })}
              min={0.5}
              step={0.5}
              onChange={(_event, { value }) => setCpu(value)}
            />
          </ControlGroup>
          <ControlGroup label={t('Memory')} help={t('Gigabytes. Empty: as in kepler.conf.')}>
            <NumberField
              {...(runtime && { inputRef: setFirst })}
              {...(memory !== undefined && { value: memory })}
              min={0.5}
              step={1}
              onChange={(_event, { value }) => setMemory(value)}
            />
          </ControlGroup>
        </Modal.Body>
        <Modal.Footer>
          <Button appearance="secondary" label={t('Cancel')} onClick={onClose} />
          <Button
            appearance="primary"
            label={labelOf(runtime, memory, deed.busy)}
            disabled={deed.busy ? 'dimmed' : false}
            onClick={start}
          />
        </Modal.Footer>
      </div>
    </Modal>
  );
}

function nameError(name: string, taken: readonly string[]): string | undefined {
  if (taken.includes(name)) return t('There is a runtime of this name.');
  return NAME.test(name) ? undefined : t('Small letters, digits, - and _; a letter or digit first.');
}

function restartNote(runtime: Runtime): string {
  const jobs = (runtime.runningJobs ?? 0) + (runtime.queuedJobs ?? 0);
  return jobs > 0
    ? t('It is stopped first. Its jobs end: {n}. Their searches fail.', { n: format.number(jobs) })
    : t('It is stopped first and back in a few seconds.');
}

function labelOf(runtime: Runtime | null, memoryGb: number | undefined, busy: boolean): string {
  if (busy) return t('Starting');
  if (!runtime) return t('Add and start');
  return memoryGb === undefined
    ? t('Start')
    : t('Start with {size}', { size: format.bytes(memoryGb * GIGABYTE) });
}
