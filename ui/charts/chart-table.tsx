import type { ReactElement } from 'react';

/** A chart's numbers as a table. */
export interface TableOf {
  readonly columns: readonly { readonly label: string; readonly text?: boolean }[];
  readonly rows: readonly (readonly string[])[];
}

/** The table that takes a picture's place. It scrolls inside, so that the cards beside it keep their height. */
export function ChartTable({
  label,
  table,
}: {
  readonly label: string;
  readonly table: TableOf;
}): ReactElement {
  return (
    <div className="k-scroll k-chart-table" tabIndex={0} role="region" aria-label={label}>
      <table className="k-table">
        <thead>
          <tr>
            {table.columns.map((column, index) => (
              <th key={index} scope="col" className={column.text ? undefined : 'k-end'}>
                {column.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {table.rows.map((row, index) => (
            <tr key={index}>
              {row.map((cell, at) => (
                <td key={at} className={table.columns[at]?.text ? undefined : 'k-end'}>
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
