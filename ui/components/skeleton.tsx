import { t } from '../i18n/index.ts';

/** Grey bars in the shape of the rows to come. */
export function SkeletonTable({ rows = 5, columns = 6 }: { rows?: number; columns?: number }) {
  return (
    <div className="k-table-frame">
      <span className="k-hidden" role="status">
        {t('Loading')}
      </span>
      <table className="k-table" aria-hidden="true">
        <tbody>
          {Array.from({ length: rows }, (_, row) => (
            <tr key={row}>
              {Array.from({ length: columns }, (_, column) => (
                <td key={column} className="k-skeleton">
                  <span style={{ width: `${55 + ((row * 7 + column * 13) % 40)}%` }} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Grey bars for a panel of text. */
export function SkeletonLines({ lines = 4 }: { lines?: number }) {
  return (
    <div className="k-stack-small">
      <span className="k-hidden" role="status">
        {t('Loading')}
      </span>
      {Array.from({ length: lines }, (_, line) => (
        <div key={line} className="k-skeleton" aria-hidden="true">
          <span style={{ width: `${60 + ((line * 17) % 35)}%` }} />
        </div>
      ))}
    </div>
  );
}
