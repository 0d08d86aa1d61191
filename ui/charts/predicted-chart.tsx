import type { ReactElement } from 'react';
import { count, format, t } from '../i18n/index.ts';
import { XAxis, YAxis } from './axes.tsx';
import { ChartFrame } from './chart-frame.tsx';
import { rampColour } from './ramp.ts';
import { axis } from './shapes/axis.ts';
import { deciles, sharedDomain, strength, type PredictedCell } from './shapes/predicted.ts';

const margins = { top: 26, right: 14, bottom: 44, left: 60 };

/** How near predictions come to what was: rows counted in cells, both axes alike, the diagonal is right. */
export function PredictedChart({
  cells,
  target,
}: {
  readonly cells: readonly PredictedCell[];
  readonly target: string;
}): ReactElement {
  const rows = cells.reduce((sum, cell) => sum + cell.rows, 0);
  const most = Math.max(1, ...cells.map((cell) => cell.rows));
  const domain = sharedDomain(cells) ?? [0, 1];
  const tenths = deciles(cells);
  return (
    <ChartFrame
      title={t('Predicted against actual')}
      facts={count(
        rows,
        '{n} row, counted in cells; stronger is more (logarithm)',
        '{n} rows, counted in cells; stronger is more (logarithm)',
        { n: format.number(rows) },
      )}
      sentence={
        tenths.length > 0
          ? t('In the highest tenth of the predictions the mean was {predicted}, the actual mean {actual}.', {
              predicted: format.number(tenths.at(-1)?.predicted, 3),
              actual: format.number(tenths.at(-1)?.actual, 3),
            })
          : t('There is no row.')
      }
      table={{
        columns: [
          { label: t('Tenth of the predictions') },
          { label: t('Mean predicted') },
          { label: t('Mean actual') },
          { label: t('Rows') },
        ],
        rows: tenths.map((tenth) => [
          format.number(tenth.decile),
          format.number(tenth.predicted, 3),
          format.number(tenth.actual, 3),
          format.number(tenth.rows),
        ]),
      }}
      height={(width) => Math.min(420, Math.max(260, width))}
    >
      {(width, height) => {
        const side = Math.min(width - margins.left - margins.right, height - margins.top - margins.bottom);
        const right = width - margins.left - side;
        const square = { ...margins, right };
        const x = axis(domain, [margins.left, margins.left + side], 4, { nice: false });
        const y = axis(domain, [margins.top + side, margins.top], 4, { nice: false });
        const floor = height - (margins.top + side);
        return (
          <>
            <YAxis
              axis={y}
              margins={square}
              width={width}
              height={height}
              label={t('Predicted {target}', { target })}
            />
            <XAxis
              axis={x}
              margins={{ ...square, bottom: floor }}
              width={width}
              height={height}
              label={t('Actual {target}', { target })}
            />
            {cells.map((cell, index) => (
              <rect
                key={index}
                x={x.scale(cell.actualLow)}
                y={y.scale(cell.predictedHigh)}
                width={Math.max(1, x.scale(cell.actualHigh) - x.scale(cell.actualLow))}
                height={Math.max(1, y.scale(cell.predictedLow) - y.scale(cell.predictedHigh))}
                style={{ fill: rampColour(strength(cell.rows, most)), shapeRendering: 'crispEdges' }}
              />
            ))}
            <line
              className="k-guide"
              x1={x.scale(domain[0])}
              y1={y.scale(domain[0])}
              x2={x.scale(domain[1])}
              y2={y.scale(domain[1])}
              style={{ stroke: 'var(--k-text-strong)' }}
            />
          </>
        );
      }}
    </ChartFrame>
  );
}
