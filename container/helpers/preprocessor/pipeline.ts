import { didYouMean } from '../../contract/did-you-mean.ts';
import { KeplerError } from '../../contract/errors.ts';
import { plural } from '../../contract/plural.ts';
import type { Column } from '../../contract/table.ts';
import type { OnnxGraph, RawTable, Target } from '../../contract/template.ts';
import { chooseColumns } from './choose.ts';
import { kindOf } from './kinds.ts';
import { OnnxColumns } from './onnx-columns.ts';
import { hasNaN } from '../../numeric/order-statistics.ts';
import type { ColumnChoice, Step, StepContext } from './step.ts';
import { asKind, asPrepared, asWorking, columnsOf, numberColumn, written } from './table.ts';
import type { PreparedTable, TableInput, Working } from './table.ts';
import { targetOf, targetRows } from './target-of.ts';
import type { TargetInput } from './target-of.ts';

/**
 * What fitted steps are: plain objects and typed arrays, so that it can lie in a template's state and be saved with the version.
 */
export type PreprocessorState = {
  readonly preprocessor: 1;
  /** The columns that are read, with their kind at fit. */
  readonly fields: readonly { readonly name: string; readonly kind: 'number' | 'text' }[];
  readonly steps: readonly {
    readonly kind: string;
    readonly columns: readonly string[];
    readonly fitted: Readonly<Record<string, unknown>>;
  }[];
  /** Names of the columns that come out. */
  readonly features: readonly string[];
};

export interface FitOptions {
  /**
   * What is to be predicted: the name of a column of the table, which then is no feature; or a column of its own; or values, one
   * a row. Rows without it are left out. Target encoding needs it, and the rows that a step leaves out are left out of it.
   */
  readonly target?: TargetInput;
  /** The columns to prepare: names and globs, or `number`, `text`, `all`. Default: all. */
  readonly columns?: ColumnChoice;
  /** Names and globs of columns to leave out. */
  readonly exclude?: readonly string[];
  /** Where warnings go, besides the result's `warnings`. */
  warn?(text: string): void;
}

export interface Fitted {
  /** The rows of the fit, prepared. */
  readonly table: PreparedTable;
  readonly state: PreprocessorState;
  /** For the rows of `table`. */
  readonly target?: Target;
  readonly warnings: readonly string[];
}

export interface Preprocessor {
  readonly steps: readonly Step[];
  /** @throws KeplerError naming the step and the column */
  fit(table: TableInput, options?: FitOptions): Fitted;
}

/** Steps, one after the other; each sees the columns as the one before left them. */
export function preprocessor(steps: readonly Step[]): Preprocessor {
  if (!Array.isArray(steps) || steps.some((step) => typeof step?.kind !== 'string')) {
    throw new KeplerError(
      'invalid_arguments',
      'preprocessor takes a list of steps: preprocessor([handleMissing({ strategy: "median" }), scale()]).',
    );
  }
  steps.forEach(({ kind }) => kindOf(kind));
  return { steps, fit: (table, options = {}) => fitSteps(steps, table, options) };
}

function fitSteps(steps: readonly Step[], input: TableInput, options: FitOptions): Fitted {
  const warnings: string[] = [];
  const warn = (text: string) => {
    warnings.push(text);
    options.warn?.(text);
  };
  const { target, rest } = targetOf(asWorking(input), options.target, warn);
  const names = chooseColumns('preprocessor', rest, options.columns ?? 'all', options.exclude);
  const features = { ...rest, columns: columnsOf(rest, names) };
  checkInput(features);
  let table = features;
  const fitted = steps.map(({ kind: name, options: asked }) => {
    const kind = kindOf(name);
    const choice = asked.columns ?? (typeof kind.takes === 'function' ? kind.takes(asked) : kind.takes);
    const columns = chooseColumns(kind.title, table, choice, asked.exclude);
    const context = { warn, ...(target && { target: targetRows(target, table.places) }) };
    const learned = kind.fit(table, columns, asked, context);
    table = kind.transformTraining
      ? kind.transformTraining(learned, table, columns, asked, context)
      : kind.transform(learned, table, columns, context);
    checkNames(kind.title, table);
    return { kind: name, columns, fitted: learned as Readonly<Record<string, unknown>> };
  });
  const prepared = asPrepared(table);
  warnOfNulls(prepared, warn);
  return {
    table: prepared,
    state: {
      preprocessor: 1,
      fields: features.columns.map(({ name, kind }) => ({ name, kind })),
      steps: fitted,
      features: prepared.names,
    },
    ...(target && { target: targetRows(target, table.places) }),
    warnings,
  };
}

