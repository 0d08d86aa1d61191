import type { ReactElement } from 'react';
import { t } from '../../i18n/index.ts';
import { columns } from './columns.ts';
import type { SortKey } from './list-state.ts';
import { ModelLine } from './model-line.tsx';
import type { ModelRow } from './model-row.ts';

export interface ModelsTableProps {
  readonly models: readonly ModelRow[];
  readonly user: string | undefined;
  readonly sort: SortKey;
  readonly descending: boolean;
  readonly onSort: (sort: SortKey) => void;
  readonly onMenu: (model: ModelRow, anchor: HTMLElement) => void;
}

/** The list: a plain table, for the library's costs 5 ms a row. */
export function ModelsTable(props: ModelsTableProps): ReactElement {
  const { sort, descending, onSort } = props;
  const shown = columns();
  return (
    <div className="k-table-frame k-models">
      <table className="k-table" aria-label={t('Models')}>
        <colgroup>
          {shown.map(({ id }) => (
            <col key={id} className={`k-c-${id}`} />
          ))}
          <col className="k-c-actions" />
        </colgroup>
        <thead>
          <tr>
            {shown.map((column) => {
              const sorted = column.sort === sort;
              return (
                <th
                  key={column.id}
                  scope="col"
                  className={`k-c-${column.id}${column.end ? ' k-end' : ''}`}
                  aria-sort={sorted ? (descending ? 'descending' : 'ascending') : undefined}
                >
                  {column.sort === undefined ? (
                    column.label
                  ) : (
                    <button type="button" className="k-sort" onClick={() => onSort(column.sort as SortKey)}>
                      {column.label}
                      {sorted && <span aria-hidden="true">{descending ? '▼' : '▲'}</span>}
                    </button>
                  )}
                </th>
              );
            })}
            <th scope="col" className="k-c-actions">
              <span className="k-hidden">{t('Actions')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {props.models.map((model) => (
            <ModelLine key={model.key} model={model} user={props.user} onMenu={props.onMenu} />
          ))}
        </tbody>
      </table>
    </div>
  );
}
