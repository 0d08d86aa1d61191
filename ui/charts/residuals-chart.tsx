import type { ReactElement } from 'react';
import { count, format, t } from '../i18n/index.ts';
import { XAxis, YAxis } from './axes.tsx';
import { ChartFrame } from './chart-frame.tsx';
import { residualBands, type ResidualBin } from './shapes/residuals.ts';

const margins = { top: 26, right: 20, bottom: 44, left: 60 };

/** Which way and how far predictions err, over what was predicted: median, middle half and 90 % of actual − predicted. */
export function ResidualsChart({
  bins,
  target,
}: {
  readonly bins: readonly ResidualBin[];
  readonly target: string;
}): ReactElement {
  const rows = bins.reduce((sum, bin) => sum + bin.rows, 0);
  const far = [...bins].sort((a, b) => b.q95 - b.q05 - (a.q95 - a.q05))[0];
  return (
    <ChartFrame
      title={t('Residuals')}
      facts={count(
        rows,
        'Median, middle 50 % and 90 % of actual − predicted, {n} row',
        'Median, middle 50 % and 90 % of actual − predicted, {n} rows',
        { n: format.number(rows) },
      )}
      sentence={
        far
          ? t('Errors are widest where {low} to {high} is predicted: 90 % lie between {q05} and {q95}.', {
              low: format.number(far.predictedLow, 3),
              high: format.number(far.predictedHigh, 3),
              q05: format.number(far.q05, 3),
              q95: format.number(far.q95, 3),
            })
          : t('There is no row.')
      }
      table={{
        columns: [
          { label: t('Predicted') },
          { label: '5 %' },
          { label: '25 %' },
          { label: t('Median') },
          { label: '75 %' },
          { label: '95 %' },
          { label: t('Rows') },
        ],
        rows: bins.map((bin) => [
          `${format.number(bin.predictedLow, 2)} – ${format.number(bin.predictedHigh, 2)}`,
          ...[bin.q05, bin.q25, bin.q50, bin.q75, bin.q95].map((value) => format.number(value, 3)),
          format.number(bin.rows),
        ]),
      }}
      height={(width) => Math.min(420, Math.max(260, width))}
    >
      {(width, height) => {
        const { x, y, outer, inner, median } = residualBands(bins, width, height, margins);
        return (
          <>
            <YAxis
              axis={y}
              margins={margins}
              width={width}
              height={height}
              label={t('Residual of {target}', { target })}
            />
            <path d={outer} style={{ fill: 'var(--k-series-1)', opacity: 0.2 }} />
            <path d={inner} style={{ fill: 'var(--k-series-1)', opacity: 0.4 }} />
            <line
              x1={margins.left}
              x2={width - margins.right}
              y1={y.scale(0)}
              y2={y.scale(0)}
              style={{ stroke: 'var(--k-text-strong)' }}
            />
            <path className="k-line" d={median} style={{ stroke: 'var(--k-series-1)' }} />
            <XAxis
              axis={x}
              margins={margins}
              width={width}
              height={height}
              label={t('Predicted {target}', { target })}
            />
          </>
        );
      }}
    </ChartFrame>
  );
}
