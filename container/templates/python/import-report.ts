/** What of somebody's notebook or module would not work as a template here, read from its source: nothing of it is run. */
import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { KeplerError } from '../../contract/errors.ts';
import { TEMPLATE_NAME } from '../store.ts';
import { findInterpreter } from './interpreter.ts';
import { notebookModule } from './notebook.ts';
import type { NotebookModule } from './notebook.ts';

export interface ImportReport {
  readonly file: string;
  readonly name: string;
  /** Why it is no template; empty where it is one. */
  readonly refused: readonly string[];
  /** What will not work, or works in another way, each with where it stands. */
  readonly notes: readonly string[];
  /** Where some are missing: all packages that it needs, as pip calls them, for an environment of its own. */
  readonly packages: readonly string[];
  readonly convention: 'kepler' | 'dsdl';
}

interface Finding {
  readonly line: number;
}

interface Told {
  readonly syntax?: { readonly line: number; readonly message: string };
  readonly functions: readonly string[];
  readonly imports: readonly (Finding & {
    readonly name: string;
    readonly missing: boolean;
    readonly standard: boolean;
  })[];
  readonly network: readonly (Finding & { readonly what: string })[];
  readonly processes: readonly (Finding & { readonly what: string })[];
  readonly paths: readonly (Finding & { readonly path: string })[];
  readonly own: boolean;
}

/** Modules whose package has another name. */
const PACKAGES: Readonly<Record<string, string>> = {
  sklearn: 'scikit-learn',
  cv2: 'opencv-python',
  PIL: 'pillow',
  yaml: 'pyyaml',
  umap: 'umap-learn',
  splunklib: 'splunk-sdk',
  prophet: 'prophet',
  llama_index: 'llama-index',
  tensorflow: 'tensorflow',
};
/** Modules of DSDL's own container, which no index has. */
const OF_DSDL = /^(app\.model|dsdlsupport)/;

/**
 * @param host folder of the package `kepler_host`
 * @param command the interpreter that it is to run in
 */
export async function reportOn(
  file: string,
  text: string,
  host: string,
  command: string,
): Promise<ImportReport> {
  const source = basename(file);
  const name = source.replace(/\.\w+$/, '');
  const refused: string[] = [];
  const notes: string[] = [];
  if (!TEMPLATE_NAME.test(name)) {
    refused.push(
      `its name "${name}" cannot be typed behind fit: use letters, digits and underscores, and begin with a letter`,
    );
  }
  let module: NotebookModule = { text, cells: [], left: { cells: 0, magics: [] } };
  if (source.endsWith('.ipynb')) {
    try {
      module = notebookModule(source, text);
    } catch (error) {
      if (!(error instanceof KeplerError)) throw error;
      refused.push(error.message.replace(/^The template .* was not published: /, ''));
      return { file, name, refused, notes, packages: [], convention: 'dsdl' };
    }
  }
  const at = (line: number) => placeOf(line, module);
  const told = await ask(module.text, await modulesBeside(file), host, command);
  if (told.syntax) refused.push(`${at(told.syntax.line)}: ${told.syntax.message}`);
  else {
    for (const one of ['fit', 'apply']) {
      if (!told.functions.includes(one)) refused.push(`it has no function ${one}`);
    }
    notes.push(...notesOf(told, at));
  }
  if (module.left.magics.length > 0)
    notes.push(`commands of IPython are left out: ${module.left.magics.join('; ')}`);
  if (module.left.cells > 0 && source.endsWith('.ipynb')) {
    notes.push(`${module.left.cells} cells without a name or tag are not part of the template`);
  }
  return { file, name, refused, notes, packages: packagesOf(told), convention: told.own ? 'kepler' : 'dsdl' };
}

function notesOf({ imports, network, processes, paths }: Told, at: (line: number) => string): string[] {
  const missing = imports.filter((one) => one.missing);
  return [
    ...missing
      .filter(({ name }) => OF_DSDL.test(name))
      .map(
        ({ line, name }) =>
          `${at(line)}: ${name} is a module of DSDL's container; put its file beside the template, in a folder of the template's name`,
      ),
    ...missing
      .filter(({ name }) => !OF_DSDL.test(name))
      .map(({ line, name }) => `${at(line)}: there is no library ${name} here`),
    ...network.map(
      ({ line, what }) =>
        `${at(line)}: uses the network (${what}); it works as far as the runtime's machine may`,
    ),
    ...processes.map(
      ({ line, what }) => `${at(line)}: starts programs or processes (${what}), which no template may`,
    ),
    ...paths.map(({ line, path }) =>
      path.startsWith('/srv')
        ? `${at(line)}: ${path} becomes a folder of the template's own`
        : `${at(line)}: ${path} cannot be reached; a template has a folder of its own`,
    ),
  ];
}

function packagesOf({ imports = [] }: Partial<Told>): string[] {
  if (!imports.some(({ name, missing }) => missing && !OF_DSDL.test(name))) return [];
  const names = imports
    .filter(({ name, standard }) => !standard && !OF_DSDL.test(name))
    .map(({ name }) => name.split('.')[0])
    .map((name) => (Object.hasOwn(PACKAGES, name) ? PACKAGES[name] : name.replaceAll('_', '-')));
  return [...new Set(names)].sort();
}

function placeOf(line: number, { cells }: NotebookModule): string {
  const cell = cells.findLast((one) => one.line <= line);
  return cell ? `cell ${cell.name}, line ${line - cell.line + 1}` : `line ${line}`;
}

/** Modules that come along, where the template lies in a folder of its name. */
async function modulesBeside(file: string): Promise<string[]> {
  const folder = dirname(file);
  if (basename(folder) !== basename(file).replace(/\.\w+$/, '')) return [];
  return (await readdir(folder)).map((one) => one.replace(/\.py$/, ''));
}

async function ask(text: string, own: readonly string[], host: string, command: string): Promise<Told> {
  const { executable } = await findInterpreter(command);
  return new Promise((resolve, reject) => {
    const child = execFile(
      executable,
      ['-I', '-X', 'utf8', join(host, 'kepler_host/report.py')],
      { timeout: 60_000, maxBuffer: 64 << 20 },
      (error, printed) => (error ? reject(error) : resolve(JSON.parse(printed) as Told)),
    );
    child.stdin?.end(JSON.stringify({ text, own }));
  });
}
