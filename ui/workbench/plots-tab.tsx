import type { ReactElement } from 'react';
import type { RunPlot, RunResult } from '../../container/contract/workbench.ts';
import { BarsChart } from '../charts/bars-chart.tsx';
import { CalibrationChart } from '../charts/calibration-chart.tsx';
import { ConfusionChart } from '../charts/confusion-chart.tsx';
import { CurveChart } from '../charts/curve-chart.tsx';
import { PredictedChart } from '../charts/predicted-chart.tsx';
import { ResidualsChart } from '../charts/residuals-chart.tsx';
import { curve } from '../charts/shapes/curve.ts';
import { t } from '../i18n/index.ts';
import {
  barValues,
  byClass,
  calibrationBins,
  confusionCells,
  predictedCells,
  prPoints,
  residualBins,
  rocPoints,
} from '../pages/model/plots.ts';
import * as cells from '../splunkd/cells.ts';
import { Nothing, PlainTable } from './rows-tab.tsx';

/** The pictures that a model of this template would have. */
export function PlotsTab({ result }: { readonly result: RunResult | undefined }): ReactElement {
  const plots = result?.plots ?? [];
  if (!result || plots.length === 0) return <Nothing />;
  return (
    <div className="w-cards">
      {plots.map((plot) => (
        <Plot key={`${result.run} ${plot.name}`} plot={plot} result={result} />
      ))}
    </div>
  );
}

function Plot({
  plot: { name, table },
  result,
}: {
  readonly plot: RunPlot;
  readonly result: RunResult;
}): ReactElement {
  const rows = table.rows.map((row) =>
    Object.fromEntries(table.fields.map((field, at) => [field, row[at] ?? undefined])),
  );
  const target = result.target ?? '';
  if (name === 'confusion') return <ConfusionChart cells={confusionCells(rows)} />;
  if (name === 'predicted') return <PredictedChart cells={predictedCells(rows)} target={target} />;
  if (name === 'residuals') return <ResidualsChart bins={residualBins(rows)} target={target} />;
  if (name === 'importance')
    return <BarsChart title={t('Importance')} facts={result.file} values={barValues(rows)} signed={false} />;
  const classes = byClass(rows);
  const [positive, own] = [...classes].at(-1) ?? ['', []];
  if (name === 'calibration') return <CalibrationChart bins={calibrationBins(own)} positive={positive} />;
  if (name === 'roc' || name === 'pr') {
    const points = name === 'roc' ? rocPoints : prPoints;
    return (
      <CurveChart
        kind={name}
        curves={[curve(t('This run'), points(own))]}
        positive={positive}
        {...(name === 'pr' && own[0] && { prevalence: cells.number(own[0].prevalence) })}
        {...(classes.size <= 2 && { threshold: 0.5 })}
      />
    );
  }
  return (
    <figure className="k-panel">
      <h2>{name}</h2>
      <PlainTable table={table} label={name} marked={0} />
    </figure>
  );
}
