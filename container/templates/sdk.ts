/**
 * What a template imports as `kepler`: the form of a template, and helpers. Nothing here can reach the runtime's keys, the models
 * of others or the disk: the template runs in a process of its own, and this is its side of the pipe.
 */
import type { Need } from '../contract/requests.ts';
import type {
  FitInput,
  NumericTable,
  OnnxGraph,
  OutputColumn,
  Params,
  ParamsSchema,
  RawInput,
  RawTable,
  SummaryTable,
  TemplateKind,
} from '../contract/template.ts';
import { host } from './node-host/door.ts';

export type {
  ClassTarget,
  FitInput,
  NumberTarget,
  NumericTable,
  OnnxAttribute,
  OnnxGraph,
  OutputColumn,
  Params,
  ParamsSchema,
  RawColumn,
  RawInput,
  RawTable,
  SummaryTable,
  Target,
} from '../contract/template.ts';

/** One value a row: numbers, or labels and texts; null is empty. */
export type Values = Float64Array | readonly number[] | readonly (string | null)[];

/**
 * What `apply` may answer: the values of its one column, which is named as MLTK names it (`predicted(<target>)`, `cluster`); or
 * columns by name; or columns in the runtime's own form.
 */
export type Answer = Values | Readonly<Record<string, Values>> | readonly OutputColumn[];

export interface FitContext {
  /** Share of the work done, 0 to 1, for whoever waits. */
  progress(share: number, text?: string): void;
  /** A warning for the search's messages. */
  warn(text: string): void;
}

/** What every template has, whichever form its rows come in. */
interface TemplateCore<S> {
  /** By which `fit` calls it; the file's name without `.ts`. */
  readonly name: string;
  /** What it learns: a regressor and a classifier have a target, the others none (with `prepare: 'none'` they may). */
  readonly kind: TemplateKind;
  readonly description?: string;
  /** Helpers in the runtime that it calls: `splunk` (`getData`, `sendResults` …), `registry` (`logModel` …). */
  readonly needs?: readonly Need[];
  /** JSON Schema of its options: defaults, checks, help and docs come from it. */
  readonly params?: ParamsSchema | { readonly properties: ParamsSchema['properties'] };
  /** Checks and completes the options, given the data's size. */
  init?(params: Params, shape: { rows: number; features: number; classes?: number }): Params;
  /** What `| summary` shows: a table, or pairs of a name and a value. */
  summary?(state: S): SummaryTable | Readonly<Record<string, string | number | null>>;
  /** Rows that it is tried on before it is published, where the made-up ones would not do: a list of cells a field. */
  readonly example?: Example;
}

export interface Example {
  readonly features: Readonly<Record<string, readonly (number | string | null)[]>>;
  readonly target?: { readonly name: string; readonly values: readonly (number | string | null)[] };
  /** Options as `fit` would take them, where the defaults would not do. */
  readonly params?: Params;
}

/** The functions that get rows: prepared columns of numbers, or the search's rows as they are. */
interface Learns<S, Input, Rows> {
  /** What it returns is the model: plain objects and typed arrays, saved by the runtime. */
  fit(params: Params, input: Input, context: FitContext): S | Promise<S>;
  /** Goes on from a model with more rows (`partial_fit=t`). */
  partialFit?(state: S, params: Params, input: Input, context: FitContext): S | Promise<S>;
  /** A value for each row, in their order. */
  apply(state: S, features: Rows, options: Params): Answer | Promise<Answer>;
  /** Of a classifier: how probable each class is, a column a class in the order of `target.classes`. Gives the option `probabilities`. */
  probabilities?(
    state: S,
    features: Rows,
    options: Params,
  ): readonly ArrayLike<number>[] | Promise<readonly ArrayLike<number>[]>;
  /** Metrics of its own, kept with the version beside the usual ones: after a fit with `into`, on the rows that it is measured on. */
  evaluate?(state: S, input: Input, options: Params): Metrics | Promise<Metrics>;
  /** Why each row was answered as it was: columns by name, such as a contribution a feature. */
  explain?(state: S, features: Rows, options: Params): Answer | Promise<Answer>;
}

export type Metrics = Readonly<Record<string, number>>;

/** Rows without nulls, as columns of numbers; text is one column a value (`field=value`). */
export interface NumericTemplate<S = unknown> extends TemplateCore<S>, Learns<S, FitInput, NumericTable> {
  readonly prepare?: 'numeric';
  /** Writes the model as ONNX: checked against `apply`, and kept with the version, preparation and all. */
  toOnnx?(state: S, graph: OnnxGraph): void;
}

/** All rows of the search as they are, nulls and texts too; every row is to be answered. */
export interface RawTemplate<S = unknown> extends TemplateCore<S>, Learns<S, RawInput, RawTable> {
  readonly prepare: 'none';
}

export type UserTemplate<S = unknown> = NumericTemplate<S> | RawTemplate<S>;

/** A template, as it is: the types tell what is missing while one writes. */
export function defineTemplate<S>(template: NumericTemplate<S>): NumericTemplate<S>;
export function defineTemplate<S>(template: RawTemplate<S>): RawTemplate<S>;
export function defineTemplate<S>(template: UserTemplate<S>): UserTemplate<S> {
  return template;
}

export * from '../helpers/metrics/index.ts';
export * from '../helpers/preprocessor/index.ts';
export { log } from './sdk-log.ts';
export { compareModels, loadModelVersion, logModel, promote } from './sdk-registry.ts';
export type { Comparison, ModelInfo, NewModel } from './sdk-registry.ts';
export {
  getData,
  runSavedSearch,
  scheduleSavedSearch,
  sendResults,
  validateSplunkConfig,
} from './sdk-splunk.ts';
export type { Finding, QueryOptions, Row, SendRows, SendTo } from './sdk-splunk.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Metrics of the template's own, to the metrics index. */
export function logMetrics(
  values: Readonly<Record<string, number>>,
  dimensions: Readonly<Record<string, string>> = {},
): void {
  host().telemetry({ kind: 'metrics', values, dimensions });
}

/** One step of a training: an epoch, a round. */
export function logTrainingStep(step: number, values: Readonly<Record<string, number>>): void {
  host().telemetry({ kind: 'training_step', step, values });
}

export function logError(error: Error | string, fields: Fields = {}): void {
  host().telemetry({ kind: 'error', message: error instanceof Error ? error.message : error, fields });
}

export function logEvent(name: string, fields: Fields = {}): void {
  host().telemetry({ kind: 'event', name, fields });
}
