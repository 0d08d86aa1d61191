import Select from '@splunk/react-ui/Select';
import { useState, type ReactElement } from 'react';
import { BarsChart } from '../../charts/bars-chart.tsx';
import { DataStates, SkeletonLines } from '../../components/index.ts';
import { count, format, t } from '../../i18n/index.ts';
import { cells, useRows, type Row } from '../../splunkd/index.ts';
import { barValues, intercept } from './plots.ts';
import type { QualityPanelProps } from './quality-panel.tsx';

/** What a version listens to: importances, or coefficients with their sign. */
export function ImportancePanel({ version, search }: QualityPanelProps): ReactElement {
  const plots = useRows(search('metrics', version.version, { plots: 'true' }));
  const has = new Set(plots.rows.map((row) => cells.text(row.plot)));
  return (
    <DataStates
      data={plots}
      loading={
        <div className="k-panel">
          <SkeletonLines lines={8} />
        </div>
      }
    >
      {has.has('importance') || has.has('coefficients') ? (
        <div className="k-cards">
          {has.has('importance') && <Importances version={version} search={search} against={undefined} />}
          {has.has('coefficients') && <Coefficients version={version} search={search} against={undefined} />}
        </div>
      ) : (
        <p>{t('{algorithm} has neither importances nor coefficients.', { algorithm: version.algorithm })}</p>
      )}
    </DataStates>
  );
}

function Importances({ version, search }: QualityPanelProps): ReactElement {
  const data = useRows(search('metrics', version.version, { plot: 'importance' }));
  const values = barValues(data.rows);
  return (
    <DataStates data={data} loading={<SkeletonLines lines={8} />}>
      <BarsChart
        title={t('Importance')}
        facts={count(values.length, '{n} feature of v{version}', '{n} features of v{version}', {
          n: format.number(values.length),
          version: version.version,
        })}
        values={values}
        signed={values.some((value) => value.value < 0)}
      />
    </DataStates>
  );
}

const outputOf = (row: Row): string => cells.text(row.output);

function Coefficients({ version, search }: QualityPanelProps): ReactElement {
  const data = useRows(search('metrics', version.version, { plot: 'coefficients' }));
  const outputs = [...new Set(data.rows.map(outputOf))];
  const [chosen, setChosen] = useState<string>();
  const output = chosen ?? outputs[0] ?? '';
  const values = barValues(data.rows.filter((row) => outputOf(row) === output));
  const constant = values.find((value) => value.name === intercept);
  return (
    <DataStates data={data} loading={<SkeletonLines lines={8} />}>
      <BarsChart
        title={t('Coefficients')}
        facts={[
          t('Bars to the right raise {output}, to the left lower it', { output: output || version.target }),
          t('in the units of each feature: unscaled features cannot be compared'),
          constant ? t('intercept {value}', { value: format.number(constant.value, 4) }) : '',
        ]
          .filter(Boolean)
          .join(' · ')}
        values={values.filter((value) => value.name !== intercept)}
        signed
        tools={
          outputs.length > 1 && (
            <Select
              value={output}
              prefixLabel={t('Output')}
              filter={outputs.length > 8}
              onChange={(_event, { value }) => setChosen(String(value))}
            >
              {outputs.map((one) => (
                <Select.Option key={one} value={one} label={one} />
              ))}
            </Select>
          )
        }
      />
    </DataStates>
  );
}
