import type { ReactElement } from 'react';
import { count, format, t } from '../i18n/index.ts';
import { ChartFrame } from './chart-frame.tsx';
import { rampColour, useRampInk } from './ramp.ts';
import { confusion, mostClasses, type Confusion, type ConfusionCell } from './shapes/confusion.ts';

const clipped = (name: string, most: number): string =>
  name.length > most ? `${name.slice(0, Math.max(1, most - 1))}…` : name;
const named = (name: string): string => (name === '' ? t('(empty)') : name);

/** Where the mistakes are: rows by actual class, share of the class on the ramp; beyond 20 classes the worst pairs. */
export function ConfusionChart({ cells }: { readonly cells: readonly ConfusionCell[] }): ReactElement {
  const matrix = confusion(cells);
  const worst = matrix.worst[0];
  const many = matrix.classes.length > mostClasses;
  const pairs = many
    ? matrix.worst.slice(0, 200)
    : matrix.classes.flatMap((actual) => matrix.classes.map((predicted) => matrix.pair(actual, predicted)));
  return (
    <ChartFrame
      title={t('Confusion matrix')}
      facts={
        many
          ? t('{classes} classes are too many for a matrix: the mistakes with most rows.', {
              classes: format.number(matrix.classes.length),
            })
          : count(
              matrix.rows,
              'Per cent of each actual class, {n} row',
              'Per cent of each actual class, {n} rows',
              {
                n: format.number(matrix.rows),
              },
            )
      }
      sentence={
        worst
          ? t('Most often {actual} was taken for {predicted}: {n} rows, {share} of its class.', {
              actual: named(worst.actual),
              predicted: named(worst.predicted),
              n: format.number(worst.rows),
              share: format.percent(worst.share),
            })
          : t('No row was taken for another class.')
      }
      table={{
        columns: [
          { label: t('Actual'), text: true },
          { label: t('Predicted'), text: true },
          { label: t('Rows') },
          { label: t('Share of the class') },
          { label: t('Rows of the class') },
        ],
        rows: pairs.map((pair) => [
          named(pair.actual),
          named(pair.predicted),
          format.number(pair.rows),
          format.percent(pair.share, 1),
          format.number(matrix.totals.get(pair.actual)),
        ]),
      }}
      height={(width) =>
        many ? 12 + Math.min(12, matrix.worst.length) * 24 : layoutOf(matrix, width).height
      }
    >
      {(width) =>
        many ? <WorstPairs matrix={matrix} width={width} /> : <Matrix matrix={matrix} width={width} />
      }
    </ChartFrame>
  );
}

const headRoom = 44;
const totalsRoom = 64;

/** Sizes by the width: cells as large as fit, numbers instead of names on top where names do not fit. */
function layoutOf(matrix: Confusion, width: number) {
  const size = matrix.classes.length || 1;
  const longest = Math.max(3, ...matrix.classes.map((name) => name.length));
  const left = Math.min(Math.max(72, longest * 7 + 20), Math.max(72, width * 0.3));
  const cellWidth = Math.max(16, Math.min(90, (width - left - totalsRoom) / size));
  const cellHeight = Math.max(20, Math.min(56, cellWidth * 0.75, 340 / size));
  const numbered = longest * 7 > cellWidth - 4;
  return { left, cellWidth, cellHeight, numbered, height: headRoom + cellHeight * size + 6 };
}

function Matrix({ matrix, width }: { readonly matrix: Confusion; readonly width: number }): ReactElement {
  const ink = useRampInk();
  const { left, cellWidth, cellHeight, numbered } = layoutOf(matrix, width);
  const { classes } = matrix;
  const counts = classes.length <= 3;
  const right = left + cellWidth * classes.length;
  return (
    <>
      <text className="k-axis-strong" x={(left + right) / 2} y={14} textAnchor="middle">
        {t('Predicted')}
      </text>
      <text className="k-axis" x={right + 10} y={headRoom - 8}>
        {t('Rows')}
      </text>
      {classes.map((name, index) => (
        <g key={name}>
          <text className="k-axis" x={left + cellWidth * (index + 0.5)} y={headRoom - 8} textAnchor="middle">
            {numbered ? index + 1 : named(name)}
          </text>
          <text
            className="k-axis"
            x={left - 10}
            y={headRoom + cellHeight * (index + 0.5) + 4}
            textAnchor="end"
          >
            {numbered ? `${clipped(named(name), Math.floor((left - 36) / 6.5))}  ${index + 1}` : named(name)}
          </text>
          <text className="k-axis" x={right + 10} y={headRoom + cellHeight * (index + 0.5) + 4}>
            {format.compact(matrix.totals.get(name))}
          </text>
        </g>
      ))}
      {classes.flatMap((actual, row) =>
        classes.map((predicted, column) => {
          const pair = matrix.pair(actual, predicted);
          const x = left + cellWidth * column;
          const y = headRoom + cellHeight * row;
          const fill = ink(pair.share);
          return (
            <g key={`${row} ${column}`}>
              <rect
                x={x + 1}
                y={y + 1}
                width={cellWidth - 2}
                height={cellHeight - 2}
                rx={2}
                style={{
                  fill: rampColour(pair.share),
                  stroke: row === column ? 'var(--k-text-strong)' : 'var(--k-border)',
                  strokeWidth: row === column ? 1.5 : 0.5,
                }}
              />
              {cellWidth >= 20 && (pair.rows > 0 || cellWidth >= 34) && (
                <text
                  x={x + cellWidth / 2}
                  y={y + cellHeight / 2 + (counts ? -2 : 4)}
                  textAnchor="middle"
                  style={{ fill, font: `${cellWidth >= 34 ? '700 12px' : '11px'} var(--k-sans)` }}
                >
                  {cellWidth >= 34 ? format.percent(pair.share) : format.number(pair.share * 100)}
                </text>
              )}
              {counts && (
                <text
                  x={x + cellWidth / 2}
                  y={y + cellHeight / 2 + 14}
                  textAnchor="middle"
                  style={{ fill, font: '12px var(--k-sans)' }}
                >
                  {format.compact(pair.rows)}
                </text>
              )}
            </g>
          );
        }),
      )}
    </>
  );
}

function WorstPairs({ matrix, width }: { readonly matrix: Confusion; readonly width: number }): ReactElement {
  const shown = matrix.worst.slice(0, 12);
  const most = shown[0]?.rows ?? 1;
  const left = Math.min(240, width * 0.5);
  const room = Math.max(20, width - left - 90);
  return (
    <>
      {shown.map((pair, index) => (
        <g key={index} transform={`translate(0 ${6 + index * 24})`}>
          <text className="k-axis" x={left - 10} y={16} textAnchor="end">
            {clipped(`${named(pair.actual)} → ${named(pair.predicted)}`, Math.floor(left / 6.5))}
          </text>
          <rect
            x={left}
            y={4}
            width={Math.max(1, (room * pair.rows) / most)}
            height={16}
            style={{ fill: 'var(--k-series-1)' }}
          />
          <text className="k-axis" x={left + (room * pair.rows) / most + 6} y={16}>
            {format.number(pair.rows)} ({format.percent(pair.share)})
          </text>
        </g>
      ))}
    </>
  );
}
