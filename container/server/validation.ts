import { Ajv2020 } from 'ajv/dist/2020.js';
import type { ErrorObject } from 'ajv';
import { didYouMean } from '../contract/did-you-mean.ts';
import { KeplerError } from '../contract/errors.ts';
import type { ErrorCode } from '../contract/errors.ts';
import type { Schema } from '../contract/schemas.ts';

const ajv = new Ajv2020({
  allErrors: false,
  strict: true,
  strictRequired: false,
  allowUnionTypes: true,
  verbose: true,
});

/** Compiles a schema to a check that answers the value, typed, or throws an error that says where it is wrong. */
export function validator<T>(
  schema: Schema<T>,
  what: string,
  code: ErrorCode = 'bad_request',
): (value: unknown) => T {
  const known = schema.$id === undefined ? undefined : ajv.getSchema(schema.$id);
  const validate = known ?? ajv.compile(schema);
  return (value) => {
    if (validate(value)) return value as T;
    const error = validate.errors?.[0];
    throw new KeplerError(code, `${what} is not as it should be: ${error ? describe(error) : 'unreadable'}.`);
  };
}

function describe(error: ErrorObject): string {
  const at = error.instancePath === '' ? 'it' : error.instancePath.slice(1).replaceAll('/', '.');
  const params = error.params as Record<string, unknown>;
  switch (error.keyword) {
    case 'required':
      return `${at} lacks "${String(params.missingProperty)}"`;
    case 'additionalProperties': {
      const unknown = String(params.additionalProperty);
      const meant = didYouMean(unknown, Object.keys((error.parentSchema?.properties ?? {}) as object));
      return `${at} has "${unknown}", which this runtime does not know${meant ? ` (did you mean "${meant}"?)` : ''}; app and runtime must be of the same version`;
    }
    case 'enum':
      return `${at} must be one of ${(params.allowedValues as unknown[]).join(', ')}`;
    default:
      return `${at} ${error.message ?? 'is wrong'}`;
  }
}
