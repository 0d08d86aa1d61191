import { parseBoolean } from '../contract/boolean.ts';
import type { OptionSchema } from '../contract/template.ts';

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** The types that an option may have, as a list. */
export function typesOf(schema: OptionSchema): readonly string[] {
  return typeof schema.type === 'string' ? [schema.type] : schema.type;
}

/**
 * The typed value of an option's text, or undefined where it has none of the types that the schema allows. Of several
 * types the narrowest that fits wins: null (written `none`), integer, number, boolean, string.
 */
export function typedValue(text: string, schema: OptionSchema): unknown {
  const types = typesOf(schema);
  const word = text.trim();
  if (types.includes('null') && /^(none|null)$/i.test(word)) return null;
  if (NUMBER.test(word)) {
    const number = Number(word);
    if (types.includes('integer') && Number.isSafeInteger(number)) return number;
    if (types.includes('number') && Number.isFinite(number)) return number;
  }
  if (types.includes('boolean')) {
    const value = parseBoolean(word);
    if (value !== undefined) return value;
  }
  return types.includes('string') ? word : undefined;
}

/** What an option may be, in words: `a whole number from 1 to 10`, `one of gini, entropy`. */
export function describeAllowed(schema: OptionSchema): string {
  if (schema.allowed) return schema.allowed;
  if (schema.enum)
    return `one of ${schema.enum.map((value) => (value === null ? 'none' : String(value))).join(', ')}`;
  const words = typesOf(schema).flatMap((type) => {
    if (type === 'integer') return [`a whole number${range(schema)}`];
    if (type === 'number') return [`a number${range(schema)}`];
    if (type === 'boolean') return ['true or false'];
    if (type === 'null') return ['none'];
    return [schema.pattern ? `text that matches ${schema.pattern}` : 'text'];
  });
  return words.join(' or ');
}

function range({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: OptionSchema): string {
  if (minimum !== undefined && maximum !== undefined) return ` from ${minimum} to ${maximum}`;
  const low =
    minimum !== undefined
      ? `at least ${minimum}`
      : exclusiveMinimum !== undefined
        ? `above ${exclusiveMinimum}`
        : '';
  const high =
    maximum !== undefined
      ? `at most ${maximum}`
      : exclusiveMaximum !== undefined
        ? `below ${exclusiveMaximum}`
        : '';
  const words = [low, high].filter(Boolean).join(' and ');
  return words && ` ${words}`;
}
