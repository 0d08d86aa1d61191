/** `kepler template import`: tells what of notebooks and modules would not work as templates, and puts them where they are served. */
import { copyFileSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { reportOn } from '../container/templates/python/import-report.ts';
import type { ImportReport } from '../container/templates/python/import-report.ts';
import { repositoryRoot, stateFolder } from './where.ts';

export interface ImportArguments {
  /** Only tells. */
  readonly check?: boolean;
  /** Writes a requirements file for what is missing. */
  readonly requirements?: boolean;
  /** The folder of templates. */
  readonly to?: string;
}

const SOURCE = /^(?!__)[A-Za-z_]\w*\.(py|ipynb)$/;

/** @returns 0 where all became templates */
export async function importTemplates(places: readonly string[], options: ImportArguments): Promise<number> {
  const root = repositoryRoot();
  const target = resolve(
    options.to ?? process.env.KEPLER_TEMPLATES ?? join(stateFolder(root), 'runtime/templates-src'),
  );
  const host = join(root, 'dist/runtime/python');
  const command = process.env.KEPLER_PYTHON ?? 'python3';
  const files = places.flatMap(filesOf);
  if (files.length === 0) {
    console.error('There is no notebook (.ipynb) or module (.py) there.');
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
  console.log(`${done} of ${files.length} ${options.check ? 'can be templates' : 'are templates'}${where}.`);
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
  console.log(
    `${basename(file)}: ${refused.length > 0 ? 'not a template' : options.check ? 'can be a template' : `template ${name}`}`,
  );
  for (const why of refused) console.log(`  cannot: ${why}`);
  for (const note of notes) console.log(`  ${note}`);
  if (packages.length > 0 && !options.requirements) {
    console.log(
      `  its packages belong into ${name}.requirements.txt: ${packages.join(', ')} (--requirements writes them)`,
    );
  }
}
