/**
 * Writes what the catalogue of nouns and verbs says into docs/commands/{kepler,keplerctl}.md, between their marks, and into the
 * search assistant's texts. `npx tsx docs/make-commands.ts` after a change of the catalogue; a test compares.
 */
import { readFileSync, writeFileSync } from 'node:fs';

import { NOUNS } from '../container/contract/catalogue/nouns.ts';
import type { Field, Noun, Option, Verb } from '../container/contract/catalogue/types.ts';
import { usageOfNoun, usageOfVerb } from '../container/contract/catalogue/usage.ts';
import { VERBS } from '../container/contract/catalogue/verbs.ts';

const BEGIN = '<!-- From the catalogue: docs/make-commands.ts writes what stands between these lines. -->';
const END = '<!-- End of the catalogue. -->';

/** A page with what stands between its marks made anew. */
export function pageWith(page: string, content: string): string {
  const from = page.indexOf(BEGIN) + BEGIN.length;
  const to = page.indexOf(END);
  if (from < BEGIN.length || to < from) throw new Error('The page lacks its marks.');
  return `${page.slice(0, from)}\n\n${content}\n${page.slice(to)}`;
}

export function nounsPage(): string {
  return NOUNS.map(nounSection).join('\n');
}

export function verbsPage(): string {
  return VERBS.map(verbSection).join('\n');
}

function nounSection(noun: Noun): string {
  const variants = (noun.variants ?? []).flatMap(({ option, value, about, fields }) => [
    `With \`${option}=${value ?? '…'}\`: ${about}`,
    '',
    fieldTable(fields),
  ]);
  return [
    `### ${noun.name}`,
    '',
    `\`${usageOfNoun(noun)}\``,
    '',
    noun.about,
    '',
    ...optionTable(noun.options),
    fieldTable(noun.fields),
    ...variants,
  ].join('\n');
}

function verbSection(verb: Verb): string {
  const owner =
    verb.owner === 'model'
      ? 'the right to write the model'
      : verb.owner === 'dataset'
        ? 'the right to write the data set'
        : verb.owner === 'job'
          ? 'the job to be yours'
          : '';
  return [
    `### ${verb.name}`,
    '',
    `\`${usageOfVerb(verb)}\``,
    '',
    `${verb.about} Needs ${owner ? `${owner}, or ` : ''}\`${verb.needs}\`.`,
    '',
    ...optionTable(verb.options),
    ...(verb.fields ? [fieldTable(verb.fields)] : []),
  ].join('\n');
}

function optionTable(options: readonly Option[]): string[] {
  if (options.length === 0) return [];
  const rows = options.map(({ name, kind, choices, about, required }) => {
    const values = choices ? choices.map((choice) => `\`${choice}\``).join(', ') : kind;
    return `| \`${name}=\` | ${values} | ${about}${required ? ' (required)' : ''} |`;
  });
  return ['| Option | Value | Meaning |', '|---|---|---|', ...rows, ''];
}

function fieldTable(fields: readonly Field[]): string {
  const rows = fields.map(({ name, kind, about }) => `| \`${name}\` | ${kind} | ${about} |`);
  return ['| Field | Kind | Meaning |', '|---|---|---|', ...rows, ''].join('\n');
}

/** The search assistant's stanza for a command. */
export function searchbnf(command: 'kepler' | 'keplerctl'): string {
  const reads = command === 'kepler';
  const all = reads ? NOUNS : VERBS;
  const lines = all.map(({ name, about }) => `${name}: ${about}`).join(' ');
  return [
    `[${command}-command]`,
    `syntax = ${command} (${all.map(({ name }) => name).join(' | ')}) (<name>)? (<option>=<value>)*`,
    `shortdesc = ${reads ? 'Reads models, versions, runs, runtimes and everything else that is not data.' : 'Changes aliases, models, jobs, runtimes and settings.'}`,
    `description = ${lines}`,
    ...(reads
      ? [
          'example1 = | kepler models',
          'comment1 = All models that you may see.',
          'example2 = | kepler runs churn_model span=1h',
          'comment2 = How often a model was used, by hour.',
        ]
      : [
          'example1 = | keplerctl promote churn_model@3',
          'comment1 = Version 3 becomes the champion, which apply reads.',
          'example2 = | keplerctl rollback churn_model',
          'comment2 = The champion of before becomes it again.',
        ]),
    'usage = public',
    'tags = machine learning model kepler',
    `related = ${reads ? 'keplerctl' : 'kepler'}`,
    '',
  ].join('\n');
}

const FILES = {
  nouns: 'docs/commands/kepler.md',
  verbs: 'docs/commands/keplerctl.md',
  bnf: 'splunk_app/default/searchbnf.conf',
};

if (process.argv[1]?.endsWith('make-commands.ts')) {
  writeFileSync(FILES.nouns, pageWith(readFileSync(FILES.nouns, 'utf8'), nounsPage()));
  writeFileSync(FILES.verbs, pageWith(readFileSync(FILES.verbs, 'utf8'), verbsPage()));
  const bnf = readFileSync(FILES.bnf, 'utf8').split('\n[kepler-command]')[0].trimEnd();
  writeFileSync(FILES.bnf, `${bnf}\n\n${searchbnf('kepler')}\n${searchbnf('keplerctl')}`);
}
