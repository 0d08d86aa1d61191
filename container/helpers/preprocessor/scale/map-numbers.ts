import { numberColumn, numbersOf, replaceColumns } from '../table.ts';
import type { Working } from '../table.ts';

/** Each of the columns through a function of its own over all its values: `write(values, to, f)` fills `to`. */
export function mapNumbers(
  table: Working,
  names: readonly string[],
  step: string,
  write: (values: Float64Array, to: Float64Array, f: number) => void,
): Working {
  const columns = numbersOf(table, names, step);
  return replaceColumns(table, names, (column, f) => {
    const to = new Float64Array(table.rows);
    write(columns[f].values, to, f);
    return [numberColumn(column.name, to)];
  });
}
