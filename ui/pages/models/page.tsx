import {
  useCallback,
  useDeferredValue,
  useEffect,
  useMemo,
  useRef,
  useState,
  type ReactElement,
} from 'react';
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
import { username } from '@splunk/splunk-utils/config';
import { count, format, t } from '../../i18n/index.ts';
import { keplerSearch, useRows } from '../../splunkd/index.ts';
import { useDeeds } from './deeds.tsx';
import { NoModels } from './empty.tsx';
import { fitSearch } from './example.ts';
import { FilterBar } from './filter-bar.tsx';
import { byName } from './filtering.ts';
import { parametersOf, stateOf, type ListState } from './list-state.ts';
import { menuOf } from './menu.ts';
import { modelRow, type ModelRow } from './model-row.ts';
import { ModelsList } from './models-list.tsx';
import { ModelsStyle } from './style.ts';

const refreshSeconds = 30;

/** The home page: every model the user may see, the worst first. */
export function Page(): ReactElement {
  // Known before Splunk has said who it is, so that rows need not be drawn twice.
  const user = useUser()?.name ?? (username as string);
  const data = useRows(keplerSearch('models'), { refreshSeconds });
  const models = useMemo(() => byName(data.rows.map(modelRow)), [data.rows]);
  const { state, type, change } = useListState();
  const query = useDeferredValue(state.query);
  const { quick, owner, app, algorithm, sort, descending } = state;
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
      {(data.state === 'loading' || models.length > 0) && (
        <FilterBar
          models={data.state === 'loading' ? undefined : models}
          user={user}
          state={state}
          onQuery={type}
          onChange={change}
        />
      )}
      <DataStates
        data={data}
        loading={<SkeletonTable rows={12} columns={8} />}
        empty={<NoModels />}
        failedTitle={t('The models could not be read.')}
        failedActions={<Button appearance="secondary" label={t('Open Runtimes')} to={pageURL('runtimes')} />}
      >
        <ModelsList
          models={models}
          user={user}
          query={query}
          quick={quick}
          owner={owner}
          app={app}
          algorithm={algorithm}
          sort={sort}
          descending={descending}
          page={state.page}
          onChange={change}
          onMenu={onMenu}
        />
      </DataStates>
      <RowMenu menu={menu} onClose={() => setMenu(null)} />
      {deeds.dialog}
    </>
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
  // Always the same function, so that what only changes the list is not drawn again with every keystroke.
  const latest = useRef({ query, inAddress });
  latest.current = { query, inAddress };
  const change = useCallback(
    (changes: Partial<ListState>) => {
      const { query: typed, inAddress: was } = latest.current;
      if (changes.query !== undefined) setQuery(changes.query);
      setAddress(parametersOf({ query: typed, ...changes }, was));
    },
    [setAddress],
  );
  return { state: { ...inAddress, query, page: typing ? 1 : inAddress.page }, type: setQuery, change };
}
