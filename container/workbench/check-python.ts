/** Syntax and imports of a template in Python, asked of the Python that it would run in; nothing of the template is run. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { KeplerError } from '../contract/errors.ts';
import type { CheckReply, Problem } from '../contract/workbench.ts';
import { notebookModule } from '../templates/python/notebook.ts';
import type { PythonPublishing } from '../templates/publishing.ts';
import { hasFolder, withoutTests } from '../templates/python/python-sources.ts';
import { requirementsOf } from '../templates/python/requirements.ts';
import type { TemplateStore } from '../templates/store.ts';

const CHECK_MS = 20_000;
const MOST_BYTES = 1024 * 1024;

/**
 * Reads the source on standard input, says what is wrong with it as a JSON list. A module is looked for by its first name alone,
 * for which nothing is imported; what stands in try … except ImportError is the author's own care.
 */
const PROGRAM = `import ast, importlib.util, json, sys
own = set(json.loads(sys.argv[1]))
found = []
try:
    tree = ast.parse(sys.stdin.buffer.read().decode("utf-8"), sys.argv[2])
except SyntaxError as error:
    found.append({"severity": "error", "message": error.msg, "line": error.lineno, "column": error.offset,
        "endLine": getattr(error, "end_lineno", None), "endColumn": getattr(error, "end_offset", None)})
except ValueError as error:
    found.append({"severity": "error", "message": str(error)})
else:
    cared = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Try):
            for inner in node.body: cared.update(id(one) for one in ast.walk(inner))
    def missing(name):
        root = name.split(".")[0]
        if root in own or root in sys.builtin_module_names: return None
        try: return None if importlib.util.find_spec(root) else root
        except (ImportError, ValueError): return root
    for node in ast.walk(tree):
        if id(node) in cared: continue
        names = [one.name for one in node.names] if isinstance(node, ast.Import) else [node.module] if isinstance(node, ast.ImportFrom) and node.level == 0 and node.module else []
        for name in names:
            root = missing(name)
            if root: found.append({"severity": "error", "message": "There is no module " + root + " here.", "line": node.lineno, "column": node.col_offset + 1,
                "endLine": node.end_lineno, "endColumn": node.end_col_offset + 1})
print(json.dumps(found))
`;

/** @param file path of the source */
export async function checkPython(
  file: string,
  text: string,
  python: PythonPublishing | undefined,
  store: TemplateStore,
): Promise<CheckReply> {
  const source = basename(file);
  const name = source.replace(/\.\w+$/, '');
  if (!python) return { problems: [], checked: [], note: 'This runtime runs no templates in Python.' };
  let module: string;
  try {
    module = withoutTests(source.endsWith('.ipynb') ? notebookModule(source, text).text : text);
  } catch (error) {
    if (!(error instanceof KeplerError)) throw error;
    return { problems: [{ severity: 'error', message: error.message }], checked: ['syntax'] };
  }
  const named = await requirementsOf(source, module, dirname(file), [
    `${name}.requirements.txt`,
    ...(hasFolder(file, name) ? ['requirements.txt'] : []),
  ]);
  const built = environmentOf(python, store, name);
  const command = built ?? python.runtime.command;
  const problems = await ask(command, source, await ownModules(file, name), module);
  if (problems === undefined) {
    return {
      problems: [],
      checked: [],
      note: `There is no Python here (${command}), so nothing is checked.`,
    };
  }
  // Of a notebook, lines of the module are not lines of the file.
  const placed = source.endsWith('.ipynb')
    ? problems.map(({ severity, message }) => ({ severity, message }))
    : problems;
  const missing = /^There is no module /;
  if (named && !built) {
    return {
      problems: placed.filter(({ message }) => !missing.test(message)),
      checked: ['syntax'],
      note: 'Imports are checked once its packages are installed: publish it for that.',
    };
  }
  return {
    problems: placed.map((one) => (missing.test(one.message) ? { ...one, message: remedy(one, name) } : one)),
    checked: ['syntax', 'imports'],
  };
}

/** What a template can import besides packages: module kepler, itself, and what lies beside it in a folder of its own. */
async function ownModules(file: string, name: string): Promise<string[]> {
  const beside = hasFolder(file, name) ? await readdir(dirname(file)) : [];
  return ['kepler', name, ...beside.map((entry) => entry.replace(/\.py$/, ''))];
}

function remedy({ message }: Problem, name: string): string {
  return `${message} Name its package in ${name}.requirements.txt beside the template.`;
}

/** The interpreter of the version that is served, where that has packages of its own. */
function environmentOf(
  { runtime }: PythonPublishing,
  store: TemplateStore,
  name: string,
): string | undefined {
  const environment = store.current(name)?.environment;
  if (environment === undefined) return undefined;
  const executable = join(runtime.environments, environment, 'bin', 'python');
  return existsSync(executable) ? executable : undefined;
}

/** Undefined where there is no such interpreter. */
function ask(
  command: string,
  source: string,
  own: readonly string[],
  text: string,
): Promise<readonly Problem[] | undefined> {
  return new Promise((resolve, reject) => {
    const child = execFile(
      command,
      ['-I', '-c', PROGRAM, JSON.stringify(own), source],
      { timeout: CHECK_MS, maxBuffer: MOST_BYTES, encoding: 'utf8', env: { PATH: process.env.PATH } },
      (error, printed) => {
        if ((error as NodeJS.ErrnoException | null)?.code === 'ENOENT') return resolve(undefined);
        if (error)
          return reject(new KeplerError('internal', `The source could not be checked: ${error.message}`));
        resolve((JSON.parse(printed) as Problem[]).map(withoutNulls));
      },
    );
    child.stdin?.on('error', () => undefined).end(text);
  });
}

function withoutNulls(problem: Problem): Problem {
  return Object.fromEntries(
    Object.entries(problem).filter(([, value]) => value !== null),
  ) as unknown as Problem;
}
