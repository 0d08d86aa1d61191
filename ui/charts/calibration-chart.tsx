import { line } from 'd3-shape';
import type { ReactElement } from 'react';
import { format, t } from '../i18n/index.ts';
import { XAxis, YAxis } from './axes.tsx';
import { ChartFrame } from './chart-frame.tsx';
import { axis } from './shapes/axis.ts';
import {
  calibrationError,
  calibrationPoints,
  type CalibrationBin,
  type CalibrationPoint,
} from './shapes/calibration.ts';

const margins = { top: 26, right: 14, bottom: 44, left: 44 };
const countStrip = 32;

/** Whether probabilities mean what they say: ten bins, observed share ± 1.96 standard errors, rows of each bin below. */
export function CalibrationChart({
  bins,
  positive,
}: {
  readonly bins: readonly CalibrationBin[];
  readonly positive: string;
}): ReactElement {
  const points = calibrationPoints(bins);
  const error = calibrationError(bins);
  const most = Math.max(1, ...points.map((point) => point.rows));
  return (
    <ChartFrame
      title={t('Calibration')}
      facts={`${t('Class {name}', { name: positive })} · ${t('expected calibration error {value}', { value: format.fixed(error) })}`}
      sentence={t('On average the observed share is {value} away from the predicted probability.', {
        value: format.fixed(error),
      })}
      table={{
        columns: [
          { label: t('Predicted probability') },
          { label: t('Observed share') },
          { label: t('From') },
          { label: t('To') },
          { label: t('Rows') },
        ],
        rows: points.map((point) => [
          format.fixed(point.predicted),
          format.fixed(point.observed),
          format.fixed(point.low),
          format.fixed(point.high),
          format.number(point.rows),
        ]),
      }}
      height={320}
    >
      {(width, height) => {
        const floor = height - margins.bottom;
        const x = axis([0, 1], [margins.left, width - margins.right], 4);
        const y = axis([0, 1], [floor - countStrip - 6, margins.top], 4);
        const path = line<CalibrationPoint>()
          .x((point) => x.scale(point.predicted))
          .y((point) => y.scale(point.observed));
        return (
          <>
            <YAxis axis={y} margins={margins} width={width} height={height} label={t('Observed share')} />
            <XAxis
              axis={x}
              margins={margins}
              width={width}
              height={height}
              label={t('Predicted probability')}
            />
            {points.map((point) => {
              const bar = Math.max(1, (countStrip * point.rows) / most);
              return (
                <rect
                  key={point.predicted}
                  x={x.scale(point.predicted) - 7}
                  y={floor - bar}
                  width={14}
                  height={bar}
                  style={{ fill: 'var(--k-mark)', opacity: 0.5 }}
                />
              );
            })}
            <line className="k-guide" x1={x.scale(0)} x2={x.scale(1)} y1={y.scale(0)} y2={y.scale(1)} />
            <path className="k-line" d={path(points) ?? ''} style={{ stroke: 'var(--k-series-1)' }} />
            {points.map((point) => (
              <g key={point.predicted} style={{ stroke: 'var(--k-series-1)', fill: 'var(--k-series-1)' }}>
                <line
                  x1={x.scale(point.predicted)}
                  x2={x.scale(point.predicted)}
                  y1={y.scale(point.low)}
                  y2={y.scale(point.high)}
                />
                <circle cx={x.scale(point.predicted)} cy={y.scale(point.observed)} r={3.5} />
              </g>
            ))}
          </>
        );
      }}
    </ChartFrame>
  );
}
