/** Columns by which the list can be sorted. */
export const sortKeys = [
  'name',
  'health',
  'champion',
  'algorithm',
  'metric',
  'rows',
  'fit',
  'owner',
  'app',
  'sharing',
  'searches',
] as const;
export type SortKey = (typeof sortKeys)[number];

/** Quick filters; one for drift joins when drift is measured. */
export const quickFilters = ['all', 'attention', 'mine', 'idle'] as const;
export type QuickFilter = (typeof quickFilters)[number];

/** What the list shows; all of it stands in the address, so that Back and a shared link work. */
export interface ListState {
  readonly query: string;
  readonly quick: QuickFilter;
  readonly owner: string;
  readonly app: string;
  readonly algorithm: string;
  readonly sort: SortKey;
  readonly descending: boolean;
  /** From 1. */
  readonly page: number;
}

type Parameters = Readonly<Record<string, string>>;

const oneOf = <T extends string>(known: readonly T[], text: string | undefined, otherwise: T): T =>
  known.includes(text as T) ? (text as T) : otherwise;

/** Reads the list's state from an address; what it does not know there it takes as not said. */
export function stateOf(said: Parameters): ListState {
  const page = Number(said.page);
  return {
    query: said.q ?? '',
    quick: oneOf(quickFilters, said.show, 'all'),
    owner: said.owner ?? '',
    app: said.app ?? '',
    algorithm: said.algorithm ?? '',
    sort: oneOf(sortKeys, said.sort?.replace(/^-/, ''), 'health'),
    descending: said.sort?.startsWith('-') ?? false,
    page: Number.isInteger(page) && page > 0 ? page : 1,
  };
}

/**
 * What a change of the list's state changes in the address: empty where it is as in the beginning. Whatever else
 * changes, the list begins again at its first page.
 */
export function parametersOf(changes: Partial<ListState>, was: ListState): Parameters {
  const { sort = was.sort, descending = was.descending } = changes;
  const sorting = (descending ? '-' : '') + sort;
  return {
    ...(changes.query !== undefined && { q: changes.query }),
    ...(changes.quick !== undefined && { show: changes.quick === 'all' ? '' : changes.quick }),
    ...(changes.owner !== undefined && { owner: changes.owner }),
    ...(changes.app !== undefined && { app: changes.app }),
    ...(changes.algorithm !== undefined && { algorithm: changes.algorithm }),
    sort: sorting === 'health' ? '' : sorting,
    page: (changes.page ?? 1) === 1 ? '' : String(changes.page),
  };
}

/** A list that hides nothing. */
export const unfiltered: Partial<ListState> = { query: '', quick: 'all', owner: '', app: '', algorithm: '' };

/** Whether anything hides models. */
export const isFiltered = (state: ListState): boolean =>
  state.query.trim() !== '' ||
  state.quick !== 'all' ||
  state.owner !== '' ||
  state.app !== '' ||
  state.algorithm !== '';
