import type { NumericTable, Target } from '../contract/template.ts';
import { gather } from '../helpers/metrics/gather.ts';

/** Some rows of a table, in the order of `places`. */
export function rowsOf(table: NumericTable, places: Uint32Array): NumericTable {
  return {
    rows: places.length,
    names: table.names,
    columns: table.columns.map((values) => gather(values, places)),
    ...(table.levels && { levels: table.levels }),
  };
}

/** Some rows of a target to train on: classes that they lack are left out, so that codes have no gap. Null stays -1. */
export function targetOf(target: Target, places: Uint32Array): Target {
  const some = sameClasses(target, places);
  if (some.kind === 'number') return some;
  const present = new Uint8Array(some.classes.length);
  for (const code of some.codes) if (code >= 0) present[code] = 1;
  let next = 0;
  const recode = Int32Array.from(present, (is) => (is ? next++ : -1));
  return {
    ...some,
    classes: some.classes.filter((_, code) => present[code]),
    codes: some.codes.map((code) => (code < 0 ? -1 : recode[code])),
  };
}

/** Some rows of a target, its classes as they are. */
export function sameClasses(target: Target, places: Uint32Array): Target {
  if (target.kind === 'number') return { ...target, values: gather(target.values, places) };
  const codes = new Int32Array(places.length);
  for (let n = 0; n < codes.length; n++) codes[n] = target.codes[places[n]];
  return { ...target, codes };
}
