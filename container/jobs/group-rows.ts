import { KeplerError } from '../contract/errors.ts';
import { plural } from '../contract/plural.ts';
import type { GroupKey } from '../contract/groups.ts';
import type { Table, TextColumn } from '../contract/table.ts';
import { byCodePoint } from '../table/code-point.ts';
import { GroupIndex, tooManyGroups } from '../table/group-index.ts';
import { readNumber } from '../table/numbers.ts';
import { describeMissing } from '../table/select-fields.ts';

/** The rows of a table told apart by the texts of the `by` fields. */
export interface Grouping {
  readonly by: readonly string[];
  /** Field by field as numbers where all are numbers, else by code point. */
  readonly keys: readonly GroupKey[];
  /** Place in `keys` a row; -1 for rows with a null, there or in a field that the fit uses. */
  readonly of: Int32Array;
}

/** Rows by group: those of group g are `order[starts[g]]` … `order[starts[g + 1] - 1]`, in their order. */
export interface GroupedRows {
  readonly order: Uint32Array;
  readonly starts: Uint32Array;
}

/** A fit's table and fields without the `by` fields: within a group they are constant, so there is nothing to learn from them. */
export function apartFromBy(
  table: Table,
  fields: readonly string[],
  by: readonly string[],
  warn: (text: string) => void,
): { table: Table; fields: readonly string[] } {
  const both = by.filter((name) => fields.includes(name));
  if (both.length > 0) {
    warn(
      `Fields named after by are the same throughout a group, so nothing is learnt from them: ${quoted(both)}.`,
    );
  }
  return {
    table: { rows: table.rows, columns: table.columns.filter(({ name }) => !by.includes(name)) },
    fields: fields.filter((name) => !by.includes(name)),
  };
}

/**
 * @param complete 1 for each row without a null in the fields used; the others belong to no group.
 * @throws KeplerError no_features where a `by` field is missing, no_valid_rows, invalid_data where there are too many groups
 */
export function groupRows(
  table: Table,
  by: readonly string[],
  complete: Uint8Array,
  warn: (text: string) => void,
): Grouping {
  const columns = by.map((name) => byColumn(table, name));
  const index = new GroupIndex(columns.map(({ levels }) => Math.max(levels.length, 1)));
  const of = new Int32Array(table.rows).fill(-1);
  const codes = columns.map(() => 0);
  let nulls = 0;
  for (let row = 0; row < table.rows; row++) {
    if (!complete[row]) continue;
    let known = true;
    for (let s = 0; s < columns.length; s++) {
      const code = columns[s].codes[row];
      // The column holds more texts than are told apart.
      if (code === -2) throw tooManyGroups();
      if (code < 0) known = false;
      codes[s] = code;
    }
    if (known) of[row] = index.enter(codes);
    else nulls++;
  }
  if (nulls > 0) {
    warn(
      `${nulls} ${plural(nulls, 'row was', 'rows were')} left out for a null in a field named after by (${quoted(by)}); ${plural(nulls, 'its', 'their')} new fields are empty.`,
    );
  }
  if (index.codes.length === 0) {
    throw new KeplerError(
      'no_valid_rows',
      `No row has a value in ${by.length > 1 ? 'all of the fields' : 'the field'} named after by (${quoted(by)}) and in the fields used. Fill them with fillnull, or leave out by.`,
    );
  }
  const found = index.codes.map((one) => one.map((code, s) => columns[s].levels[code]));
  const places = sortedPlaces(found);
  const renumbered = new Int32Array(places.length);
  places.forEach((old, now) => (renumbered[old] = now));
  for (let row = 0; row < of.length; row++) if (of[row] >= 0) of[row] = renumbered[of[row]];
  return { by, keys: places.map((old) => found[old]), of };
}

/** Places of keys in the order of the summary. */
export function sortedPlaces(keys: readonly GroupKey[]): number[] {
  const width = keys[0]?.length ?? 0;
  const numeric = Array.from({ length: width }, (_, s) =>
    keys.every((key) => readNumber(key[s]).kind === 'number'),
  );
  return [...keys.keys()].sort((a, b) => {
    for (let s = 0; s < width; s++) {
      const [left, right] = [keys[a][s], keys[b][s]];
      const order = (numeric[s] ? Number(left) - Number(right) : 0) || byCodePoint(left, right);
      if (order !== 0) return order;
    }
    return 0;
  });
}

/**
 * Rows by group, by a counting sort.
 * @param places Rows to sort; absent: all. `order` then counts among these.
 */
export function rowsByGroup({ of, keys }: Grouping, places?: Uint32Array): GroupedRows {
  const rows = places?.length ?? of.length;
  const starts = new Uint32Array(keys.length + 1);
  let grouped = 0;
  for (let n = 0; n < rows; n++) {
    const group = of[places ? places[n] : n];
    if (group < 0) continue;
    starts[group + 1]++;
    grouped++;
  }
  for (let g = 0; g < keys.length; g++) starts[g + 1] += starts[g];
  const next = starts.slice();
  const order = new Uint32Array(grouped);
  for (let n = 0; n < rows; n++) {
    const group = of[places ? places[n] : n];
    if (group >= 0) order[next[group]++] = n;
  }
  return { order, starts };
}

function byColumn(table: Table, name: string): TextColumn {
  const column = table.columns.find((one) => one.name === name);
  if (!column) {
    const names = table.columns.map((one) => one.name);
    throw new KeplerError(
      'no_features',
      `The field to group by, ${describeMissing([name], names)}, is not in the search results. Check its spelling and that the search keeps it.`,
    );
  }
  if (column.kind === 'text') return column;
  throw new KeplerError('internal', `The field to group by, "${name}", was not collected as text.`);
}

function quoted(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(', ');
}