function checkInput(table: Working): void {
  if (table.rows === 0) {
    throw new KeplerError(
      'no_valid_rows',
      'There are no rows to learn the preprocessing from. Check the search.',
    );
  }
  for (const column of table.columns) {
    if (column.kind === 'text') continue;
    const place = infinitePlace(column.values);
    if (place < 0) continue;
    throw new KeplerError(
      'invalid_data',
      `"${column.name}" of row ${place + 1} is ${column.values[place]}; preprocessing takes finite numbers and nulls.`,
    );
  }
}

function infinitePlace(values: Float64Array): number {
  for (let i = 0; i < values.length; i++) if (values[i] === Infinity || values[i] === -Infinity) return i;
  return -1;
}

function checkNames(step: string, table: Working): void {
  const seen = new Set<string>();
  for (const { name } of table.columns) {
    if (seen.has(name)) {
      throw new KeplerError(
        'invalid_data',
        `${step} would make a column "${name}", and there is one of that name already. Rename that one in the search.`,
      );
    }
    seen.add(name);
  }
}

function warnOfNulls(table: PreparedTable, warn: (text: string) => void): void {
  const names = table.names.filter((_, i) => hasNaN(table.columns[i]));
  if (names.length === 0) return;
  warn(
    `After the last step ${names
      .slice(0, 10)
      .map((name) => `"${name}"`)
      .join(
        ', ',
      )}${names.length > 10 ? ` and ${names.length - 10} more` : ''} still ${plural(names.length, 'holds', 'hold')} nulls (NaN). Add handleMissing where the model takes none.`,
  );
}

/**
 * Rows prepared as those of the fit were. Columns that the fit did not have are left alone; one that was a number at fit and is
 * text now is read as numbers, what is none counting as null, and the other way round.
 *
 * @throws KeplerError no_features naming a column that the table lacks
 */
export function transform(
  state: PreprocessorState,
  input: TableInput,
  options: { warn?(text: string): void } = {},
): PreparedTable {
  const context: StepContext = { warn: (text) => options.warn?.(text) };
  let table = readFields(checkState(state), asWorking(input), context);
  for (const { kind, columns, fitted } of state.steps) {
    table = kindOf(kind).transform(fitted, table, columns, context);
  }
  return asPrepared(table);
}

function readFields(state: PreprocessorState, table: Working, context: StepContext): Working {
  const byName = new Map(table.columns.map((column) => [column.name, column]));
  return {
    rows: table.rows,
    columns: state.fields.map(({ name, kind }): Column => {
      const found = byName.get(name);
      if (!found) {
        const meant = didYouMean(name, [...byName.keys()]);
        throw new KeplerError(
          'no_features',
          `The preprocessing was fitted on the field "${name}", which these rows lack${meant ? `; there is "${meant}"` : ''}. Keep it in the search.`,
        );
      }
      const { column, lost } = asKind(found, kind);
      if (lost > 0) {
        context.warn(
          `${lost} ${plural(lost, 'value', 'values')} of "${name}", a number at fit, ${plural(lost, 'is no number and counts', 'are no numbers and count')} as null.`,
        );
      }
      return column;
    }),
  };
}

