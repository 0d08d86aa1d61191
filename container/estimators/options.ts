import { Ajv } from 'ajv';
import type { ValidateFunction } from 'ajv';
import { didYouMean } from '../contract/did-you-mean.ts';
import { KeplerError } from '../contract/errors.ts';
import type { RawOptions } from '../contract/requests.ts';
import type { OptionSchema, Params, ParamsSchema } from '../contract/template.ts';
import { describeAllowed, typedValue } from './option-values.ts';

const ajv = new Ajv({ allErrors: true, strict: true, allowUnionTypes: true, keywords: ['allowed'] });
const validators = new WeakMap<ParamsSchema, ValidateFunction>();

/**
 * Options as typed in the search, turned into typed values with defaults filled in. Options that have no default and were
 * not given are absent.
 *
 * @param also Options that are read elsewhere, which a mistyped one may have meant.
 * @param subject What the options belong to, for the message: `LinearRegression`, `apply of LogisticRegression`.
 * @throws KeplerError invalid_arguments naming every problem at once.
 */
export function parseParams(
  schema: ParamsSchema,
  raw: RawOptions,
  subject: string,
  also: readonly string[] = [],
): Params {
  const problems: string[] = [];
  const params: Record<string, unknown> = {};
  const unknown: string[] = [];
  for (const [name, text] of Object.entries(raw)) {
    if (!Object.hasOwn(schema.properties, name)) {
      if (schema.additionalProperties) params[name] = text;
      else unknown.push(name);
      continue;
    }
    const option = schema.properties[name];
    const value = typedValue(text, option);
    if (value === undefined) problems.push(wrongValue(name, text, option));
    else params[name] = value;
  }
  if (unknown.length > 0) problems.unshift(unknownOptions(unknown, schema, also));
  for (const [name, option] of Object.entries(schema.properties)) {
    if (!Object.hasOwn(raw, name) && option.default !== undefined) params[name] = option.default;
  }
  problems.push(...violations(schema, raw, params));
  if (problems.length > 0) {
    const sentences = problems.map((text, i) => (i === 0 ? text : text[0].toUpperCase() + text.slice(1)));
    throw new KeplerError('invalid_arguments', `${subject}: ${sentences.join(' ')}`);
  }
  return Object.freeze(params);
}

/** All of them at once, so that what is allowed is said once. */
function unknownOptions(unknown: readonly string[], schema: ParamsSchema, also: readonly string[]): string {
  const names = Object.keys(schema.properties);
  const allowed = names.length === 0 ? 'It takes no options.' : `Allowed are: ${names.join(', ')}.`;
  const said = unknown.map((name) => {
    const meant = didYouMean(name, [...names, ...also]);
    return `"${name}"${meant ? `; did you mean "${meant}"?` : '.'}`;
  });
  return `there is no option ${said.join(' There is none called ')} ${allowed}`;
}

function wrongValue(name: string, text: string, option: OptionSchema): string {
  const choices = (option.enum ?? []).filter((value) => typeof value === 'string') as string[];
  const meant = didYouMean(text, choices);
  const hint = meant ? ` Did you mean "${meant}"?` : '';
  return `option "${name}" must be ${describeAllowed(option)}, not "${clipped(text)}".${hint}`;
}

/** What JSON Schema finds wrong with values of the right type: out of range, not in the list, missing. */
function violations(schema: ParamsSchema, raw: RawOptions, params: Params): string[] {
  let validate = validators.get(schema);
  if (!validate) {
    validate = ajv.compile(schema);
    validators.set(schema, validate);
  }
  if (validate(params)) return [];
  const wrong = new Set<string>();
  const missing: string[] = [];
  for (const error of validate.errors ?? []) {
    if (error.keyword === 'required') missing.push(String(error.params.missingProperty));
    else wrong.add(error.instancePath.slice(1).replaceAll('~1', '/').replaceAll('~0', '~'));
  }
  return [
    ...[...wrong].map((name) => wrongValue(name, raw[name] ?? String(params[name]), schema.properties[name])),
    ...missing
      .filter((name) => !Object.hasOwn(raw, name))
      .map((name) => `option "${name}" is required: ${describeAllowed(schema.properties[name])}.`),
  ];
}

function clipped(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
