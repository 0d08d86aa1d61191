/**
 * What templates in TypeScript need in the image besides the runtime: what bundles them, what checks their types, and module
 * `kepler` as they see it. With it the workbench, and a folder that is watched, work in the image as they do elsewhere.
 */
import { copyFileSync, cpSync, mkdirSync, readdirSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import ts from 'typescript';

/** Not bundled into the runtime: a program of its own, and what is loaded only where a template is checked. */
export const TEMPLATE_TOOLS = ['esbuild', '@esbuild/linux-x64', 'typescript'] as const;
const SDK = 'container/templates/sdk.ts';
/** The language's own types, as the checker of types asks for them. */
const LIBRARY = /^lib\.(es5|es20\d\d.*|decorators.*)\.d\.ts$/;

export function copyTemplateTools(app: string): void {
  const modules = join(app, 'node_modules');
  // Without `bin`, which is the program of `@esbuild/linux-x64` once more.
  for (const file of ['lib/main.js', 'package.json', 'LICENSE.md']) copy('esbuild', file, modules);
  cpSync('node_modules/@esbuild/linux-x64', join(modules, '@esbuild/linux-x64'), { recursive: true });
  for (const file of ['lib/typescript.js', 'package.json', 'LICENSE.txt', 'ThirdPartyNoticeText.txt'])
    copy('typescript', file, modules);
  for (const file of readdirSync('node_modules/typescript/lib').filter((name) => LIBRARY.test(name)))
    copy('typescript', join('lib', file), modules);
  for (const file of seenThrough(SDK)) copyInto(file, join(app, file));
}

/** The sources that module `kepler` is made of, types too. */
function seenThrough(entry: string): string[] {
  const program = ts.createProgram([entry], {
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    allowImportingTsExtensions: true,
    noEmit: true,
    noLib: true,
    types: [],
  });
  const own = resolve('container');
  return program
    .getSourceFiles()
    .map(({ fileName }) => resolve(fileName))
    .filter((path) => path.startsWith(`${own}/`))
    .map((path) => relative('.', path));
}

function copy(name: string, file: string, modules: string): void {
  copyInto(join('node_modules', name, file), join(modules, name, file));
}

function copyInto(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  copyFileSync(from, to);
}
