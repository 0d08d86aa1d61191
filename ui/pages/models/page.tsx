import Paginator from '@splunk/react-ui/Paginator';
import { useCallback, useDeferredValue, useEffect, useMemo, useState, type ReactElement } from 'react';
import { useUser } from '../../app/user.tsx';
import {
  DataStates,
  MessageLine,
  PageHead,
  pageURL,
  RowMenu,
  SearchLink,
  SkeletonTable,
  useAddress,
  type OpenMenu,
} from '../../components/index.ts';
import Button from '@splunk/react-ui/Button';
import { count, format, t } from '../../i18n/index.ts';
import { keplerSearch, useRows } from '../../splunkd/index.ts';
import { useDeeds } from './deeds.tsx';
import { NoModels } from './empty.tsx';
import { fitSearch } from './example.ts';
import { FilterBar } from './filter-bar.tsx';
import { byName, filtered, sorted } from './filtering.ts';
import { modelURL } from './links.ts';
import { isFiltered, parametersOf, stateOf, unfiltered, type ListState, type SortKey } from './list-state.ts';
import { menuOf } from './menu.ts';
import { modelRow, type ModelRow } from './model-row.ts';
import { ModelsTable } from './models-table.tsx';
import { ModelsStyle } from './style.ts';

const perPage = 50;
const refreshSeconds = 30;

/** The home page: every model the user may see, the worst first. */
export function Page(): ReactElement {
  const user = useUser()?.name;
  const data = useRows(keplerSearch('models'), { refreshSeconds });
  const models = useMemo(() => byName(data.rows.map(modelRow)), [data.rows]);
  const { state, type, change } = useListState();
  const query = useDeferredValue(state.query);
  const { quick, owner, app, algorithm, sort, descending } = state;
  // Sorted once for all keystrokes: the filter keeps the order.
  const inOrder = useMemo(() => sorted(models, sort, descending), [models, sort, descending]);
  const shown = useMemo(
    () => filtered(inOrder, { query, quick, owner, app, algorithm }, user ?? ''),
    [inOrder, query, quick, owner, app, algorithm, user],
  );
  const pages = Math.max(1, Math.ceil(shown.length / perPage));
  const page = Math.min(state.page, pages);
  const onPage = useMemo(() => shown.slice((page - 1) * perPage, page * perPage), [shown, page]);

  const [said, setSaid] = useState('');
  const deeds = useDeeds(user, (sentence) => {
    setSaid(sentence);
    data.reload();
  });
  const [menu, setMenu] = useState<OpenMenu | null>(null);
  const { ask } = deeds;
  const onMenu = useCallback(
    (model: ModelRow, anchor: HTMLElement) => setMenu(menuOf(model, user, anchor, ask)),
    [user, ask],
  );
  const hrefOf = useCallback((model: ModelRow) => modelURL(model, user), [user]);
  const onSort = useCallback(
    (key: SortKey) => change({ sort: key, descending: key === sort && !descending }),
    [change, sort, descending],
  );
  return (
    <>
      <ModelsStyle />
      <PageHead
        title={t('Models')}
        facts={[
          data.updatedAt !== undefined &&
            count(models.length, '{n} model you may see', '{n} models you may see', {
              n: format.number(models.length),
            }),
          data.updatedAt !== undefined && t('updated {time}', { time: format.clock(data.updatedAt) }),
        ]}
        actions={
          models.length > 0 && (
            <SearchLink spl={fitSearch} label={t('Fit a model in Search')} appearance="primary" />
          )
        }
      />
      {said && (
        <div className="k-lines">
          <MessageLine type="success" title={said} onClose={() => setSaid('')} />
        </div>
      )}
      {(data.state === 'ready' || data.state === 'stale') && models.length > 0 && (
        <FilterBar models={models} user={user ?? ''} state={state} onQuery={type} onChange={change} />
      )}
      <DataStates
        data={data}
        loading={<SkeletonTable rows={12} columns={8} />}
        empty={<NoModels />}
        noMatch={shown.length === 0}
        noMatchContent={<NoMatch state={state} hidden={models.length} clear={() => change(unfiltered)} />}
        failedTitle={t('The models could not be read.')}
        failedActions={<Button appearance="secondary" label={t('Open Runtimes')} to={pageURL('runtimes')} />}
      >
        <ModelsTable
          models={onPage}
          sort={sort}
          descending={descending}
          onSort={onSort}
          hrefOf={hrefOf}
          onMenu={onMenu}
        />
        <div className="k-foot">
          <p role="status">
            {t('{from}–{to} of {n}', {
              from: format.number((page - 1) * perPage + 1),
              to: format.number(Math.min(page * perPage, shown.length)),
              n: format.number(shown.length),
            })}
          </p>
          {pages > 1 && (
            <Paginator.PageControl
              current={page}
              totalPages={pages}
              onChange={(_event, { page: chosen }) => change({ page: chosen })}
            />
          )}
        </div>
      </DataStates>
      <RowMenu menu={menu} onClose={() => setMenu(null)} />
      {deeds.dialog}
    </>
  );
}

function NoMatch({
  state,
  hidden,
  clear,
}: {
  readonly state: ListState;
  readonly hidden: number;
  readonly clear: () => void;
}): ReactElement {
  const n = format.number(hidden);
  return (
    <div className="k-panel k-empty" role="status">
      <p>
        {state.query.trim() === ''
          ? t('No model matches.')
          : t('No model matches “{query}”.', { query: state.query.trim() })}{' '}
        {isFiltered(state) &&
          count(hidden, '{n} model is hidden by the filters.', '{n} models are hidden by the filters.', {
            n,
          })}
      </p>
      <div>
        <Button appearance="secondary" label={t('Clear the filters')} onClick={clear} />
      </div>
    </div>
  );
}

/** The list's state from the address. What is typed shows at once and reaches the address when the typing rests. */
function useListState(): {
  readonly state: ListState;
  readonly type: (query: string) => void;
  readonly change: (changes: Partial<ListState>) => void;
} {
  const [parameters, setAddress] = useAddress();
  const inAddress = useMemo(() => stateOf(parameters), [parameters]);
  const [query, setQuery] = useState(inAddress.query);
  const typing = query !== inAddress.query;
  useEffect(() => setQuery(inAddress.query), [inAddress.query]);
  useEffect(() => {
    if (!typing) return undefined;
    const timer = setTimeout(() => setAddress(parametersOf({ query }, inAddress), true), 300);
    return () => clearTimeout(timer);
  }, [query, typing, inAddress, setAddress]);
  const change = useCallback(
    (changes: Partial<ListState>) => {
      if (changes.query !== undefined) setQuery(changes.query);
      setAddress(parametersOf({ query, ...changes }, inAddress));
    },
    [query, inAddress, setAddress],
  );
  return { state: { ...inAddress, query, page: typing ? 1 : inAddress.page }, type: setQuery, change };
}
