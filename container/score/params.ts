import type { OptionSchema, ParamsSchema } from '../contract/template.ts';

/** The schema of a method's options. */
export function options(
  properties: Readonly<Record<string, OptionSchema>> = {},
  required: readonly string[] = [],
): ParamsSchema {
  return { type: 'object', properties, required, additionalProperties: false };
}

export function choice(description: string, values: readonly string[], fallback?: string): OptionSchema {
  return { type: 'string', description, enum: values, ...(fallback !== undefined && { default: fallback }) };
}

export function flag(description: string, fallback: boolean): OptionSchema {
  return { type: 'boolean', description, default: fallback };
}

/** The significance level of a test. */
export const ALPHA: OptionSchema = {
  type: 'number',
  description: 'Significance level of the decision',
  default: 0.05,
  exclusiveMinimum: 0,
  exclusiveMaximum: 1,
};

export const POS_LABEL: OptionSchema = {
  type: 'string',
  description: 'The class that counts as positive',
  default: '1',
};
