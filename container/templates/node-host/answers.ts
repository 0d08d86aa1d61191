/** What a template's `apply` and `summary` answered, in the runtime's form; every mistake named. */
import type { OutputColumn, SummaryTable, TemplateKind } from '../../contract/template.ts';
import type { Answer, Metrics, Values } from '../sdk.ts';

/** The column's name where a template gives values alone, as MLTK names it. */
export function defaultName(kind: TemplateKind, target: string | undefined): string {
  if (target !== undefined) return `predicted(${target})`;
  return kind === 'clusterer' ? 'cluster' : 'output';
}

/**
 * @param what the function that answered, for messages
 * @param rows what every column must have
 * @throws Error that says what is wrong with the answer
 */
export function outputsOf(
  what: 'apply' | 'explain',
  answer: Answer,
  rows: number,
  kind: TemplateKind,
  target?: string,
): OutputColumn[] {
  if (answer === null || typeof answer !== 'object') {
    throw new Error(`${what} returned ${answer === null ? 'null' : typeof answer}; it must return columns.`);
  }
  const columns = columnsOf(what, answer, kind, target);
  if (columns.length === 0) throw new Error(`${what} returned no column${ofKind(answer)}.`);
  for (const column of columns) {
    const length = 'codes' in column ? column.codes.length : column.values.length;
    if (length !== rows) {
      throw new Error(
        `${what} returned ${length} values in "${column.name}" for ${rows} rows; each row needs one.`,
      );
    }
  }
  return columns;
}

/** A column a class, named as MLTK names it. @throws Error that says what is wrong with the answer */
export function probabilitiesOf(
  answer: readonly ArrayLike<number>[],
  classes: readonly string[],
  rows: number,
  target: string,
): OutputColumn[] {
  if (!Array.isArray(answer) || answer.length !== classes.length) {
    throw new Error(
      `probabilities returned ${Array.isArray(answer) ? `${answer.length} columns` : typeof answer}; the ${classes.length} classes need one each.`,
    );
  }
  return classes.map((label, k): OutputColumn => {
    const values = Float64Array.from(answer[k]);
    const name = `probability(${target}=${label})`;
    if (values.length === rows) return { name, kind: 'number', values };
    throw new Error(`probabilities returned ${values.length} values in "${name}" for ${rows} rows.`);
  });
}

function columnsOf(what: string, answer: Answer, kind: TemplateKind, target?: string): OutputColumn[] {
  const alone = defaultName(kind, target);
  if (isValues(answer)) return [columnOf(what, alone, answer)];
  if (Array.isArray(answer)) {
    return (answer as readonly OutputColumn[]).map((one, row) => {
      if (isColumn(one)) return one;
      throw new Error(
        `${what} returned ${kindOf(one)} in "${alone}", row ${row + 1}; a cell is a number or a text.`,
      );
    });
  }
  return Object.entries(answer as Readonly<Record<string, Values>>).map(([name, values]) =>
    columnOf(what, name, values),
  );
}

/** Words for what has columns only to those who know how to ask it: a Map, a generator. */
function ofKind(answer: object): string {
  const { constructor: made } = answer as { readonly constructor?: { readonly name?: unknown } };
  const name =
    made === Object ? '' : String(made?.name || Object.prototype.toString.call(answer).slice(8, -1));
  return name === '' || Array.isArray(answer)
    ? ''
    : `, but a ${name}: return an array with a value for each row, or an object of such arrays by name`;
}

/** Whether it is a column in the runtime's own form. */
function isColumn(one: unknown): one is OutputColumn {
  if (one === null || typeof one !== 'object') return false;
  const { name, kind, values, codes, labels } = one as Record<string, unknown>;
  if (typeof name !== 'string') return false;
  if (kind === 'label') return codes instanceof Int32Array && Array.isArray(labels);
  return kind === 'number' ? values instanceof Float64Array : kind === 'text' && Array.isArray(values);
}

function kindOf(value: unknown): string {
  return value === null ? 'null' : Array.isArray(value) ? 'an array' : typeof value;
}

function isValues(answer: Answer): answer is Values {
  if (ArrayBuffer.isView(answer)) return true;
  return (
    Array.isArray(answer) && (answer.length === 0 || answer[0] === null || typeof answer[0] !== 'object')
  );
}

function columnOf(what: string, name: string, values: Values): OutputColumn {
  if (name === '') throw new Error(`${what} returned a column without a name.`);
  if (values instanceof BigInt64Array || values instanceof BigUint64Array)
    return { name, kind: 'text', values: Array.from(values, String) };
  if (ArrayBuffer.isView(values)) {
    return {
      name,
      kind: 'number',
      values: values instanceof Float64Array ? values : Float64Array.from(values),
    };
  }
  if (!Array.isArray(values))
    throw new Error(`"${name}" is no column: give an array with a value for each row.`);
  if (values.every((value) => typeof value === 'number'))
    return { name, kind: 'number', values: Float64Array.from(values) };
  const texts = (values as readonly unknown[]).map((value, row) => {
    if (value === null || value === undefined) return null;
    if (['string', 'number', 'boolean', 'bigint'].includes(typeof value)) return String(value);
    throw new Error(
      `${what} returned ${typeof value} in "${name}", row ${row + 1}; a cell is a number or a text.`,
    );
  });
  return { name, kind: 'text', values: texts };
}

/** Pairs of a name and a value become a table of two columns. */
export function summaryOf(
  answer: SummaryTable | Readonly<Record<string, string | number | null>>,
): SummaryTable {
  if (Array.isArray((answer as SummaryTable).fields)) return answer as SummaryTable;
  return {
    fields: ['name', 'value'],
    rows: Object.entries(answer as Readonly<Record<string, string | number | null>>),
  };
}

/** @throws Error naming a metric that is no number */
export function metricsOf(answer: unknown): Metrics {
  if (answer === null || typeof answer !== 'object' || Array.isArray(answer))
    throw new Error('evaluate must return an object: numbers by name.');
  for (const [name, value] of Object.entries(answer)) {
    if (typeof value !== 'number' || !Number.isFinite(value))
      throw new Error(`evaluate returned ${String(value)} for "${name}"; a metric is a number.`);
  }
  return answer as Metrics;
}
