import type { ListState, QuickFilter, SortKey } from './list-state.ts';
import type { Health, ModelRow } from './model-row.ts';

/** Worst first: the order of a glance. */
const severity: Readonly<Record<Health, number>> = { failed: 0, attention: 1, healthy: 2, idle: 3 };

const quickTests: Readonly<Record<QuickFilter, (model: ModelRow, user: string) => boolean>> = {
  all: () => true,
  attention: (model) => model.health === 'failed' || model.health === 'attention',
  mine: (model, user) => model.owner === user,
  idle: (model) => model.health === 'idle',
};

/** How many models each quick filter would show. */
export function quickCounts(models: readonly ModelRow[], user: string): Record<QuickFilter, number> {
  const counts: Record<QuickFilter, number> = { all: 0, attention: 0, mine: 0, idle: 0 };
  for (const model of models) {
    for (const quick of Object.keys(counts) as QuickFilter[]) {
      if (quickTests[quick](model, user)) counts[quick]++;
    }
  }
  return counts;
}

/** The models that pass every filter, in the order in which they came. Several words must all occur. */
export function filtered(
  models: readonly ModelRow[],
  state: Pick<ListState, 'query' | 'quick' | 'owner' | 'app' | 'algorithm'>,
  user: string,
): ModelRow[] {
  const words = state.query.toLowerCase().split(/\s+/).filter(Boolean);
  const quick = quickTests[state.quick];
  return models.filter(
    (model) =>
      words.every((word) => model.words.includes(word)) &&
      quick(model, user) &&
      (state.owner === '' || model.owner === state.owner) &&
      (state.app === '' || model.app === state.app) &&
      (state.algorithm === '' || model.algorithm === state.algorithm),
  );
}

/** One collator for all comparisons: `localeCompare` makes one a call. */
const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });

const values: Readonly<Record<SortKey, (model: ModelRow) => string | number | undefined>> = {
  name: (model) => model.name,
  health: (model) => severity[model.health],
  champion: (model) => model.champion,
  algorithm: (model) => model.algorithm,
  metric: (model) => model.metricValue,
  rows: (model) => model.rows,
  fit: (model) => model.lastFit,
  owner: (model) => model.owner,
  app: (model) => model.app,
  sharing: (model) => model.sharing,
  searches: (model) => model.searches24h,
};

/**
 * The models in order. Those without the value come last in both directions; equal ones stand by name.
 */
export function sorted(models: readonly ModelRow[], sort: SortKey, descending: boolean): ModelRow[] {
  const value = values[sort];
  const turn = descending ? -1 : 1;
  return models
    .map((model, index) => ({ model, index, value: value(model) }))
    .sort((a, b) => {
      if (a.value === undefined || b.value === undefined) {
        if (a.value !== b.value) return a.value === undefined ? 1 : -1;
      } else if (a.value !== b.value) {
        const order =
          typeof a.value === 'string'
            ? collator.compare(a.value, b.value as string)
            : a.value - (b.value as number);
        if (order !== 0) return turn * order;
      }
      return a.index - b.index;
    })
    .map((entry) => entry.model);
}

/** Sorts by name once, when the models come: every later sort keeps that order among equals. */
export const byName = (models: readonly ModelRow[]): ModelRow[] =>
  [...models].sort((a, b) => collator.compare(a.name, b.name) || (a.key < b.key ? -1 : 1));

/** The values that a select offers, each once, in order. */
export function choices(models: readonly ModelRow[], of: (model: ModelRow) => string): string[] {
  return [...new Set(models.map(of))].filter((text) => text !== '').sort(collator.compare);
}
