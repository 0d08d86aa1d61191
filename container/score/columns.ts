import { KeplerError } from '../contract/errors.ts';
import type { Column } from '../contract/table.ts';

/** The values of a numeric column; the door has refused text before. */
export function numbers(column: Column): Float64Array {
  if (column.kind === 'number') return column.values;
  throw new KeplerError(
    'not_numeric',
    `Field "${column.name}" holds text, but the method needs numbers. Turn it into numbers with eval, or name another field.`,
  );
}

/** The columns at the rows where `keep` is 1. */
export function keepRows(columns: readonly Column[], keep: Uint8Array, kept: number): Column[] {
  return columns.map((column) => {
    if (column.kind === 'number') {
      const values = new Float64Array(kept);
      let at = 0;
      for (let i = 0; i < keep.length; i++) if (keep[i]) values[at++] = column.values[i];
      return { ...column, values };
    }
    const codes = new Int32Array(kept);
    let at = 0;
    for (let i = 0; i < keep.length; i++) if (keep[i]) codes[at++] = column.codes[i];
    return { ...column, codes };
  });
}

/** Marks the rows that hold a null in none of the columns. */
export function completeRows(
  columns: readonly Column[],
  rows: number,
): { readonly keep: Uint8Array; readonly kept: number } {
  const keep = new Uint8Array(rows).fill(1);
  for (const column of columns) {
    if (column.kind === 'number') {
      for (let i = 0; i < rows; i++) if (Number.isNaN(column.values[i])) keep[i] = 0;
    } else {
      for (let i = 0; i < rows; i++) if (column.codes[i] < 0) keep[i] = 0;
    }
  }
  let kept = 0;
  for (let i = 0; i < rows; i++) kept += keep[i];
  return { keep, kept };
}
