/** A template's `params`: what of JSON Schema is understood, and what is wrong with what was given. */
import { FIT_OPTIONS } from '../contract/fit-options.ts';
import type { OptionSchema, ParamsSchema } from '../contract/template.ts';

const TYPES = ['number', 'integer', 'boolean', 'string', 'null'];
const KEYWORDS = new Set(
  'type description title default enum minimum maximum exclusiveMinimum exclusiveMaximum pattern'.split(' '),
);
/** Options that every fit has: a template's own would never be reached. */
const TAKEN = new Set<string>(FIT_OPTIONS);

/**
 * The schema with everything filled in that may be left out.
 * @param problems takes a sentence for each thing that is wrong
 */
export function checkParamsSchema(given: unknown, problems: string[]): ParamsSchema {
  const {
    properties = {},
    required,
    open = false,
  } = (given ?? {}) as { properties?: unknown; required?: unknown; open?: unknown };
  if (typeof properties !== 'object' || properties === null || Array.isArray(properties)) {
    problems.push('params.properties must be an object with an entry for each option.');
    return { type: 'object', properties: {}, additionalProperties: false };
  }
  const options = Object.entries(properties as Record<string, unknown>).map(
    ([name, schema]) => [name, checkOption(name, schema, problems)] as const,
  );
  const names = new Set(options.map(([name]) => name));
  const missing = (Array.isArray(required) ? (required as string[]) : []).filter((name) => !names.has(name));
  if (missing.length > 0)
    problems.push(`params.required names ${missing.join(', ')}, which params.properties has not.`);
  return {
    type: 'object',
    properties: Object.fromEntries(options),
    ...(Array.isArray(required) && { required: required as string[] }),
    additionalProperties: open === true,
  };
}

function checkOption(name: string, given: unknown, problems: string[]): OptionSchema {
  const at = `params: the option "${name}"`;
  if (!/^[_a-zA-Z]\w*$/.test(name))
    problems.push(`${at} cannot be typed in a search: use letters, digits and underscores.`);
  if (TAKEN.has(name)) problems.push(`${at} is an option that every fit has; choose another name.`);
  const schema = (given ?? {}) as Record<string, unknown>;
  const types = [schema.type].flat();
  if (!types.every((type) => TYPES.includes(type as string))) {
    problems.push(`${at} needs a type: one of ${TYPES.join(', ')}.`);
  }
  const unknown = Object.keys(schema).filter((keyword) => !KEYWORDS.has(keyword));
  if (unknown.length > 0)
    problems.push(`${at} has ${unknown.join(', ')}; understood are ${[...KEYWORDS].join(', ')}.`);
  return { description: '', ...schema } as OptionSchema;
}
