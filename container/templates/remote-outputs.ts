/** Columns that a template's process answers, as the data path wants them. */
import type { NumericTable, OutputColumn } from '../contract/template.ts';

/** What is known of a column before there is a row. */
export interface OutputForm {
  readonly name: string;
  readonly kind: OutputColumn['kind'];
}

/** A column of no row. @param classes those of the target, where the first column predicts one */
export function emptyOutput({ name, kind }: OutputForm, classes: readonly string[] = []): OutputColumn {
  if (kind === 'number') return { name, kind, values: new Float64Array(0) };
  if (kind === 'text') return { name, kind, values: [] };
  return { name, kind, codes: new Int32Array(0), labels: classes };
}

/**
 * A classifier's first column as labels, so that it is measured as a built-in's is. One that holds anything but classes of the
 * target and nulls stays as it is.
 */
export function labelled(outputs: readonly OutputColumn[], classes: readonly string[]): OutputColumn[] {
  const [first, ...others] = outputs;
  if (!first || first.kind === 'label') return [...outputs];
  const codeOf = new Map(classes.map((name, code) => [name, code]));
  const rows = first.values.length;
  const codes = new Int32Array(rows);
  for (let row = 0; row < rows; row++) {
    const value = first.values[row];
    const code = value === null || Number.isNaN(value) ? -1 : codeOf.get(String(value));
    if (code === undefined) return [...outputs];
    codes[row] = code;
  }
  return [{ name: first.name, kind: 'label', codes, labels: classes }, ...others];
}

/** The first rows of a table. */
export function firstRows(table: NumericTable, most: number): NumericTable {
  if (table.rows <= most) return table;
  return { ...table, rows: most, columns: table.columns.map((values) => values.subarray(0, most)) };
}
