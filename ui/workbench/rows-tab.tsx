import type { ReactElement } from 'react';
import type { RunResult, RunTable } from '../../container/contract/workbench.ts';
import { format, t } from '../i18n/index.ts';

/** The first rows; what the template made stands behind the data's own fields, marked. */
export function RowsTab({ result }: { readonly result: RunResult | undefined }): ReactElement {
  const { table, made = 0, rows = 0 } = result ?? {};
  if (!table) return <Nothing />;
  const more = rows > table.rows.length;
  return (
    <>
      {more && (
        <p className="w-note">
          {t('The first {n} of {all} rows.', {
            n: format.number(table.rows.length),
            all: format.number(rows),
          })}
        </p>
      )}
      <PlainTable table={table} label={t('Rows')} marked={made} />
    </>
  );
}

export function SummaryTab({ result }: { readonly result: RunResult | undefined }): ReactElement {
  return result?.summary ? (
    <PlainTable table={result.summary} label={t('Summary')} marked={0} />
  ) : (
    <Nothing />
  );
}

/** Why the first rows were answered so, where the template says it. */
export function ExplainTab({ result }: { readonly result: RunResult | undefined }): ReactElement {
  if (result?.explained) return <PlainTable table={result.explained} label={t('Explain')} marked={0} />;
  return <p className="w-note">{t('A template with a function explain says here why it answered so.')}</p>;
}

export const Nothing = (): ReactElement => <p className="w-note">{t('The last run made none.')}</p>;

/** @param marked fields from the right that stand out */
export function PlainTable({
  table: { fields, rows },
  label,
  marked,
}: {
  readonly table: RunTable;
  readonly label: string;
  readonly marked: number;
}): ReactElement {
  const isNumber = fields.map((_, at) =>
    rows.every((row) => row[at] === null || isNumeric(row[at] as string)),
  );
  const classOf = (at: number): string | undefined => {
    const classes = [isNumber[at] && 'k-end', at >= fields.length - marked && 'w-made'].filter(Boolean);
    return classes.length > 0 ? classes.join(' ') : undefined;
  };
  return (
    <div className="k-scroll w-table" tabIndex={0} role="region" aria-label={label}>
      <table className="k-table">
        <thead>
          <tr>
            {fields.map((field, at) => (
              <th key={field} scope="col" className={classOf(at)}>
                {field}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={index}>
              {row.map((cell, at) => (
                <td key={at} className={classOf(at)} title={cell ?? undefined}>
                  {cell === null ? '' : isNumber[at] ? shortened(cell) : cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Six digits; the cell's title has all. */
function shortened(cell: string): string {
  const short = Number(Number(cell).toPrecision(6));
  return String(short).length < cell.length ? String(short) : cell;
}

function isNumeric(cell: string): boolean {
  return cell.trim() !== '' && Number.isFinite(Number(cell));
}
