/** A template in Python as what its process loads: its modules, its tests taken out, and the environment that they run in. */
import { readFile, readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { KeplerError } from '../../contract/errors.ts';
import type { PublishOptions, Sources } from '../publishing.ts';
import { findInterpreter } from './interpreter.ts';
import { launchPython } from './launch-python.ts';
import { notebookModule } from './notebook.ts';
import { requirementsOf } from './requirements.ts';

/** @throws KeplerError template_invalid */
export async function pythonSources(file: string, text: string, options: PublishOptions): Promise<Sources> {
  const source = basename(file);
  const name = source.replace(/\.\w+$/, '');
  if (!options.python) {
    throw new KeplerError(
      'template_invalid',
      `The template ${source} was not published: this runtime runs no templates in Python.`,
    );
  }
  const { runtime, environments } = options.python;
  const { modules, cells } = await modulesOf(file, source, name, text);
  const [main] = Object.values(modules);
  const requirements = await requirementsOf(source, main, dirname(file), [
    `${name}.requirements.txt`,
    ...(hasFolder(file, name) ? ['requirements.txt'] : []),
  ]);
  const environment = requirements && (await environments.ensure(name, requirements));
  const command = environment?.executable ?? runtime.command;
  // Here, and not while the process is started, which the event loop would wait for.
  await findInterpreter(command);
  return {
    language: 'python',
    source,
    entry: Buffer.from(JSON.stringify({ name, source, modules, cells })),
    files: { [source]: text, ...(environment && { 'requirements.lock': environment.lock }) },
    ...(environment && { environment: environment.hash }),
    warm: {
      key: `${name} ${command}`,
      body: Buffer.from(JSON.stringify({ texts: Object.values(modules), own: Object.keys(modules) })),
    },
    launch: (scratch) => launchPython(runtime, command, scratch, options.limits),
  };
}

/** Whether the template lies in a folder of its own, with modules and requirements beside it. */
export function hasFolder(file: string, name: string): boolean {
  return basename(dirname(file)) === name;
}

/** Modules by file name; the template's own is the first. */
async function modulesOf(
  file: string,
  source: string,
  name: string,
  text: string,
): Promise<{ modules: Record<string, string>; cells: readonly object[] }> {
  const { text: main, cells } = source.endsWith('.ipynb')
    ? notebookModule(source, text)
    : { text, cells: [] };
  const modules: Record<string, string> = { [`${name}.py`]: withoutTests(main) };
  if (hasFolder(file, name)) {
    const folder = dirname(file);
    for (const entry of (await readdir(folder, { recursive: true })).sort()) {
      if (!entry.endsWith('.py') || entry in modules || /(^|\/)[._]?(venv|test_|\.)/.test(entry)) continue;
      modules[entry] = withoutTests(await readFile(join(folder, entry), 'utf8'));
    }
  }
  return { modules, cells };
}

/** A block between the comments `# test` and `# end test` is the author's own: never published. Lines keep their numbers. */
export function withoutTests(text: string): string {
  return text.replace(/^[ \t]*# test\b[^\n]*\n[\s\S]*?^[ \t]*# end test\b[^\n]*$/gm, (block) =>
    block.replace(/[^\n]/g, ''),
  );
}
