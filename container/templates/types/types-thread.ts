/**
 * The thread that checks the types of templates: TypeScript's language service, kept warm, so that a check after the first takes
 * milliseconds. TypeScript itself is loaded here and nowhere else; where it is not installed, nothing is checked.
 */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import type * as TypeScript from 'typescript';
import type { FromTypes, ToTypes, TypeProblem, TypesData } from './messages.ts';

type Compiler = typeof TypeScript;

/** What Node.js has besides the language, loosely: reading all of its types takes longer than everything else together. */
const GLOBALS = [
  'process require module Buffer console performance fetch crypto structuredClone queueMicrotask btoa atob',
  'setTimeout setInterval setImmediate clearTimeout clearInterval clearImmediate',
  'URL URLSearchParams TextEncoder TextDecoder AbortController AbortSignal Blob WebAssembly',
]
  .join(' ')
  .split(' ')
  .map((name) => `declare const ${name}: any;`)
  .join('\n');

/** Untyped packages may be imported; that a package is missing the bundler says. */
const LEFT_OUT = new Set([7016, 2307]);

const { sdk } = workerData as TypesData;
const service = load();

async function load(): Promise<((file: string, text: string) => TypeProblem[]) | undefined> {
  if (!existsSync(sdk)) return undefined;
  let compiler: Compiler;
  try {
    compiler = ((await import('typescript')) as { default: Compiler }).default;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_MODULE_NOT_FOUND') return undefined;
    throw error;
  }
  const check = checkerOf(compiler);
  // What every template needs is read ahead.
  check(join(dirname(sdk), 'warm.ts'), "import { defineTemplate } from 'kepler';\nvoid defineTemplate;\n");
  return check;
}

function checkerOf(ts: Compiler): (file: string, text: string) => TypeProblem[] {
  const root = resolve(dirname(sdk), '../..');
  const options: TypeScript.CompilerOptions = {
    target: ts.ScriptTarget.ES2023,
    lib: ['lib.es2023.d.ts'],
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    allowImportingTsExtensions: true,
    resolveJsonModule: true,
    esModuleInterop: true,
    skipLibCheck: true,
    noEmit: true,
    strict: true,
    // Plain JavaScript habits are no mistakes.
    noImplicitAny: false,
    types: [],
    paths: { kepler: [sdk] },
  };
  const globals = join(root, 'template-globals.d.ts');
  let current = { file: '', text: '' };
  let edits = 0;
  const host: TypeScript.LanguageServiceHost = {
    getCompilationSettings: () => options,
    getScriptFileNames: () => [globals, current.file],
    getScriptVersion: (file) => (file === current.file ? `edit ${edits}` : stampOf(file)),
    getScriptSnapshot: (file) => {
      if (file === current.file) return ts.ScriptSnapshot.fromString(current.text);
      if (file === globals) return ts.ScriptSnapshot.fromString(GLOBALS);
      return existsSync(file) ? ts.ScriptSnapshot.fromString(readFileSync(file, 'utf8')) : undefined;
    },
    getCurrentDirectory: () => root,
    getDefaultLibFileName: (given) => ts.getDefaultLibFilePath(given),
    fileExists: (file) => file === current.file || ts.sys.fileExists(file),
    readFile: (file) => (file === current.file ? current.text : ts.sys.readFile(file)),
    directoryExists: ts.sys.directoryExists,
    getDirectories: ts.sys.getDirectories,
    realpath: ts.sys.realpath,
    // The packages behind module kepler are not what a template sees.
    resolveModuleNameLiterals: (names, from, _redirected, given) =>
      names.map(({ text: name }) =>
        from.startsWith(join(root, 'container')) && !name.startsWith('.')
          ? { resolvedModule: undefined }
          : ts.resolveModuleName(name, from, given, ts.sys),
      ),
  };
  const language = ts.createLanguageService(host, ts.createDocumentRegistry());
  return (file, text) => {
    current = { file, text };
    edits++;
    return [...language.getSyntacticDiagnostics(file), ...language.getSemanticDiagnostics(file)]
      .filter(({ category, code }) => category === ts.DiagnosticCategory.Error && !LEFT_OUT.has(code))
      .map((one) => problemOf(ts, one));
  };
}

/** Tells one content of a file from another. */
function stampOf(file: string): string {
  return String(statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0);
}

function problemOf(
  ts: Compiler,
  { file, start = 0, length = 1, messageText }: TypeScript.Diagnostic,
): TypeProblem {
  const message = ts.flattenDiagnosticMessageText(messageText, ' ').replace(/\s+/g, ' ');
  if (!file) return { message };
  const from = file.getLineAndCharacterOfPosition(start);
  const to = file.getLineAndCharacterOfPosition(start + length);
  return {
    message,
    line: from.line + 1,
    column: from.character + 1,
    endLine: to.line + 1,
    endColumn: to.character + 1,
  };
}

async function answer({ id, file, text }: ToTypes): Promise<FromTypes> {
  try {
    const check = await service;
    return { id, ...(check && { problems: check(file, text) }) };
  } catch (error) {
    return { id, failed: (error as Error).message };
  }
}

parentPort?.on('message', (question: ToTypes) => {
  void answer(question).then((reply) => parentPort?.postMessage(reply));
});
