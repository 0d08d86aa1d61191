import type { Params, State, SummaryTable, Template } from './template.ts';

/** Groups that one model holds at most. */
export const MAX_GROUPS = 5000;

/** The texts of the `by` fields, in their order. */
export type GroupKey = readonly string[];

/** What a version fitted with `by` keeps in place of one state: a state a group. The arrays are parallel. */
export interface GroupedState {
  /** In the order of `summary`. */
  readonly groups: readonly GroupKey[];
  readonly states: readonly State[];
  /** The options that each group's state was made with: what depends on the data's shape may differ. */
  readonly params: readonly Params[];
}

/** A group as a message names it: `host="a", hour="5"`. */
export function describeGroup(by: readonly string[], key: GroupKey): string {
  return by.map((name, i) => `${name}="${key[i]}"`).join(', ');
}

/** The first few of some groups, and how many there are besides. */
export function describeGroups(by: readonly string[], keys: readonly GroupKey[], most = 3): string {
  const named = keys
    .slice(0, most)
    .map((key) => (by.length > 1 ? `(${describeGroup(by, key)})` : describeGroup(by, key)));
  const more = keys.length - named.length;
  return `${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** A template's summary a group, one block below the other: the `by` columns first, then every column that a group has. */
export function groupedSummary(
  template: Template,
  by: readonly string[],
  state: GroupedState,
  options: Params,
): SummaryTable {
  const blocks = state.states.map((one) => template.summary(one, options));
  const columns = [...new Set(blocks.flatMap(({ fields }) => fields))];
  const place = new Map(columns.map((name, i) => [name, i]));
  const rows = blocks.flatMap((block, g) => {
    const places = block.fields.map((name) => place.get(name) as number);
    return block.rows.map((row) => {
      const cells = new Array<string | number | null>(columns.length).fill(null);
      row.forEach((cell, i) => (cells[places[i]] = cell));
      return [...state.groups[g], ...cells];
    });
  });
  return { fields: [...by, ...columns], rows };
}
