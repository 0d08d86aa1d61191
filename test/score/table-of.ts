import type { Column, Table } from '../../container/contract/table.ts';

export type Values = readonly (number | string | null)[];

/** A table of plain values: a column with any text is a text column; null is null. */
export function tableOf(fields: Readonly<Record<string, Values>>): Table {
  const columns = Object.entries(fields).map(([name, values]) => columnOf(name, values));
  return { rows: Object.values(fields)[0]?.length ?? 0, columns };
}

export function columnOf(name: string, values: Values): Column {
  if (!values.some((value) => typeof value === 'string')) {
    return {
      kind: 'number',
      name,
      values: Float64Array.from(values, (value) => (value as number | null) ?? NaN),
    };
  }
  const levels = [...new Set(values.filter((value) => value !== null).map(String))];
  const codes = Int32Array.from(values, (value) => (value === null ? -1 : levels.indexOf(String(value))));
  return { kind: 'text', name, codes, levels };
}
