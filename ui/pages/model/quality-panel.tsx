import Select from '@splunk/react-ui/Select';
import { useState, type ReactElement } from 'react';
import { CalibrationChart } from '../../charts/calibration-chart.tsx';
import { ConfusionChart } from '../../charts/confusion-chart.tsx';
import { CurveChart } from '../../charts/curve-chart.tsx';
import { PredictedChart } from '../../charts/predicted-chart.tsx';
import { ResidualsChart } from '../../charts/residuals-chart.tsx';
import { curve } from '../../charts/shapes/curve.ts';
import { DataStates, SkeletonLines } from '../../components/index.ts';
import { t } from '../../i18n/index.ts';
import { cells, useRows, type Row } from '../../splunkd/index.ts';
import {
  byClass,
  calibrationBins,
  confusionCells,
  predictedCells,
  prPoints,
  residualBins,
  rocPoints,
} from './plots.ts';
import type { VersionRow } from './version-row.ts';

export interface QualityPanelProps {
  readonly version: VersionRow;
  readonly against: VersionRow | undefined;
  /** The search for a noun of this model; `version` names one. */
  readonly search: (noun: string, version?: number, options?: Readonly<Record<string, string>>) => string;
}

const drawn = ['confusion', 'roc', 'pr', 'calibration', 'predicted', 'residuals'] as const;

/** Whether to trust a version: the pictures that it has, curves with the version beside it. */
export function QualityPanel({ version, against, search }: QualityPanelProps): ReactElement {
  const plots = useRows(search('metrics', version.version, { plots: 'true' }));
  const has = new Set(plots.rows.map((row) => cells.text(row.plot)));
  const shown = drawn.filter((plot) => has.has(plot));
  const [chosen, setChosen] = useState<string>();
  const { classes } = version;
  // The last of two is the positive one, as `fit` takes it, and its picture says all; of many each has its own.
  const positive =
    chosen !== undefined && classes.includes(chosen) ? chosen : classes[classes.length === 2 ? 1 : 0];
  return (
    <DataStates data={plots} loading={<Loading />}>
      {shown.length === 0 ? (
        <p>
          {t('v{version} has no pictures of its quality: it was fitted without rows to measure it on.', {
            version: version.version,
          })}
        </p>
      ) : (
        <>
          {classes.length > 2 && (
            <div className="k-controls">
              <Select
                value={positive}
                prefixLabel={t('Class of the curves')}
                filter={classes.length > 8}
                onChange={(_event, { value }) => setChosen(String(value))}
              >
                {classes.map((one) => (
                  <Select.Option key={one} value={one} label={one === '' ? t('(empty)') : one} />
                ))}
              </Select>
            </div>
          )}
          <div className="k-cards">
            {shown.map((plot) => (
              <Plot
                key={`${plot} ${version.version} ${against?.version ?? ''}`}
                plot={plot}
                version={version}
                against={against}
                search={search}
                positive={positive}
              />
            ))}
          </div>
        </>
      )}
    </DataStates>
  );
}

const Loading = (): ReactElement => (
  <div className="k-cards">
    {[0, 1].map((card) => (
      <div key={card} className="k-panel">
        <SkeletonLines lines={8} />
      </div>
    ))}
  </div>
);

interface PlotProps extends QualityPanelProps {
  readonly plot: (typeof drawn)[number];
  /** The class that the curves are of. */
  readonly positive: string | undefined;
}

function Plot({ plot, version, against, search, positive }: PlotProps): ReactElement {
  const data = useRows(search('metrics', version.version, { plot }));
  const beside = useRows(
    against && (plot === 'roc' || plot === 'pr') ? search('metrics', against.version, { plot }) : null,
  );
  return (
    <DataStates
      data={data}
      loading={
        <div className="k-panel">
          <SkeletonLines lines={8} />
        </div>
      }
      failedTitle={t('This picture could not be read.')}
    >
      <Picture
        plot={plot}
        rows={data.rows}
        beside={beside.rows}
        version={version}
        against={against}
        positive={positive}
      />
    </DataStates>
  );
}

interface PictureProps extends Omit<PlotProps, 'search'> {
  readonly rows: readonly Row[];
  readonly beside: readonly Row[];
}

function Picture(props: PictureProps): ReactElement {
  const { plot, rows, version } = props;
  if (plot === 'confusion') return <ConfusionChart cells={confusionCells(rows)} />;
  if (plot === 'predicted') return <PredictedChart cells={predictedCells(rows)} target={version.target} />;
  if (plot === 'residuals') return <ResidualsChart bins={residualBins(rows)} target={version.target} />;
  return <OfClass {...props} />;
}

/** Pictures of one class against the rest. */
function OfClass({ plot, rows, beside, version, against, positive }: PictureProps): ReactElement {
  const classes = byClass(rows);
  // A version of before classes were kept has them in its rows alone.
  const name =
    positive !== undefined && classes.has(positive) ? positive : ([...classes.keys()].at(-1) ?? '');
  const own = classes.get(name) ?? [];
  if (plot === 'calibration') return <CalibrationChart bins={calibrationBins(own)} positive={name} />;
  const points = plot === 'roc' ? rocPoints : prPoints;
  const other = byClass(beside).get(name);
  const curves = [
    curve(`v${version.version}`, points(own)),
    ...(against && other ? [curve(`v${against.version}`, points(other))] : []),
  ];
  return (
    <CurveChart
      kind={plot === 'roc' ? 'roc' : 'pr'}
      curves={curves}
      positive={name}
      {...(plot === 'pr' && own[0] && { prevalence: cells.number(own[0].prevalence) })}
      {...(version.classes.length <= 2 && { threshold: 0.5 })}
    />
  );
}
