import { didYouMean } from '../contract/did-you-mean.ts';
import { KeplerError } from '../contract/errors.ts';
import { plural } from '../contract/plural.ts';
import type { RawOptions, ResultTable, ScoreSpec } from '../contract/requests.ts';
import type { Column, Table } from '../contract/table.ts';
import type { Params, ParamsSchema } from '../contract/template.ts';
import { parseParams } from '../estimators/options.ts';
import { completeRows, keepRows } from './columns.ts';
import { checkCounts, findFields, refuseText } from './fields.ts';
import { SCORE_METHODS } from './methods.ts';
import type { Sides } from './fields.ts';
import type { ScoreMethod, Warn } from './types.ts';

/**
 * Computes a score: finds the method, expands globs, leaves rows with a null out, and gives the table as text.
 *
 * @throws KeplerError unknown_method, invalid_arguments, not_numeric, no_valid_rows, too_many_classes, invalid_data.
 */
export function runScore(spec: ScoreSpec, table: Table, warn: Warn): ResultTable {
  const { method, params } = checkScore(spec, table.columns);
  const { fields: rule } = method;
  const found = findFields(method.name, sidesOf(method, params, spec), table.columns, table.fieldNames);
  if (rule.kind !== 'named') checkCounts(method.name, rule, found.a.length, found.b.length);
  refuseText(method.name, rule, found);
  const used = [...new Set([...found.a, ...found.b])];
  const complete = withoutNulls(used, table.rows, warn);
  const place = new Map(used.map((column, i) => [column, complete[i]]));
  const at = (column: Column): Column => place.get(column) as Column;
  const { fields, rows } = method.run({ a: found.a.map(at), b: found.b.map(at) }, params, warn);
  const cell = (value: string | number | null): string | null => (value === null ? null : String(value));
  return { fields, rows: rows.map((row) => row.map(cell)) };
}

/**
 * Everything about a score that can be wrong before its rows are seen.
 *
 * @param columns The columns at hand, where they are known: a better message for options that are fields.
 * @throws KeplerError unknown_method or invalid_arguments.
 */
export function checkScore(
  spec: ScoreSpec,
  columns?: readonly Column[],
): { readonly method: ScoreMethod; readonly params: Params } {
  const method = SCORE_METHODS.get(spec.method) ?? SCORE_METHODS.get(spec.method.toLowerCase());
  if (!method) throw unknownMethod(spec.method);
  refuseFieldsAsOptions(method, spec.options, columns);
  const params = parseParams(method.params, canonicalCase(spec.options, method.params), method.name);
  const globbed = [...spec.a, ...spec.b].some((name) => name.includes('*'));
  // How many fields a glob stands for shows only with the rows; that a side is missing altogether shows now.
  if (globbed) checkCounts(method.name, method.fields, spec.a.length && 1, spec.b.length && 1);
  else checkCounts(method.name, method.fields, spec.a.length, spec.b.length);
  sidesOf(method, params, spec);
  return { method, params };
}

/** Names and globs of the fields that a score reads. */
export function requiredFields(spec: ScoreSpec): string[] {
  const { method, params } = checkScore(spec);
  const { a, b } = sidesOf(method, params, spec);
  return [...new Set([...a, ...b])];
}

/** The fields asked for, by the search or by an option. @throws KeplerError invalid_arguments where the option is wrong */
function sidesOf({ fields }: ScoreMethod, params: Params, { a, b }: ScoreSpec): Sides {
  return fields.kind === 'named' ? { a: fields.fieldsOf(params), b: [] } : { a, b };
}

function unknownMethod(name: string): KeplerError {
  const names = [...SCORE_METHODS.keys()].sort();
  const meant = didYouMean(name, names);
  return new KeplerError(
    'unknown_method',
    `There is no score method "${name}"${meant ? `; did you mean "${meant}"?` : '.'} Methods are: ${names.join(', ')}.`,
  );
}

/** Names that people give to the two sides of a score in other languages. */
const SIDES = /^(y_?)?(true|pred|predicted|prediction|actual|target|labels?|scores?)$/i;

/** `true=a pred=b`: fields written as if they were options. */
function refuseFieldsAsOptions(
  method: ScoreMethod,
  given: RawOptions,
  columns: readonly Column[] = [],
): void {
  const strange = Object.keys(given).filter((name) => !Object.hasOwn(method.params.properties, name));
  const fields = strange.filter(
    (name) => SIDES.test(name) || columns.some((column) => column.name === given[name]),
  );
  if (fields.length === 0) return;
  const written = fields.map((name) => `${name}=${given[name]}`).join(' ');
  const [a = 'actual_field', b = 'predicted_field'] = fields.map((name) => given[name]);
  const usage =
    method.fields.kind === 'named'
      ? `score ${method.name} formula="y ~ x"`
      : method.fields.kind === 'fields'
        ? `score ${method.name} ${a}`
        : `score ${method.name} ${a} against ${b}`;
  const allowed = Object.keys(method.params.properties);
  throw new KeplerError(
    'invalid_arguments',
    `${method.name}: fields are written without a name and "=", so "${written}" is not understood; did you mean "${usage}"? ` +
      (allowed.length > 0 ? `Its options are: ${allowed.join(', ')}.` : 'It takes no options.'),
  );
}

/** Choices in the letter case of the schema, so that `autolag=aic` is `AIC`. */
function canonicalCase(given: RawOptions, schema: ParamsSchema): RawOptions {
  return Object.fromEntries(
    Object.entries(given).map(([name, text]) => {
      const choices = Object.hasOwn(schema.properties, name) ? (schema.properties[name].enum ?? []) : [];
      const same = choices.find((value) => String(value).toLowerCase() === text.trim().toLowerCase());
      return [name, same === undefined ? text : String(same)];
    }),
  );
}

function withoutNulls(columns: readonly Column[], rows: number, warn: Warn): readonly Column[] {
  const { keep, kept } = completeRows(columns, rows);
  const names = columns.map(({ name }) => `"${name}"`).join(', ');
  if (kept === 0) {
    throw new KeplerError(
      'no_valid_rows',
      rows === 0
        ? 'There are no rows to score.'
        : `No row has a value in every field used (${names}); there is nothing to score. Check the spelling of the fields and fill nulls with fillnull.`,
    );
  }
  if (kept === rows) return columns;
  const dropped = rows - kept;
  const share = Math.round((dropped / rows) * 10_000) / 100;
  warn(
    `${dropped} of ${rows} rows (${share} %) ${plural(dropped, 'was', 'were')} left out of the score for a null in a field used: ${names}.`,
  );
  return keepRows(columns, keep, kept);
}
