import type { ReactElement } from 'react';
import { format } from '../i18n/index.ts';
import type { Axis, Margins } from './shapes/axis.ts';

/** Writes a tick: with the decimals that its axis needs, large numbers short. */
export function tickText({ decimals, ticks }: Axis): (value: number) => string {
  const large = ticks.some((tick) => Math.abs(tick) >= 10_000);
  return (value) => (large ? format.compact(value) : format.fixed(value, decimals));
}

interface AxisProps {
  readonly axis: Axis;
  readonly margins: Margins;
  readonly width: number;
  readonly height: number;
  readonly text?: (value: number) => string;
}

/** Grid lines with their numbers at the left, and what they measure on top: not turned. */
export function YAxis({
  axis,
  margins,
  width,
  label,
  text = tickText(axis),
}: AxisProps & { readonly label?: string }): ReactElement {
  return (
    <g>
      {label && (
        <text className="k-axis" x={margins.left} y={12}>
          {label}
        </text>
      )}
      {axis.ticks.map((tick) => (
        <g key={tick}>
          <line
            className="k-grid"
            x1={margins.left}
            x2={width - margins.right}
            y1={axis.scale(tick)}
            y2={axis.scale(tick)}
          />
          <text className="k-axis" x={margins.left - 8} y={axis.scale(tick) + 4} textAnchor="end">
            {text(tick)}
          </text>
        </g>
      ))}
    </g>
  );
}

/** The line at the bottom with its numbers and what they measure. */
export function XAxis({
  axis,
  margins,
  width,
  height,
  label,
  text = tickText(axis),
}: AxisProps & { readonly label: string }): ReactElement {
  const floor = height - margins.bottom;
  return (
    <g>
      <line className="k-axis-line" x1={margins.left} x2={width - margins.right} y1={floor} y2={floor} />
      {axis.ticks.map((tick) => (
        <text key={tick} className="k-axis" x={axis.scale(tick)} y={floor + 17} textAnchor="middle">
          {text(tick)}
        </text>
      ))}
      <text
        className="k-axis"
        x={(margins.left + width - margins.right) / 2}
        y={floor + 36}
        textAnchor="middle"
      >
        {label}
      </text>
    </g>
  );
}
