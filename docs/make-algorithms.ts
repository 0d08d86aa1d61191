/**
 * Fills the option tables of docs/algorithms.md from the algorithms' own schemas: `node --import tsx --import ./build/wasm-bytes.mjs docs/make-algorithms.ts`.
 * A block between `<!-- options NAME -->` and `<!-- /options -->` is the table of that algorithm.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { CATALOGUE } from '../container/estimators/catalogue.ts';
import { describeAllowed } from '../container/estimators/option-values.ts';
import type { ParamsSchema, Template } from '../container/contract/template.ts';

export const PAGE = 'docs/algorithms.md';
const BLOCK = /<!-- options (\w+) -->\n[\s\S]*?<!-- \/options -->/g;

/** The page with every table as the catalogue says it today. @throws Error for a block of an algorithm that is not there */
export function filled(page: string): string {
  return page.replace(BLOCK, (_block, name: string) => {
    const template = CATALOGUE.get(name);
    if (!template) throw new Error(`${PAGE} has options of ${name}, which the catalogue does not know`);
    return `<!-- options ${name} -->\n${tables(template)}<!-- /options -->`;
  });
}

/** The algorithms that the page has a table of. */
export function described(page: string): string[] {
  return [...page.matchAll(BLOCK)].map(([, name]) => name);
}

function tables(template: Template): string {
  const parts = [
    ['Option of `fit`', template.params],
    ['Option of `apply`', template.applyParams],
    ['Option of `summary`', template.summaryParams],
  ] as const;
  return parts.map(([title, schema]) => table(title, schema)).join('');
}

function table(title: string, schema: ParamsSchema | undefined): string {
  const options = Object.entries(schema?.properties ?? {});
  if (!options.length) return '';
  const rows = options.map(([name, option]) => {
    const required = schema!.required?.includes(name) ? 'required' : shown(option.default);
    return `| \`${name}\` | ${escaped(describeAllowed(option))} | ${required} | ${escaped(option.description)} |`;
  });
  return `| ${title} | Allowed | Default | Meaning |\n|---|---|---|---|\n${rows.join('\n')}\n\n`;
}

function shown(value: unknown): string {
  if (value === undefined) return '–';
  if (value === null) return 'none';
  if (typeof value === 'boolean') return value ? 't' : 'f';
  return escaped(String(value));
}

function escaped(text: string): string {
  return text.replaceAll('|', '\\|');
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  writeFileSync(PAGE, filled(readFileSync(PAGE, 'utf8')));
}
