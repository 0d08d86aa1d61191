import { clipped } from '../contract/clipped.ts';
import { KeplerError } from '../contract/errors.ts';
import { plural } from '../contract/plural.ts';
import type { Column, Table } from '../contract/table.ts';
import type { Manifest } from '../registry/types.ts';
import type { Prepared } from './prepare.ts';
import { classTarget, numberTarget } from './target.ts';

/**
 * The preparation of an earlier fit on new rows, for `partial_fit`: the same fields, types, levels and columns.
 * @throws KeplerError no_features, not_numeric, target_missing, no_valid_rows
 */
export function prepareLike(
  table: Table,
  manifest: Pick<Manifest, 'preparation' | 'target'>,
  warn: (text: string) => void,
): Prepared {
  const { preparation } = manifest;
  const byName = new Map(table.columns.map((column) => [column.name, column]));
  const fields = preparation.fields.map((field): Column => {
    const column = byName.get(field.name);
    if (!column) {
      throw new KeplerError(
        'no_features',
        `The model was fitted on the field "${field.name}", which the search results lack. partial_fit=t needs the same fields.`,
      );
    }
    if (field.kind === 'number') {
      if (column.kind === 'number') return column;
      throw new KeplerError(
        'not_numeric',
        `Field "${field.name}" was numeric when the model was fitted, but now holds text such as "${clipped(column.levels[0])}".`,
      );
    }
    return recoded(column, field.levels ?? [], warn);
  });
  const target = manifest.target && byName.get(manifest.target.name);
  if (manifest.target && !target) {
    throw new KeplerError(
      'target_missing',
      `The field to predict, "${manifest.target.name}", is not in the search results.`,
    );
  }
  const complete = new Uint8Array(table.rows).fill(1);
  for (const column of target ? [...fields, target] : fields) {
    for (let i = 0; i < table.rows; i++) {
      if (column.kind === 'number' ? Number.isNaN(column.values[i]) : column.codes[i] === -1) complete[i] = 0;
    }
  }
  const places = Uint32Array.from(complete.keys()).filter((row) => complete[row] === 1);
  if (places.length === 0) {
    throw new KeplerError(
      'no_valid_rows',
      'No valid events; check for null or non-numeric values in numeric fields.',
    );
  }
  const place = new Map(fields.map((column) => [column.name, column]));
  return {
    preparation,
    fields,
    complete,
    places,
    features: {
      rows: places.length,
      names: preparation.columns.map(({ name }) => name),
      columns: preparation.columns.map((prepared) => {
        const column = place.get(prepared.field) as Column;
        if (column.kind === 'number') return Float64Array.from(places, (row) => column.values[row]);
        const code = prepared.kind === 'level' ? column.levels.indexOf(prepared.level) : -1;
        return Float64Array.from(places, (row) => (column.codes[row] === code ? 1 : 0));
      }),
    },
    target:
      target &&
      (manifest.target?.kind === 'number'
        ? numberTarget(target, places)
        : classTarget(target, places, Infinity)),
  };
}

/** A column of texts in the codes of given levels; numbers are the texts that they have. */
function recoded(column: Column, levels: readonly string[], warn: (text: string) => void): Column {
  const place = new Map(levels.map((level, code) => [level, code]));
  let unseen = 0;
  const codeOf = (text: string) => {
    const code = place.get(text) ?? -2;
    if (code === -2) unseen++;
    return code;
  };
  const codes =
    column.kind === 'number'
      ? Int32Array.from(column.values, (value) => (value === value ? codeOf(String(value)) : -1))
      : column.codes.map((code) => (code < 0 ? code : codeOf(column.levels[code])));
  if (unseen > 0)
    warn(
      `${unseen} ${plural(unseen, 'value', 'values')} of field "${column.name}" ${plural(unseen, 'is not known to the model and counts', 'are not known to the model and count')} as none of its levels.`,
    );
  return { kind: 'text', name: column.name, codes, levels };
}
