/** Users' templates in the words of the search assistant's help: an example and a comment each, behind those that the app ships. */
import type { OptionSchema, ParamsSchema } from '../../../container/contract/template.ts';
import type { ResultTable } from '../../../container/contract/requests.ts';
import type { Form } from '../bridge/splunkd.ts';

export interface HelpedTemplate {
  readonly name: string;
  readonly kind: string;
  readonly about: string;
  readonly params: ParamsSchema;
}

/** Places of examples that default/searchbnf.conf has taken. */
const SHIPPED = 1;
/** The assistant's pane is no catalogue: that is `| kepler templates`. */
const MOST = 30;
const LONGEST = 600;

/** Users' templates that are served, of the rows of `| kepler templates`. */
export function servedTemplates({ fields, rows }: ResultTable): HelpedTemplate[] {
  return rows
    .map((row) => Object.fromEntries(fields.map((field, i) => [field, row[i]])))
    .filter(({ origin, version }) => origin === 'user' && version)
    .map(({ name, kind, about, params }) => ({
      name: String(name),
      kind: String(kind),
      about: String(about ?? ''),
      params: JSON.parse(String(params)) as ParamsSchema,
    }));
}

/** The settings of a command's stanza that show these templates. */
export function helpOf(command: string, templates: readonly HelpedTemplate[]): Form {
  const named = [...new Map(templates.map((one) => [one.name, one])).values()];
  const shown = named.sort((a, b) => (a.name < b.name ? -1 : 1)).slice(0, MOST);
  return Object.fromEntries(
    shown.flatMap((template, i) => [
      [`example${SHIPPED + 1 + i}`, exampleOf(command, template)],
      [`comment${SHIPPED + 1 + i}`, commentOf(template)],
    ]),
  );
}

/** Whether a setting of a stanza is one of those that `helpOf` makes. */
export function isHelp(key: string): boolean {
  const place = /^(?:example|comment)(\d+)$/.exec(key)?.[1];
  return place !== undefined && Number(place) > SHIPPED;
}

function exampleOf(command: string, { name, kind, params }: HelpedTemplate): string {
  const target = kind === 'regressor' || kind === 'classifier' ? 'y from ' : '';
  const options = Object.entries(params.properties).map(
    ([option, schema]) => `${option}=${valueOf(schema)} `,
  );
  return inOneLine(`${command} ${name} ${options.join('')}${target}x* into my_model`);
}

function commentOf({ about, kind, params }: HelpedTemplate): string {
  const options = Object.entries(params.properties).map(([option, schema]) => wordsOf(option, schema));
  const words = [
    about ? about.replace(/\.?$/, '.') : `A ${kind}.`,
    options.length > 0 ? `Options: ${options.join('; ')}.` : 'It has no options.',
  ];
  return inOneLine(words.join(' '));
}

function wordsOf(option: string, schema: OptionSchema): string {
  const { description, type, default: preset, minimum, maximum, exclusiveMinimum, exclusiveMaximum } = schema;
  const bounds = [
    schema.enum ? `one of ${schema.enum.join(', ')}` : [type].flat().join(' or '),
    minimum !== undefined && `at least ${minimum}`,
    exclusiveMinimum !== undefined && `above ${exclusiveMinimum}`,
    maximum !== undefined && `at most ${maximum}`,
    exclusiveMaximum !== undefined && `below ${exclusiveMaximum}`,
    preset !== undefined && `default ${String(preset)}`,
  ];
  const said = description ? `: ${description.replace(/\.$/, '')}` : '';
  return `${option} (${bounds.filter((one) => one !== false).join(', ')})${said}`;
}

/** What one would write for it; in quotes where it has spaces. */
function valueOf(schema: OptionSchema): string {
  const { default: preset, enum: choices, minimum } = schema;
  const value = String(preset ?? choices?.[0] ?? minimum ?? `<${[schema.type].flat()[0]}>`);
  return /^[\w.<>-]+$/.test(value) ? value : JSON.stringify(value);
}

/** The help has marks of its own in angle brackets and behind backslashes; a template's author writes none of them. */
function inOneLine(text: string): string {
  const plain = text
    .replace(/[<>\\\p{Cc}]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return plain.length > LONGEST ? `${plain.slice(0, LONGEST - 1)}…` : plain;
}
