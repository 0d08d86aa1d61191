import Button from '@splunk/react-ui/Button';
import Paginator from '@splunk/react-ui/Paginator';
import { memo, startTransition, useCallback, useEffect, useMemo, useState, type ReactElement } from 'react';
import { count, format, t } from '../../i18n/index.ts';
import { filtered, sorted } from './filtering.ts';
import { isFiltered, unfiltered, type ListState, type SortKey } from './list-state.ts';
import type { ModelRow } from './model-row.ts';
import { ModelsTable } from './models-table.tsx';

const perPage = 50;
/** A row's height in pixels. */
const rowHeight = 34;

/** Whether what is out of sight may be drawn too: not in the first drawing, at once after it. */
function useWhole(): boolean {
  const [whole, setWhole] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => startTransition(() => setWhole(true)));
    return () => clearTimeout(timer);
  }, []);
  return whole;
}

export interface ModelsListProps extends ListState {
  readonly models: readonly ModelRow[];
  readonly user: string | undefined;
  readonly onChange: (changes: Partial<ListState>) => void;
  readonly onMenu: (model: ModelRow, anchor: HTMLElement) => void;
}

/** A page of the models that pass the filters. Memoised: while somebody types, it is drawn after the field. */
export const ModelsList = memo(function ModelsList(props: ModelsListProps): ReactElement {
  const { models, user, query, quick, owner, app, algorithm, sort, descending, onChange } = props;
  // Sorted once for all keystrokes: the filter keeps the order.
  const inOrder = useMemo(() => sorted(models, sort, descending), [models, sort, descending]);
  const shown = useMemo(
    () => filtered(inOrder, { query, quick, owner, app, algorithm }, user ?? ''),
    [inOrder, query, quick, owner, app, algorithm, user],
  );
  const onSort = useCallback(
    (key: SortKey) => onChange({ sort: key, descending: key === sort && !descending }),
    [onChange, sort, descending],
  );
  const pages = Math.max(1, Math.ceil(shown.length / perPage));
  const page = Math.min(props.page, pages);
  const whole = useWhole();
  // More than the window can show, for the head of the page takes its part.
  const drawn = whole ? perPage : Math.min(perPage, Math.ceil(window.innerHeight / rowHeight));
  if (shown.length === 0) return <NoMatch {...props} />;
  return (
    <>
      <ModelsTable
        models={shown.slice((page - 1) * perPage, (page - 1) * perPage + drawn)}
        user={user}
        sort={sort}
        descending={descending}
        onSort={onSort}
        onMenu={props.onMenu}
      />
      <div className="k-foot">
        <p role="status">
          {t('{from}–{to} of {n}', {
            from: format.number((page - 1) * perPage + 1),
            to: format.number(Math.min(page * perPage, shown.length)),
            n: format.number(shown.length),
          })}
        </p>
        {whole && pages > 1 && (
          <Paginator.PageControl
            current={page}
            totalPages={pages}
            onChange={(_event, { page: chosen }) => onChange({ page: chosen })}
          />
        )}
      </div>
    </>
  );
});

function NoMatch({ models, onChange, ...state }: ModelsListProps): ReactElement {
  const n = format.number(models.length);
  const query = state.query.trim();
  return (
    <div className="k-panel k-empty" role="status">
      <p>
        {query === '' ? t('No model matches.') : t('No model matches “{query}”.', { query })}{' '}
        {isFiltered(state) &&
          count(
            models.length,
            '{n} model is hidden by the filters.',
            '{n} models are hidden by the filters.',
            { n },
          )}
      </p>
      <div>
        <Button appearance="secondary" label={t('Clear the filters')} onClick={() => onChange(unfiltered)} />
      </div>
    </div>
  );
}
