/** A template of a user's may answer a column as numbers for some rows and as text for others: together they are text. */
import type { OutputColumn } from '../contract/template.ts';

/** What a row of a column says, as text; null where it is empty. */
export function textOf(output: OutputColumn, row: number): string | null {
  if (output.kind === 'text') return output.values[row];
  if (output.kind === 'label') return output.labels[output.codes[row]] ?? null;
  const value = output.values[row];
  return value === value ? String(value) : null;
}

/** A column as text. */
export function asText(output: OutputColumn): Extract<OutputColumn, { kind: 'text' }> {
  if (output.kind === 'text') return output;
  const rows = output.kind === 'label' ? output.codes.length : output.values.length;
  return {
    name: output.name,
    kind: 'text',
    values: Array.from({ length: rows }, (_, row) => textOf(output, row)),
  };
}

/** Rows `from` … `to` of a column. */
export function rowsOfOutput(output: OutputColumn, from: number, to: number): OutputColumn {
  if (output.kind === 'label') return { ...output, codes: output.codes.subarray(from, to) };
  if (output.kind === 'number') return { ...output, values: output.values.subarray(from, to) };
  return { ...output, values: output.values.slice(from, to) };
}