/**
 * The way back: columns as they were before the steps. What was filled in for a null stays filled in, unless `addIndicator` says
 * where; what was clipped stays clipped; rows that were left out stay out.
 *
 * @throws KeplerError invalid_arguments naming the step that has no way back
 */
export function inverseTransform(state: PreprocessorState, input: TableInput): RawTable {
  const { rows, columns } = asWorking(input);
  const byName = new Map(columns.map((column) => [column.name, column]));
  const missing = checkState(state).features.find((name) => !byName.has(name));
  if (missing !== undefined) {
    throw new KeplerError(
      'no_features',
      `inverseTransform takes all columns that transform made, but "${missing}" is not there.`,
    );
  }
  let table: Working = { rows, columns: columnsOf({ rows, columns }, state.features) };
  for (const step of [...state.steps].reverse()) {
    if (step.columns.length === 0) continue;
    const kind = kindOf(step.kind);
    if (!kind.inverse) {
      throw new KeplerError(
        'invalid_arguments',
        `There is no way back through ${kind.title} (${step.columns.join(', ')}): different values become the same there. inverseTransform works for preprocessors without that step.`,
      );
    }
    table = kind.inverse(step.fitted, table, step.columns);
  }
  const back = new Map(table.columns.map((column) => [column.name, column]));
  // A column that the fit left out, as it held nothing, comes back as it was.
  const fields = state.fields.map(
    ({ name }) => back.get(name) ?? numberColumn(name, new Float64Array(rows).fill(NaN)),
  );
  return { rows: table.rows, columns: fields.map(written) };
}

/** Names of the columns that come out, in their order. */
export function featureNames(state: PreprocessorState): readonly string[] {
  return checkState(state).features;
}

/**
 * Writes the steps as ONNX nodes.
 *
 * @param inputs By field, the name of its value in the graph, `[rows, 1]`: double where it was numeric at fit, else string, with
 *   NaN and '' for null. Not given, all fields are numbers and stand in `graph.input` in the order of the fit.
 * @returns The name of a double matrix [rows, featureNames(state).length].
 * @throws KeplerError invalid_arguments naming a step that has no exact ONNX form
 */
export function toOnnx(
  state: PreprocessorState,
  graph: OnnxGraph,
  inputs?: Readonly<Record<string, string>>,
): string {
  const columns = new OnnxColumns(graph);
  const names = checkState(state).fields.map(({ name }) => name);
  if (inputs) {
    for (const { name, kind } of state.fields) {
      if (!Object.hasOwn(inputs, name)) {
        throw new KeplerError('invalid_arguments', `toOnnx: no input is named for the field "${name}".`);
      }
      columns.add([name], inputs[name], kind);
    }
  } else {
    const text = state.fields.find(({ kind }) => kind === 'text');
    if (text) {
      throw new KeplerError(
        'invalid_arguments',
        `toOnnx: "${text.name}" is text, so that inputs must say which value of the graph holds each field.`,
      );
    }
    if (graph.features !== names.length) {
      throw new KeplerError(
        'invalid_arguments',
        `toOnnx: the graph has ${graph.features} features, but the preprocessing was fitted on ${names.length}.`,
      );
    }
    columns.add(names, graph.input);
  }
  for (const step of state.steps) {
    if (step.columns.length === 0) continue;
    const kind = kindOf(step.kind);
    if (!kind.onnx) {
      throw new KeplerError(
        'invalid_arguments',
        `${kind.title} (${step.columns.join(', ')}) has no exact ONNX form${kind.noOnnx ? `: ${kind.noOnnx}` : ''}. The model works in Kepler as it is; for an ONNX file leave that step out.`,
      );
    }
    kind.onnx(step.fitted, graph, columns, step.columns);
  }
  return columns.matrix(state.features);
}

function checkState(state: PreprocessorState): PreprocessorState {
  if (state?.preprocessor === 1) return state;
  throw new KeplerError(
    'invalid_arguments',
    'This is no fitted preprocessing: hand over the "state" that fit or standardPreprocessing returned.',
  );
}
