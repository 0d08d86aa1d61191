import { Command, Option } from 'commander';
import { KEPLER_VERSION } from '../container/contract/version.ts';
import type { DemoOptions } from './demo.ts';
import { demo } from './demo.ts';
import { FORMATS } from './results.ts';
import type { SearchArguments } from './search.ts';
import { search } from './search.ts';
import { start } from './start.ts';
import type { ImportArguments } from './template-import.ts';
import { importTemplates } from './template-import.ts';
import { tellable } from './tellable.ts';
import { repositoryRoot, stateFolder } from './where.ts';

const program = new Command('kepler')
  .description('Kepler without Splunk: a sandbox search head and the runtime, to try and to test')
  .version(KEPLER_VERSION);

const run = async (verb: Promise<number>) => {
  process.exitCode = await verb;
};

program
  .command('start')
  .description('keep runtime and sandbox up until Ctrl-C')
  .action(() => run(start()));

program
  .command('search')
  .description('run one search against what is up, or against a sandbox of its own')
  .argument('<SPL>', 'the search, such as: | inputlookup iris.csv | fit KMeans petal* k=3')
  .option('--lookups <DIR>', 'every DIR/x.csv is a lookup of this search')
  .option('--user <NAME>', 'who searches: admin, analyst, viewer or any other name', 'admin')
  .option('--app <APP>', 'the app that the search runs in', 'kepler')
  .addOption(new Option('--format <FORMAT>', 'how results are printed').choices(FORMATS).default('table'))
  .action((spl: string, options: SearchArguments) => run(search(spl, options)));

program
  .command('demo')
  .description('a short tour on real data')
  .option('--stay', 'keep everything up afterwards, and say where to look at it')
  .option(
    '--package [FILE]',
    'install the package first, dist/kepler-<version>.spl, and go on the tour with it',
  )
  .action((options: DemoOptions) => run(demo(options)));

program
  .command('template')
  .description('templates in Python')
  .command('import')
  .description(
    'tell what of notebooks and modules would not work as templates, and serve those that are some',
  )
  .argument('<PLACE...>', 'notebooks (.ipynb), modules (.py), or folders of them')
  .option('--check', 'only tell')
  .option('--requirements', 'write <Name>.requirements.txt with the packages that are missing')
  .option('--to <DIR>', 'the folder of templates')
  .action((places: string[], options: ImportArguments) => run(importTemplates(places, options)));

try {
  await program.parseAsync();
} catch (error) {
  const text = tellable(error, stateFolder(repositoryRoot()));
  if (text === undefined) throw error;
  console.error(text);
  process.exitCode = 1;
}
