import type { ReactElement } from 'react';

/** How the series of a chart differ: by colour and by dash. More than four cannot be told apart. */
export const seriesLooks = [
  { colour: 'var(--k-series-1)', dash: undefined },
  { colour: 'var(--k-series-2)', dash: '6 4' },
  { colour: 'var(--k-series-7)', dash: '2 3' },
  { colour: 'var(--k-series-4)', dash: '9 3 2 3' },
] as const;

export const lookOf = (index: number): (typeof seriesLooks)[number] =>
  seriesLooks[index % seriesLooks.length];

/** Names of the series below a picture, each with a piece of its line and the number that sums it up. */
export function Legend({
  series,
}: {
  readonly series: readonly { readonly name: string; readonly value?: string; readonly look?: number }[];
}): ReactElement {
  return (
    <ul className="k-legend">
      {series.map(({ name, value, look }, index) => {
        const { colour, dash } = lookOf(look ?? index);
        return (
          <li key={name}>
            <svg aria-hidden="true" width={22} height={8}>
              <line
                x1={0}
                x2={22}
                y1={4}
                y2={4}
                strokeWidth={2}
                strokeDasharray={dash}
                style={{ stroke: colour }}
              />
            </svg>
            <span>{name}</span>
            {value !== undefined && <b className="k-number">{value}</b>}
          </li>
        );
      })}
    </ul>
  );
}
