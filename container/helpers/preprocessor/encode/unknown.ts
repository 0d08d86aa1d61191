import { clipped } from '../../../contract/clipped.ts';
import { KeplerError } from '../../../contract/errors.ts';
import { plural } from '../../../contract/plural.ts';
import type { Column } from '../../../contract/table.ts';
import type { StepContext } from '../step.ts';
import { UNKNOWN, valueAt } from './categories.ts';

/** @throws KeplerError invalid_data naming the first value that the fit has not met */
export function refuseUnknown(title: string, column: Column, codes: Int32Array): void {
  const row = codes.indexOf(UNKNOWN);
  if (row < 0) return;
  throw new KeplerError(
    'invalid_data',
    `${title}: "${column.name}" of row ${row + 1} is ${clipped(valueAt(column, row))}, which the fit has not met. Leave such rows out, fit again, or choose another handleUnknown.`,
  );
}

export function warnOfUnknown(column: Column, codes: Int32Array, as: string, context: StepContext): void {
  let count = 0;
  for (const code of codes) if (code === UNKNOWN) count++;
  if (count === 0) return;
  context.warn(
    `${count} ${plural(count, 'value', 'values')} of "${column.name}", as ${clipped(valueAt(column, codes.indexOf(UNKNOWN)))}, ${plural(count, 'was', 'were')} not met at fit and ${plural(count, 'counts', 'count')} as ${as}.`,
  );
}
