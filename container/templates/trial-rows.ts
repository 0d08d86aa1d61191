/** Rows that a template is tried on before it is published: staged ones, those of its own example, or made-up ones. */
import { KeplerError } from '../contract/errors.ts';
import type { Column, Preparation, Table } from '../contract/table.ts';
import type { NumericTable, Target } from '../contract/template.ts';
import { prepareRaw } from '../table/prepare-raw.ts';
import { prepare } from '../table/prepare.ts';
import type { TemplateDraft } from './store.ts';

const MADE_UP = 60;
/** Of a staged data set: a check must stay quick. */
const MOST_ROWS = 1000;
const TARGET = 'y';

/** Rows of a search, and what of them is the target. */
export interface TrialRows {
  readonly table: Table;
  readonly target?: string;
  /** Names of the features; absent: all but the target. */
  readonly fields?: readonly string[];
  /** Options as `fit` would take them, where the defaults would not do. */
  readonly params?: Readonly<Record<string, unknown>>;
  /** What they are, for messages: `staged`, … */
  readonly called: string;
}

/** The rows as the template gets them. */
export interface Trial {
  readonly features: NumericTable;
  readonly target?: Target;
  readonly preparation: Preparation;
  readonly fields: readonly Column[];
  /** Places of the rows that the template gets among those of the fields; undefined where they are all. */
  readonly places: Uint32Array | undefined;
  readonly params: Readonly<Record<string, unknown>>;
  /** `60 made-up rows`. */
  readonly called: string;
}

/**
 * @param given staged rows, or the template's `example` as it came from its process
 * @throws KeplerError template_invalid where the example is none; what preparing staged rows fails with
 */
export function trialOf(draft: TemplateDraft, given: unknown): Trial {
  const rows = given === undefined ? madeUp(draft) : isTrialRows(given) ? given : exampleOf(draft, given);
  const table = headOf(rows.table);
  const { target, fields = table.columns.map(({ name }) => name).filter((name) => name !== target) } = rows;
  const called = `${table.rows} ${rows.called} rows`;
  const warn = () => undefined;
  const common = { fields, maxClasses: Infinity, warn };
  const prepared =
    draft.prepare === 'none'
      ? prepareRaw(table, { ...common, kind: draft.kind, ...(target !== undefined && { target }) })
      : prepare(table, {
          ...common,
          maxDistinctValues: 100,
          ...(target !== undefined && {
            target: { name: target, kind: draft.kind === 'classifier' ? 'classes' : 'number' },
          }),
        });
  const { features, preparation } = prepared;
  return {
    features,
    preparation,
    fields: prepared.fields,
    places: prepared.places,
    ...(prepared.target && { target: prepared.target }),
    params: rows.params ?? {},
    called,
  };
}

function isTrialRows(given: unknown): given is TrialRows {
  return typeof given === 'object' && given !== null && 'called' in given;
}

function headOf({ rows, columns }: Table): Table {
  if (rows <= MOST_ROWS) return { rows, columns };
  return {
    rows: MOST_ROWS,
    columns: columns.map((column): Column =>
      column.kind === 'number'
        ? { kind: 'number', name: column.name, values: column.values.slice(0, MOST_ROWS) }
        : { ...column, codes: column.codes.slice(0, MOST_ROWS) },
    ),
  };
}

/** Numbers without nulls; for templates that take the rows as they are, nulls and texts too. */
function madeUp({ kind, prepare: wanted }: TemplateDraft): TrialRows {
  const column = (step: number) =>
    Float64Array.from({ length: MADE_UP }, (_, i) => ((i * step) % 17) / 4 - 2);
  const [a, b, c] = [column(7), column(11), column(3)];
  const columns: Column[] = [
    { kind: 'number', name: 'a', values: a },
    { kind: 'number', name: 'b', values: b },
    { kind: 'number', name: 'c', values: c },
  ];
  if (kind === 'regressor') {
    columns.push({ kind: 'number', name: TARGET, values: a.map((value, i) => 2 * value - b[i] + 0.5) });
  } else if (kind === 'classifier') {
    const codes = Int32Array.from(a, (value, i) => (value + c[i] > 0 ? 1 : 0));
    columns.push({ kind: 'text', name: TARGET, codes, levels: ['no', 'yes'] });
  }
  if (wanted === 'none') {
    const holes = b.map((value, i) => (i % 13 === 5 ? NaN : value));
    columns[1] = { kind: 'number', name: 'b', values: holes };
    const codes = Int32Array.from(c, (_, i) => (i % 11 === 7 ? -1 : i % 4));
    columns[2] = { kind: 'text', name: 'c', codes, levels: ['red', 'green', 'blue', 'amber'] };
  }
  const predicts = kind === 'regressor' || kind === 'classifier';
  return { table: { rows: MADE_UP, columns }, called: 'made-up', ...(predicts && { target: TARGET }) };
}

interface Example {
  readonly features?: unknown;
  readonly target?: { readonly name?: unknown; readonly values?: unknown };
  readonly params?: Readonly<Record<string, unknown>>;
}

function exampleOf({ source }: TemplateDraft, given: unknown): TrialRows {
  const { features, target, params } = given as Example;
  if (features === null || typeof features !== 'object')
    throw wrongExample(source, 'its features are a list of cells by field');
  const columns = Object.entries(features as Record<string, unknown>).map(([name, cells]) =>
    columnOf(source, name, cells),
  );
  const goal = target && columnOf(source, String(target.name), target.values);
  const all = goal ? [...columns, goal] : columns;
  const rows = lengthOf(all[0]);
  if (rows === 0 || all.some((column) => lengthOf(column) !== rows))
    throw wrongExample(source, 'all its fields have as many cells, and at least one');
  return {
    table: { rows, columns: all },
    called: 'example',
    ...(goal && { target: goal.name }),
    ...(params && { params }),
  };
}

function lengthOf(column: Column | undefined): number {
  if (!column) return 0;
  return column.kind === 'number' ? column.values.length : column.codes.length;
}

function columnOf(source: string, name: string, cells: unknown): Column {
  if (!Array.isArray(cells)) throw wrongExample(source, `"${name}" is a list of cells`);
  const known = (cells as unknown[]).filter((cell) => cell !== null);
  if (known.every((cell) => typeof cell === 'number')) {
    return {
      kind: 'number',
      name,
      values: Float64Array.from(cells as (number | null)[], (cell) => cell ?? NaN),
    };
  }
  const levels = [...new Set(known.map(String))];
  const codes = Int32Array.from(cells as unknown[], (cell) =>
    cell === null ? -1 : levels.indexOf(String(cell)),
  );
  return { kind: 'text', name, codes, levels };
}

function wrongExample(source: string, what: string): KeplerError {
  return new KeplerError(
    'template_invalid',
    `The template ${source} was not published: its example is { features: { <field>: [<cells>] }, target: { name, values } }; ${what}.`,
  );
}
