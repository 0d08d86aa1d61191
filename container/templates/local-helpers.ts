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
import { encodeTable } from './tables.ts';

type Columns = Readonly<Record<string, preprocessor.PlainColumn>>;
type Options = Readonly<Record<string, unknown>>;
type Method = (args: readonly unknown[], options: Options) => HelperAnswer;

const plain =
  (of: (...args: never[]) => unknown): Method =>
  (args, options) => ({ result: withoutTypedArrays(of(...([...args, options] as never[]))) });

const METRICS = Object.fromEntries(
  Object.entries(metrics).map(([name, of]) => [name, plain(of as (...args: never[]) => unknown)]),
);

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
    fitted(preprocessor.preprocessor(steps as preprocessor.Step[]).fit(tableOf(columns), options)),
  standardPreprocessing: ([columns], options) =>
    fitted(preprocessor.standardPreprocessing(tableOf(columns), options)),
  transform: ([state, columns]) => prepared(preprocessor.transform(stateOf(state), tableOf(columns))),
  inverseTransform: ([state, columns]) => {
    const table = preprocessor.inverseTransform(stateOf(state), tableOf(columns));
    return {
      result: withoutTypedArrays(Object.fromEntries(table.columns.map((one) => [one.name, one.values]))),
    };
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
  return methods[method](asked.arguments ?? [], asked.options ?? {});
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

function withoutTypedArrays(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (_key, one: unknown) =>
      ArrayBuffer.isView(one) ? [...(one as unknown as Iterable<unknown>)] : one,
    ) ?? 'null',
  );
}
