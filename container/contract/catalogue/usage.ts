import { nameOf } from './arguments.ts';
import type { Field, Noun, Option, Verb } from './types.ts';

/** How a noun is written: `| kepler versions <model>[@<version>] [version=<integer>] …`. */
export function usageOfNoun(noun: Noun): string {
  return `| kepler ${words(noun)}`;
}

/** How a verb is written. */
export function usageOfVerb(verb: Verb): string {
  return `| keplerctl ${words(verb)}`;
}

function words(of: Noun | Verb): string {
  const { argument } = of;
  const name = argument && (argument.required ? nameOf(argument) : `[${nameOf(argument)}]`);
  const open = 'open' in of && of.open ? ['<setting>=<value> …'] : [];
  return [of.name, ...(name ? [name] : []), ...of.options.map(usageOfOption), ...open].join(' ');
}

function usageOfOption({ name, kind, choices, required }: Option): string {
  const text = `${name}=${choices ? choices.join('|') : kind === 'boolean' ? 'true' : `<${kind}>`}`;
  return required ? text : `[${text}]`;
}

/** The fields that a noun answers with these options. */
export function fieldsOf(noun: Noun, options: Readonly<Record<string, string | boolean>>): readonly Field[] {
  const variant = noun.variants?.find(({ option, value }) => {
    const given = options[option];
    return value === undefined ? given !== undefined && given !== false : given === value;
  });
  return variant?.fields ?? noun.fields;
}
