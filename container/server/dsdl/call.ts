/** What a call of DSDL's wire contract asks for, from its `meta`. */
import { parseBoolean } from '../../contract/boolean.ts';
import { KeplerError } from '../../contract/errors.ts';
import type { FitSpec, ModelName } from '../../contract/requests.ts';

export interface DsdlCall {
  readonly algo: string;
  readonly stage: boolean;
  /** The algorithm's own options, unquoted. */
  readonly options: Readonly<Record<string, string>>;
  readonly features: readonly string[];
  readonly targets: readonly string[];
  /** As Splunk names it, without its namespace. */
  readonly modelName: string;
  /** In Kepler's registry: as DSDL names its files, so that two algorithms may have a model of one name. */
  readonly model: ModelName;
}

type Json = Readonly<Record<string, unknown>>;

/** @throws KeplerError bad_request naming all that is missing */
export function readCall(rest: Json): DsdlCall {
  const problems: string[] = [];
  const meta = objectIn(rest, 'meta', 'meta', problems);
  const options = meta && objectIn(meta, 'options', 'meta.options', problems);
  const params = options && (isObject(options.params) ? options.params : {});
  const given = Object.fromEntries(
    Object.entries(params ?? {}).map(([name, value]) => [name, unquoted(value)]),
  );
  const { algo = '', mode = '', ...others } = given;
  if (options && algo === '') {
    problems.push('meta.options.params.algo is missing: the name of an algorithm or template.');
  }
  if (problems.length > 0 || !meta || !options) throw new KeplerError('bad_request', problems.join(' '));
  const modelName = unquoted(options.model_name ?? '').replace(/^(?:app|user):/, '') || 'default';
  return {
    algo,
    stage: mode.toLowerCase() === 'stage',
    options: others,
    features: names(meta.feature_variables) ?? names(options.feature_variables) ?? [],
    targets: names(meta.target_variables) ?? names(options.target_variable) ?? [],
    modelName,
    model: { namespace: 'app', name: `${algo}_${modelName}` },
  };
}

/**
 * The fit that a call asks for; Kepler's own options of `fit` may stand among its parameters.
 * @throws KeplerError bad_request, invalid_arguments
 */
export function fitSpecOf(call: DsdlCall): FitSpec {
  const { promote, partial_fit, alias, holdout, holdout_by, holdout_seed, unseen_value, ...options } =
    call.options;
  if (call.features.length === 0) {
    throw new KeplerError(
      'bad_request',
      'meta.feature_variables is missing or empty: the names of the fields to learn from.',
    );
  }
  return {
    algorithm: call.algo,
    ...(call.stage && { mode: 'stage' }),
    options,
    targets: call.targets,
    fields: call.features,
    by: [],
    into: call.stage ? { namespace: 'app', name: call.modelName } : call.model,
    apply: true,
    partialFit: truth('partial_fit', partial_fit, false),
    promote: truth('promote', promote, true),
    ...(alias !== undefined && { alias }),
    ...(holdout !== undefined && { holdout: number('holdout', holdout) }),
    ...(holdout_by !== undefined && { holdoutBy: holdout_by }),
    ...(holdout_seed !== undefined && { holdoutSeed: number('holdout_seed', holdout_seed) }),
    ...(unseen_value !== undefined && { unseenValue: unseen(unseen_value) }),
  };
}

function truth(name: string, text: string | undefined, otherwise: boolean): boolean {
  const value = text === undefined ? otherwise : parseBoolean(text);
  if (value !== undefined) return value;
  throw new KeplerError('invalid_arguments', `${name} must be true or false, not "${text}".`);
}

function number(name: string, text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value)) return value;
  throw new KeplerError('invalid_arguments', `${name} must be a number, not "${text}".`);
}

function unseen(text: string): FitSpec['unseenValue'] {
  if (text === 'default' || text === 'skip' || text === 'stop') return text;
  throw new KeplerError('invalid_arguments', `unseen_value must be default, skip or stop, not "${text}".`);
}

function objectIn(parent: Json, name: string, path: string, problems: string[]): Json | undefined {
  const value = parent[name];
  if (isObject(value)) return value;
  problems.push(`${path} is missing, or no object.`);
  return undefined;
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function names(value: unknown): string[] | undefined {
  if (typeof value === 'string') return [value];
  return Array.isArray(value) ? value.map(String) : undefined;
}

/** Values come as SPL had them, with their quotes or without. */
function unquoted(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.trim().replace(/^"+|"+$/g, '');
}
