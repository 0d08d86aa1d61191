/**
 * The helpers that need nothing of the runtime, for templates that are not written in TypeScript: metrics and the preprocessor.
 * They run beside the process that calls them, not in the runtime's main thread.
 *
 * A call's body is JSON: `{arguments, options}`. Tables are columns by name; a state goes out as base64 and comes back as it was.
 */
import { didYouMean } from '../contract/did-you-mean.ts';
import { KeplerError } from '../contract/errors.ts';
import type { State } from '../contract/template.ts';
import * as metrics from '../helpers/metrics/index.ts';
import * as preprocessor from '../helpers/preprocessor/index.ts';
import { decodeState, encodeState } from '../registry/state-codec.ts';
import type { HelperAnswer, HelperCall } from './process/calls.ts';
import { GraphRecording } from './graph-recording.ts';
import { encodeTable } from './tables.ts';

type Columns = Readonly<Record<string, preprocessor.PlainColumn>>;
type Options = Readonly<Record<string, unknown>>;
type Method = (args: readonly unknown[], options: Options) => HelperAnswer;

const plain =
  (of: (...args: never[]) => unknown): Method =>
  (args, options) => ({ result: plainOf(of(...([...args, options] as never[]))) });

const METRICS: Readonly<Record<string, Method>> = {
  ...Object.fromEntries(
    Object.entries(metrics).map(([name, of]) => [name, plain(of as (...args: never[]) => unknown)]),
  ),
  /** A function does not travel: `measured` holds what it said of each row. */
  calculateBusinessMetrics([actual, predicted], { measured, ...options }) {
    const amounts = measured as readonly Readonly<Record<string, number>>[] | undefined;
    const measure = amounts && { measure: ({ row }: { row: number }) => amounts[row] };
    return {
      result: plainOf(
        metrics.calculateBusinessMetrics(actual as string[], predicted as string[], {
          ...options,
          ...measure,
        }),
      ),
    };
  },
};

const STEPS = [
  'handleMissing',
  'encodeCategorical',
  'scale',
  'clipOutliers',
  'datetimeFeatures',
  'textFeatures',
] as const;

const PREPROCESSOR: Readonly<Record<string, Method>> = {
  ...Object.fromEntries(
    STEPS.map((name) => [name, plain(preprocessor[name] as (...args: never[]) => unknown)]),
  ),
  fit: ([steps, columns], options) =>
    fitted(
      preprocessor
        .preprocessor((steps as unknown[]).map(revived) as preprocessor.Step[])
        .fit(tableOf(columns), options),
    ),
  standardPreprocessing: ([columns], options) =>
    fitted(preprocessor.standardPreprocessing(tableOf(columns), options)),
  transform([state, columns]) {
    const warnings: string[] = [];
    const warn = (text: string) => void warnings.push(text);
    const { result, body } = prepared(preprocessor.transform(stateOf(state), tableOf(columns), { warn }));
    return { result: { ...(result as object), warnings }, body };
  },
  inverseTransform: ([state, columns]) => {
    const table = preprocessor.inverseTransform(stateOf(state), tableOf(columns));
    return {
      result: plainOf(Object.fromEntries(table.columns.map((one) => [one.name, one.values]))),
    };
  },
  /** What the steps write, recorded; the result is the name of their matrix there. */
  toOnnx([state, features]) {
    const recording = new GraphRecording(Number(features));
    const result = preprocessor.toOnnx(stateOf(state), recording);
    return { result, body: encodeState(recording.state()) };
  },
};

const HELPERS: Readonly<Record<string, Readonly<Record<string, Method>>>> = {
  metrics: METRICS,
  preprocessor: PREPROCESSOR,
};

export function isLocal({ helper }: HelperCall): boolean {
  return Object.hasOwn(HELPERS, helper);
}

/** @throws KeplerError what the helper says; template_failed where there is no such method */
export function callLocal({ helper, method, body }: HelperCall): HelperAnswer {
  const methods = HELPERS[helper];
  if (!Object.hasOwn(methods, method)) {
    const near = didYouMean(method, Object.keys(methods));
    throw new KeplerError(
      'template_failed',
      `There is no method ${helper}.${method}${near === undefined ? `; there are: ${Object.keys(methods).join(', ')}.` : `. Did you mean "${near}"?`}`,
    );
  }
  const asked = JSON.parse(Buffer.from(body ?? new Uint8Array(0)).toString('utf8') || '{}') as {
    arguments?: unknown[];
    options?: Options;
  };
  return methods[method](asked.arguments ?? [], revived(asked.options ?? {}) as Options);
}

function tableOf(columns: unknown): ReturnType<typeof preprocessor.tableOf> {
  return preprocessor.tableOf(columns as Columns);
}

function stateOf(text: unknown): preprocessor.PreprocessorState {
  const bytes = new Uint8Array(Buffer.from(String(text), 'base64'));
  return decodeState(bytes) as unknown as preprocessor.PreprocessorState;
}

function fitted({ table, state, warnings }: preprocessor.Fitted): HelperAnswer {
  const { result, body } = prepared(table);
  const kept = Buffer.from(encodeState(state as unknown as State)).toString('base64');
  return { result: { ...(result as object), state: kept, features: state.features, warnings }, body };
}

function prepared(table: preprocessor.PreparedTable): HelperAnswer {
  return { result: { ...(table.places && { places: [...table.places] }) }, body: encodeTable(table) };
}

/** As JSON can hold it: typed arrays as lists; NaN and infinities, which say what is not defined, as `{"$": "NaN"}`. */
function plainOf(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, marked) ?? 'null');
}

function marked(_key: string, value: unknown): unknown {
  if (ArrayBuffer.isView(value)) return [...(value as unknown as Iterable<unknown>)];
  return typeof value === 'number' && !Number.isFinite(value) ? { $: String(value) } : value;
}

/** What was marked so at the other end. */
function revived(value: unknown): unknown {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  const mark = (value as { $?: unknown }).$;
  if (typeof mark === 'string') return Number(mark.replace('inf', 'Infinity'));
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, revived(one)]));
}
