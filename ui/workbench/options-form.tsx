import ControlGroup from '@splunk/react-ui/ControlGroup';
import Select from '@splunk/react-ui/Select';
import Text from '@splunk/react-ui/Text';
import type { ReactElement } from 'react';
import type { OptionSchema } from '../../container/contract/template.ts';
import { format, t } from '../i18n/index.ts';

export interface OptionsFormProps {
  readonly options: Readonly<Record<string, OptionSchema>>;
  readonly values: Readonly<Record<string, string>>;
  readonly onChange: (name: string, value: string) => void;
}

/** A control for each option of the template, made from its JSON Schema. */
export function OptionsForm({ options, values, onChange }: OptionsFormProps): ReactElement {
  const entries = Object.entries(options);
  if (entries.length === 0) return <p>{t('The template has no options.')}</p>;
  return (
    <>
      {entries.map(([name, schema]) => {
        const value = values[name] ?? '';
        const problem = value === '' ? undefined : problemWith(value, schema);
        const choices = choicesOf(schema);
        const shown = schema.default === undefined ? '' : String(schema.default);
        return (
          <ControlGroup
            key={name}
            label={name}
            labelPosition="top"
            help={schema.description || false}
            error={problem ?? false}
          >
            {choices ? (
              <Select value={value} onChange={(_event, { value: chosen }) => onChange(name, String(chosen))}>
                <Select.Option
                  value=""
                  label={shown === '' ? t('Not given') : t('Default: {value}', { value: shown })}
                />
                {choices.map((choice) => (
                  <Select.Option key={choice} value={choice} label={choice} />
                ))}
              </Select>
            ) : (
              <Text
                value={value}
                placeholder={shown}
                error={problem !== undefined}
                onChange={(_event, { value: typed }) => onChange(name, typed)}
              />
            )}
          </ControlGroup>
        );
      })}
    </>
  );
}

const typesOf = ({ type }: OptionSchema): readonly string[] => [type].flat();

function choicesOf(schema: OptionSchema): readonly string[] | undefined {
  if (schema.enum) return schema.enum.map(String);
  return typesOf(schema).includes('boolean') && typesOf(schema).length === 1 ? ['true', 'false'] : undefined;
}

/** What is wrong with a typed value, as far as the schema tells; the runtime checks again. */
export function problemWith(value: string, schema: OptionSchema): string | undefined {
  const types = typesOf(schema);
  const number = Number(value);
  const isNumber = value.trim() !== '' && Number.isFinite(number);
  if (types.includes('string') || (!types.includes('number') && !types.includes('integer'))) return undefined;
  if (!isNumber) return t('A number is needed.');
  if (!types.includes('number') && !Number.isInteger(number)) return t('A whole number is needed.');
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = schema;
  if (minimum !== undefined && number < minimum) return t('At least {n}.', { n: format.number(minimum, 6) });
  if (maximum !== undefined && number > maximum) return t('At most {n}.', { n: format.number(maximum, 6) });
  if (exclusiveMinimum !== undefined && number <= exclusiveMinimum)
    return t('More than {n}.', { n: format.number(exclusiveMinimum, 6) });
  if (exclusiveMaximum !== undefined && number >= exclusiveMaximum)
    return t('Less than {n}.', { n: format.number(exclusiveMaximum, 6) });
  return undefined;
}
