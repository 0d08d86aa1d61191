import Select from '@splunk/react-ui/Select';
import Text from '@splunk/react-ui/Text';
import { useState } from 'react';
import { FailureMessage, MessageLine, SkeletonTable, useDeed } from '../../components/index.ts';
import { count, format, said, t } from '../../i18n/index.ts';
import { cells, keplerctlSearch, keplerSearch, runOnce, useRows, type Row } from '../../splunkd/index.ts';
import { CommandsSection } from './commands-section.tsx';
import { DeedButton } from './deed-button.tsx';
import { testRuntime } from './health.ts';
import { limitsOf, MAIN } from './status.ts';
import { StepFrame } from './step-frame.tsx';
import { TestOutcome } from './test-result.tsx';
import { useTest } from './use-test.ts';

export interface LimitsStepProps {
  /** Of the runtime that searches use. */
  settings: readonly Row[];
  /** The runtime whose limits are shown, and all that answer. */
  runtime: string;
  runtimes: readonly string[];
  onRuntime: (name: string) => void;
  connected: boolean;
  onChanged: () => void;
  onNext: () => void;
}

/** Step 3: what a search may take of the runtime, and where the commands have their plain names. */
export function LimitsStep(props: LimitsStepProps) {
  const { settings, runtime, runtimes, connected, onChanged, onNext } = props;
  const ofMain = runtime === MAIN;
  const other = useRows(ofMain ? null : keplerSearch('settings', undefined, { runtime }));
  const [typed, setTyped] = useState<Readonly<Record<string, string>>>({});
  const [said, setSaid] = useState('');
  const save = useDeed();
  const test = useTest();
  const limits = limitsOf(ofMain ? settings : other.rows);
  const changes = Object.fromEntries(
    limits
      .map((row) => [cells.text(row.setting), typed[cells.text(row.setting)], cells.text(row.value)] as const)
      .filter(([, now, was]) => now !== undefined && now.trim() !== was)
      .map(([name, now]) => [name, now!.trim()]),
  );
  const wrong = Object.entries(changes)
    .filter(([, value]) => !/^\d*$/.test(value))
    .map(([name]) => name);
  const n = Object.keys(changes).length;
  const busy = save.busy || test.deed.busy;

  const saveIt = (): void => {
    if (wrong.length > 0) return;
    setSaid('');
    save.run(
      async () => {
        // One search for all: an empty value goes back to the default.
        const words = Object.entries(changes).map(([name, value]) =>
          value === '' ? `${name}=""` : `${name}=${value}`,
        );
        const set = keplerctlSearch('set', undefined, { runtime: ofMain ? undefined : runtime });
        return runOnce(`${set} ${words.join(' ')}`);
      },
      ({ rows }) => {
        setTyped({});
        const saved = count(n, '{n} limit is saved.', '{n} limits are saved.', { n: format.number(n) });
        const later = rows.filter((row) => cells.text(row.change).includes('restart'));
        setSaid(
          later.length === 0
            ? saved
            : t('{saved} After a restart of the runtime: {names}.', {
                saved,
                names: later.map((row) => cells.text(row.object)).join(', '),
              }),
        );
        onChanged();
        other.reload();
      },
    );
  };

  return (
    <div className="k-stack">
      <StepFrame
        title={t('Limits')}
        about={t(
          'What one search may take of the runtime. The defaults fit most; quotas by role stand in Runtimes.',
        )}
        outcome={
          <>
            {other.state === 'failed' && (
              <FailureMessage error={other.error!} title={t('The limits could not be read.')} />
            )}
            {save.error && <FailureMessage error={save.error} title={t('Nothing was saved.')} />}
            {said !== '' && <MessageLine type="success" title={said} onClose={() => setSaid('')} />}
            <TestOutcome test={test} />
          </>
        }
        actions={
          <>
            {ofMain && (
              <DeedButton
                label={test.failed ? t('Test again') : t('Test with a small fit')}
                busy={busy || !connected}
                onClick={() => test.run(testRuntime)}
              />
            )}
            {n > 0 ? (
              <DeedButton label={t('Save')} primary busy={busy} onClick={saveIt} />
            ) : (
              <DeedButton label={t('Go on')} primary busy={busy} onClick={onNext} />
            )}
          </>
        }
      >
        {(runtimes.length > 1 || !ofMain) && (
          <div>
            <Select
              value={runtime}
              prefixLabel={t('Runtime')}
              onChange={(_event, { value }) => props.onRuntime(String(value))}
            >
              {[...new Set([...runtimes, runtime])].map((name) => (
                <Select.Option key={name} label={name} value={name} />
              ))}
            </Select>
          </div>
        )}
        {!connected && <p>{t('The runtime has limits of its own: they are shown once one is connected.')}</p>}
        {limits.length === 0 ? (
          <SkeletonTable rows={6} columns={3} />
        ) : (
          <LimitsTable
            limits={limits}
            typed={typed}
            wrong={wrong}
            onType={(name, value) => setTyped((all) => ({ ...all, [name]: value }))}
          />
        )}
      </StepFrame>
      <CommandsSection settings={settings} onChanged={onChanged} />
    </div>
  );
}

function LimitsTable(props: {
  limits: readonly Row[];
  typed: Readonly<Record<string, string>>;
  wrong: readonly string[];
  onType: (name: string, value: string) => void;
}) {
  const { limits, typed, wrong, onType } = props;
  return (
    <div className="k-table-frame">
      <table className="k-table">
        <thead>
          <tr>
            <th scope="col">{t('Limit')}</th>
            <th scope="col">{t('Value')}</th>
            <th scope="col" className="k-end">
              {t('Default')}
            </th>
          </tr>
        </thead>
        <tbody>
          {limits.map((row) => {
            const name = cells.text(row.setting);
            const fixedElsewhere = cells.text(row.source) === 'environment';
            return (
              <tr key={name}>
                <td>
                  <div className="k-mono">{name}</div>
                  <div className="k-limit-about">{said(cells.text(row.about))}</div>
                </td>
                <td>
                  <Text
                    disabled={fixedElsewhere ? 'dimmed' : false}
                    value={typed[name] ?? cells.text(row.value)}
                    error={wrong.includes(name)}
                    aria-label={t('Value of {name}', { name })}
                    inline
                    onChange={(_event, { value }) => onType(name, value)}
                  />
                  {fixedElsewhere && (
                    <div className="k-limit-about">
                      {t('Set by {variable} where the runtime was started.', {
                        variable: cells.text(row.variable),
                      })}
                    </div>
                  )}
                  {wrong.includes(name) && <div role="alert">{t('A whole number, or nothing.')}</div>}
                </td>
                <td className="k-end">{format.number(cells.number(row.default))}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
