import type { ReactElement, ReactNode } from 'react';
import { format, t } from '../i18n/index.ts';
import { ChartFrame } from './chart-frame.tsx';
import { barAxis, strongestFirst, type BarValue } from './shapes/bars.ts';

export interface BarsChartProps {
  readonly title: string;
  readonly facts: string;
  readonly values: readonly BarValue[];
  /** Signed values get a colour by sign: what raises the prediction, what lowers it. */
  readonly signed: boolean;
  readonly tools?: ReactNode;
}

const rowHeight = 24;
const shownAtMost = 30;
const valueRoom = 64;

const clipped = (name: string, most: number): string =>
  name.length > most ? `${name.slice(0, Math.max(1, most - 1))}…` : name;

/** Importances or coefficients as sorted bars from zero; the rest beyond thirty stands in the table. */
export function BarsChart({ title, facts, values, signed, tools }: BarsChartProps): ReactElement {
  const all = strongestFirst(values);
  const shown = all.slice(0, shownAtMost);
  const spreads = all.some((bar) => bar.spread !== undefined);
  return (
    <ChartFrame
      title={title}
      facts={
        all.length > shown.length
          ? `${facts} · ${t('the {n} strongest of {all}; all are in the table', { n: shown.length, all: format.number(all.length) })}`
          : facts
      }
      tools={tools}
      sentence={
        all[0]
          ? t('The strongest is {name} with {value}.', {
              name: all[0].name,
              value: format.fixed(all[0].value),
            })
          : t('There is no value.')
      }
      table={{
        columns: [
          { label: t('Feature'), text: true },
          { label: t('Value') },
          ...(spreads ? [{ label: '±' }] : []),
        ],
        rows: all.map((bar) => [
          bar.name,
          format.number(bar.value, 6),
          ...(spreads ? [format.number(bar.spread, 6)] : []),
        ]),
      }}
      height={shown.length * rowHeight + 12}
    >
      {(width, height) => {
        const names = Math.min(Math.max(80, ...shown.map((bar) => bar.name.length * 7)), width * 0.4);
        const left = names + 12 + (shown.some((bar) => bar.value < 0) ? valueRoom : 0);
        const { scale } = barAxis(shown, [left, Math.max(left + 20, width - valueRoom)]);
        return (
          <>
            {shown.map((bar, index) => {
              const y = 6 + index * rowHeight;
              const from = scale(Math.min(0, bar.value));
              const to = scale(Math.max(0, bar.value));
              const reach = bar.spread ?? 0;
              return (
                <g key={`${index} ${bar.name}`}>
                  <text className="k-axis" x={names} y={y + 16} textAnchor="end">
                    {clipped(bar.name, Math.floor(names / 6.4))}
                  </text>
                  <rect
                    x={from}
                    y={y + 4}
                    width={Math.max(1, to - from)}
                    height={16}
                    style={{ fill: signed && bar.value > 0 ? 'var(--k-series-7)' : 'var(--k-series-1)' }}
                  />
                  {reach > 0 && (
                    <line
                      x1={scale(bar.value - reach)}
                      x2={scale(bar.value + reach)}
                      y1={y + 12}
                      y2={y + 12}
                      style={{ stroke: 'var(--k-text-strong)', strokeWidth: 1.5 }}
                    />
                  )}
                  <text
                    className="k-axis"
                    x={bar.value < 0 ? scale(bar.value - reach) - 6 : scale(bar.value + reach) + 6}
                    y={y + 16}
                    textAnchor={bar.value < 0 ? 'end' : 'start'}
                  >
                    {short(bar.value)}
                  </text>
                </g>
              );
            })}
            <line className="k-axis-line" x1={scale(0)} x2={scale(0)} y1={0} y2={height} />
          </>
        );
      }}
    </ChartFrame>
  );
}

/** Three decimals; very small and very large values with three digits. */
function short(value: number): string {
  const size = Math.abs(value);
  if (size >= 10_000) return format.compact(value);
  if (value !== 0 && size < 0.001) return value.toExponential(1).replace('-', '−');
  return format.fixed(value);
}
