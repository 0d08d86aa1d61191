/** Which rows a model can be measured on: templates of users may get rows without a target, and leave rows unanswered. */
import { KeplerError } from '../contract/errors.ts';
import type { NumericTable, OutputColumn, Target } from '../contract/template.ts';
import type { Prepared } from '../table/prepare.ts';
import { rowsOf, sameClasses } from './row-subsets.ts';
import type { MeasuredRows } from './evaluate.ts';

/** Without the rows whose target is null, or that got no answer. @param outputs of all rows */
export function measurable(measured: MeasuredRows, outputs: readonly OutputColumn[]): MeasuredRows {
  const { target, places, features } = measured;
  const [output] = outputs;
  if (!target || !output) return measured;
  if (target.kind === 'number' && output.kind === 'number' && allNumbers(target.values)) {
    // Of most fits; no row needs to be looked at one by one.
    if (allNumbers(output.values)) return measured;
  }
  const some = rowsWhere(
    features.rows,
    (n) => hasTarget(target, n) && hasAnswer(output, places ? places[n] : n),
  );
  if (!some) return measured;
  return {
    ...measured,
    places: places ? some.map((n) => places[n]) : some,
    features: rowsOf(features, some),
    target: sameClasses(target, some),
  };
}

/** The rows to cross-validate on. @throws KeplerError internal where there is no target */
export function withTarget({ features, target }: Prepared): { features: NumericTable; target: Target } {
  if (!target) throw new KeplerError('internal', 'Cross-validation without a target.');
  const some = rowsWhere(features.rows, (n) => hasTarget(target, n));
  return some
    ? { features: rowsOf(features, some), target: sameClasses(target, some) }
    : { features, target };
}

function allNumbers(values: Float64Array): boolean {
  for (let n = 0; n < values.length; n++) if (values[n] !== values[n]) return false;
  return true;
}

/** The rows that are kept; undefined where they are all. */
function rowsWhere(rows: number, kept: (row: number) => boolean): Uint32Array | undefined {
  let first = 0;
  while (first < rows && kept(first)) first++;
  if (first === rows) return undefined;
  const places: number[] = [];
  for (let n = 0; n < rows; n++) if (n < first || (n > first && kept(n))) places.push(n);
  return Uint32Array.from(places);
}

export function hasTarget(target: Target, row: number): boolean {
  return target.kind === 'number' ? !Number.isNaN(target.values[row]) : target.codes[row] >= 0;
}

export function hasAnswer(output: OutputColumn, row: number): boolean {
  if (output.kind === 'number') return !Number.isNaN(output.values[row]);
  return output.kind === 'label' ? output.codes[row] >= 0 : output.values[row] !== null;
}
