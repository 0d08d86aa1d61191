import type { StepKind } from '../step.ts';
import { columnsOf, takeRows } from '../table.ts';
import type { Working } from '../table.ts';

/** Rows with a null in one of the columns are left out, at fit and at scoring; `places` says which are left. */
export const drop: StepKind<object, object> = {
  title: 'handleMissing (drop)',
  takes: 'all',
  fit: () => ({}),
  transform(_, table, names) {
    const places = completeRows(table, names);
    return places.length === table.rows ? table : takeRows(table, places);
  },
  inverse: (_, table) => table,
  // Rows with a null are the caller's to leave out, as with every model file.
  onnx: () => undefined,
};

function completeRows(table: Working, names: readonly string[]): Uint32Array {
  const complete = new Uint8Array(table.rows).fill(1);
  for (const column of columnsOf(table, names)) {
    for (let i = 0; i < table.rows; i++) {
      if (column.kind === 'number' ? column.values[i] !== column.values[i] : column.codes[i] === -1) {
        complete[i] = 0;
      }
    }
  }
  return Uint32Array.from(complete.keys()).filter((row) => complete[row] === 1);
}
