import { KeplerError } from '../../../contract/errors.ts';
import type { Column, NumberColumn, TextColumn } from '../../../contract/table.ts';
import { asKind, numberColumn } from '../table.ts';

/** More than this would fill the memory of most template processes. */
const MOST_BYTES = 2 ** 31;

/** A text's terms, as places of columns and values there. */
export interface SparseRow {
  readonly places: ArrayLike<number>;
  readonly values: ArrayLike<number>;
}

export function asText(column: Column): TextColumn {
  return asKind(column, 'text').column as TextColumn;
}

/**
 * Columns of numbers from what each distinct text gives; null is as an empty text.
 * @throws KeplerError limit_memory
 */
export function spreadRows(
  step: string,
  column: TextColumn,
  names: readonly string[],
  rowOf: (text: string) => SparseRow,
): NumberColumn[] {
  const rows = column.codes.length;
  const bytes = rows * names.length * Float64Array.BYTES_PER_ELEMENT;
  if (bytes > MOST_BYTES) {
    throw new KeplerError(
      'limit_memory',
      `${step}: ${names.length} columns of ${rows} rows for "${column.name}" would take ${(bytes / 2 ** 30).toFixed(1)} GiB. Take fewer features or fewer rows (sample_count).`,
    );
  }
  const made = names.map((name) => numberColumn(name, new Float64Array(rows)));
  const levels = column.levels.map(rowOf);
  const empty = rowOf('');
  for (let i = 0; i < rows; i++) {
    const { places, values } = levels[column.codes[i]] ?? empty;
    for (let k = 0; k < places.length; k++) made[places[k]].values[i] = values[k];
  }
  return made;
}

/** Brings values to a norm, in place; all zeros stay. */
export function normalise(values: Float64Array, norm: 'l1' | 'l2' | null): void {
  if (norm === null) return;
  let size = 0;
  for (const value of values) size += norm === 'l1' ? Math.abs(value) : value * value;
  if (norm === 'l2') size = Math.sqrt(size);
  if (size === 0) return;
  for (let i = 0; i < values.length; i++) values[i] /= size;
}
