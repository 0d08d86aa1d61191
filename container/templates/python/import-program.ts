/**
 * The program behind `kepler template import`: tells what of notebooks and modules would not work as templates, and puts those that
 * are some where they are served.
 *   node template-import.mjs '{"places": ["notebooks"], "to": "templates-src"}'
 */
import { copyFileSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { reportOn } from './import-report.ts';
import type { ImportReport } from './import-report.ts';

interface ImportArguments {
  /** Notebooks, modules, or folders of them. */
  readonly places: readonly string[];
  /** Only tells. */
  readonly check?: boolean;
  /** Writes a requirements file for what is missing. */
  readonly requirements?: boolean;
  /** The folder of templates. */
  readonly to: string;
}

const SOURCE = /^(?!__)[A-Za-z_]\w*\.(py|ipynb)$/;

/** @returns 0 where all became templates */
async function importTemplates(options: ImportArguments): Promise<number> {
  const target = resolve(options.to);
  const host = fileURLToPath(new URL('./python', import.meta.url));
  const command = process.env.KEPLER_PYTHON ?? 'python3';
  const files = options.places.flatMap(filesOf);
  if (files.length === 0) {
    say('There is no notebook (.ipynb) or module (.py) there.');
    return 1;
  }
  let refused = 0;
  for (const file of files) {
    const report = await reportOn(file, readFileSync(file, 'utf8'), host, command);
    if (report.refused.length > 0) refused++;
    else if (!options.check) put(report, target, options.requirements === true);
    print(report, options);
  }
  const done = files.length - refused;
  const where = options.check ? '' : ` in ${target}`;
  say(`${done} of ${files.length} ${options.check ? 'can be templates' : 'are templates'}${where}.`);
  return refused === 0 ? 0 : 1;
}

function filesOf(place: string): string[] {
  if (!statSync(place).isDirectory()) return [place];
  return readdirSync(place)
    .filter((name) => SOURCE.test(name))
    .sort()
    .map((name) => join(place, name));
}

function put({ file, name, packages }: ImportReport, target: string, requirements: boolean): void {
  mkdirSync(target, { recursive: true });
  if (requirements && packages.length > 0) {
    // Before the template, whose environment is made of it as soon as that is seen. What is there beside the missing belongs to it.
    writeFileSync(join(target, `${name}.requirements.txt`), `${packages.join('\n')}\n`);
  }
  const own = file.replace(/\.\w+$/, '.requirements.txt');
  if (readdirSync(resolve(file, '..')).includes(basename(own)))
    copyFileSync(own, join(target, basename(own)));
  copyFileSync(file, join(target, basename(file)));
}

function print({ file, name, refused, notes, packages }: ImportReport, options: ImportArguments): void {
  say(
    `${basename(file)}: ${refused.length > 0 ? 'not a template' : options.check ? 'can be a template' : `template ${name}`}`,
  );
  for (const why of refused) say(`  cannot: ${why}`);
  for (const note of notes) say(`  ${note}`);
  if (packages.length > 0 && !options.requirements) {
    say(
      `  its packages belong into ${name}.requirements.txt: ${packages.join(', ')} (--requirements writes them)`,
    );
  }
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

process.exitCode = await importTemplates(JSON.parse(process.argv[2]) as ImportArguments);
