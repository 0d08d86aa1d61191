import Button from '@splunk/react-ui/Button';
import ControlGroup from '@splunk/react-ui/ControlGroup';
import Select from '@splunk/react-ui/Select';
import Switch from '@splunk/react-ui/Switch';
import type { ReactElement } from 'react';
import type { DataEntry, DescribeReply } from '../../container/contract/workbench.ts';
import { format, t } from '../i18n/index.ts';
import { HOLDOUT, featuresOf, formFor, predicts, type FormState } from './form-state.ts';
import { OptionsForm } from './options-form.tsx';

export interface RunFormProps {
  readonly data: readonly DataEntry[];
  readonly described: DescribeReply | undefined;
  readonly form: FormState;
  readonly onChange: (form: FormState) => void;
  readonly onReload: () => void;
}

/** On which data, which field from which, and with which options a run is made. */
export function RunForm({ data, described, form, onChange, onReload }: RunFormProps): ReactElement {
  const entry = data.find(({ id }) => id === form.data);
  const chosen = new Set(featuresOf(form, entry));
  const toggle = (name: string): void => {
    const all = (entry?.fields ?? []).map((field) => field.name);
    const next = all.filter((one) => (one === name ? !chosen.has(one) : chosen.has(one)));
    onChange({ ...form, features: next });
  };
  return (
    <form className="k-stack w-form" onSubmit={(event) => event.preventDefault()}>
      <section className="k-stack-small" aria-labelledby="run-data">
        <div className="k-spread">
          <h2 id="run-data">{t('Data')}</h2>
          <Button appearance="subtle" label={t('Look again')} onClick={onReload} />
        </div>
        <ControlGroup label={t('Data set')} labelPosition="top" help={helpOf(entry)}>
          <Select
            value={form.data}
            onChange={(_event, { value }) => {
              const next = data.find(({ id }) => id === String(value));
              onChange({ ...formFor(next, described?.kind), holdout: form.holdout });
            }}
          >
            {data.map((one) => (
              <Select.Option
                key={one.id}
                value={one.id}
                label={one.version === undefined ? t('Built-in sample') : one.name}
                description={t('{rows} rows, {fields} fields', {
                  rows: format.number(one.rows),
                  fields: one.fields.length,
                })}
              />
            ))}
          </Select>
        </ControlGroup>
        {predicts(described?.kind) && (
          <ControlGroup label={t('Predicts')} labelPosition="top">
            <Select
              value={form.target}
              onChange={(_event, { value }) => onChange({ ...form, target: String(value) })}
            >
              {(entry?.fields ?? []).map(({ name }) => (
                <Select.Option key={name} value={name} label={name} />
              ))}
            </Select>
          </ControlGroup>
        )}
        <fieldset className="w-fields">
          <legend>{t('Learns from')}</legend>
          {(entry?.fields ?? [])
            .filter(({ name }) => name !== form.target)
            .map(({ name, kind }) => (
              <label key={name}>
                <input type="checkbox" checked={chosen.has(name)} onChange={() => toggle(name)} />
                <span className="k-clip" title={name}>
                  {name}
                </span>
                <span className="w-kind">{kind === 'number' ? t('number') : t('text')}</span>
              </label>
            ))}
        </fieldset>
        {described?.kind !== 'transformer' && (
          <Switch
            appearance="toggle"
            selected={form.holdout}
            onClick={() => onChange({ ...form, holdout: !form.holdout })}
          >
            {t('Measure on {share} held out', { share: format.percent(HOLDOUT) })}
          </Switch>
        )}
      </section>
      <section className="k-stack-small" aria-labelledby="run-options">
        <h2 id="run-options">{t('Options')}</h2>
        {described ? (
          <OptionsForm
            options={described.options}
            values={form.options}
            onChange={(name, value) =>
              onChange({
                ...form,
                options: Object.fromEntries(
                  Object.entries({ ...form.options, [name]: value }).filter(([, one]) => one !== ''),
                ),
              })
            }
          />
        ) : (
          <p>{t('They are shown once the source can be loaded.')}</p>
        )}
      </section>
    </form>
  );
}

function helpOf(entry: DataEntry | undefined): string | false {
  if (!entry) return false;
  if (entry.version === undefined)
    return t('Stage rows of your own with | fit <template> mode=stage … into <name>.');
  return entry.expires === undefined
    ? false
    : t('v{version}, kept until {day}', {
        version: entry.version,
        day: format.day(Date.parse(entry.expires) / 1000),
      });
}
