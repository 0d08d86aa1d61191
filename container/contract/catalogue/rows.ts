import type { CellKind, Field } from './types.ts';
import type { Message, ResultTable } from '../requests.ts';

/** What a cell may be made of: undefined, null, NaN and an empty list are "no such value". */
export type Value = string | number | boolean | readonly string[] | object | null | undefined;

export type Row = Readonly<Record<string, Value>>;

/** Rows as text, in the order of the catalogue's fields. A row has no value that is no field. */
export function tableOf(
  fields: readonly Field[],
  rows: readonly Row[],
  messages: readonly Message[] = [],
): ResultTable {
  return {
    fields: fields.map(({ name }) => name),
    rows: rows.map((row) => fields.map(({ name, kind }) => cellOf(row[name], kind))),
    ...(messages.length > 0 && { messages }),
  };
}

function cellOf(value: Value, kind: CellKind): string | readonly string[] | null {
  if (value === undefined || value === null || Number.isNaN(value)) return null;
  // What another has made a cell of stays it.
  if (typeof value === 'string') return value;
  if (kind === 'json') return JSON.stringify(value);
  if (kind === 'time') return (value as number).toFixed(3);
  if (Array.isArray(value)) return value.length === 0 ? null : value.map(String);
  return String(value);
}
