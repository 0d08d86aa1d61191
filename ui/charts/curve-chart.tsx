import { line } from 'd3-shape';
import type { ReactElement } from 'react';
import { format, t } from '../i18n/index.ts';
import { XAxis, YAxis } from './axes.tsx';
import { ChartFrame } from './chart-frame.tsx';
import { Legend, lookOf } from './series.tsx';
import { axis } from './shapes/axis.ts';
import { evenly, pointAt, type Curve, type CurvePoint } from './shapes/curve.ts';

export interface CurveChartProps {
  readonly kind: 'roc' | 'pr';
  /** One a version; the first is the one in question. */
  readonly curves: readonly Curve[];
  /** Share of rows that are of the class: the floor of a precision-recall curve. */
  readonly prevalence?: number;
  /** The class that counts as positive. */
  readonly positive: string;
  /** Where the model decides, if it decides by one threshold. */
  readonly threshold?: number;
}

const margins = { top: 26, right: 14, bottom: 44, left: 44 };

/** ROC or precision-recall of one class, for some versions: both axes from 0 to 1, what chance gives dashed. */
export function CurveChart(props: CurveChartProps): ReactElement {
  const { curves, kind, positive, prevalence, threshold } = props;
  const roc = kind === 'roc';
  const [first] = curves;
  const place = (points: readonly CurvePoint[]): CurvePoint | undefined =>
    threshold === undefined ? undefined : pointAt(points, threshold);
  return (
    <ChartFrame
      title={roc ? t('ROC') : t('Precision and recall')}
      facts={[
        t('Class {name}', { name: positive }),
        roc ? t('dashed: chance') : '',
        !roc && prevalence !== undefined
          ? t('dashed: share of the class, {share}', { share: format.percent(prevalence, 1) })
          : '',
        threshold === undefined ? '' : t('circle: threshold {value}', { value: format.fixed(threshold, 2) }),
      ]
        .filter(Boolean)
        .join(' · ')}
      sentence={
        first
          ? t('The area under the curve of {name} is {area}.', {
              name: first.name,
              area: format.fixed(first.area),
            })
          : t('There is no curve.')
      }
      table={{
        columns: [
          { label: t('Version'), text: true },
          { label: t('Threshold') },
          { label: roc ? t('False positive rate') : t('Recall') },
          { label: roc ? t('True positive rate') : t('Precision') },
        ],
        rows: curves.flatMap((shown) =>
          evenly(shown.points, 20).map((point) => [
            shown.name,
            format.fixed(point.threshold),
            format.fixed(point.x),
            format.fixed(point.y),
          ]),
        ),
      }}
      height={300}
      legend={<Legend series={curves.map(({ name, area }) => ({ name, value: format.fixed(area) }))} />}
    >
      {(width, height) => {
        const x = axis([0, 1], [margins.left, width - margins.right], 4);
        const y = axis([0, 1], [height - margins.bottom, margins.top], 4);
        const path = line<CurvePoint>()
          .x((point) => x.scale(point.x))
          .y((point) => y.scale(point.y));
        const chance = roc ? [0, 1] : [prevalence ?? 0, prevalence ?? 0];
        return (
          <>
            <YAxis
              axis={y}
              margins={margins}
              width={width}
              height={height}
              label={roc ? t('True positive rate') : t('Precision')}
            />
            <XAxis
              axis={x}
              margins={margins}
              width={width}
              height={height}
              label={roc ? t('False positive rate') : t('Recall')}
            />
            {(roc || prevalence !== undefined) && (
              <line
                className="k-guide"
                x1={x.scale(0)}
                x2={x.scale(1)}
                y1={y.scale(chance[0])}
                y2={y.scale(chance[1])}
              />
            )}
            {curves.map((shown, index) => (
              <path
                key={shown.name}
                className="k-line"
                d={path([...shown.points]) ?? ''}
                strokeDasharray={lookOf(index).dash}
                style={{ stroke: lookOf(index).colour }}
              />
            ))}
            {curves.slice(0, 1).map((shown) => {
              const at = place(shown.points);
              return (
                at && (
                  <circle
                    key={shown.name}
                    cx={x.scale(at.x)}
                    cy={y.scale(at.y)}
                    r={5}
                    style={{ fill: 'var(--k-section)', stroke: 'var(--k-series-1)', strokeWidth: 2 }}
                  />
                )
              );
            })}
          </>
        );
      }}
    </ChartFrame>
  );
}
