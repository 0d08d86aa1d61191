/**
 * Builds the workbench's page, which the runtime serves in mode dev: `dist/workbench/workbench.js` with its chunks, and the base
 * templates that a new one begins as.
 */
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join, relative } from 'node:path';
import type webpack from 'webpack';
import { packageFolder } from './package/notices.ts';
import { pagesConfiguration } from './pages-config.ts';
import { runWebpack } from './run-webpack.ts';

export const WORKBENCH = 'dist/workbench';
/** The packages that the page is made of: whatever ships it carries their licences. */
const PACKAGES = 'dist/workbench-packages.json';
const ENTRY = './ui/workbench/index.ts';
const BASES = ['ts', 'py', 'ipynb'];

function configuration(output: string): webpack.Configuration {
  const pages = pagesConfiguration(output, false);
  return {
    ...pages,
    entry: { workbench: ENTRY },
    output: { ...pages.output, chunkLoadingGlobal: 'keplerWorkbench', uniqueName: 'kepler-workbench' },
  };
}

function packagesOf(files: Iterable<string>): string[] {
  const folders = [...files].map((file) => packageFolder(relative('.', file)));
  return [...new Set(folders)]
    .filter((folder) => folder !== null && existsSync(join(folder, 'package.json')))
    .sort() as string[];
}

/** Folders of the packages that the page was made of. */
export function workbenchPackages(): string[] {
  return JSON.parse(readFileSync(PACKAGES, 'utf8')) as string[];
}

/** Returns the files made. The folder appears whole or not at all. */
export async function buildWorkbench(): Promise<string[]> {
  const temporary = `${WORKBENCH}.${process.pid}`;
  rmSync(temporary, { recursive: true, force: true });
  try {
    const { compilation } = await runWebpack(configuration(temporary));
    writeFileSync(PACKAGES, `${JSON.stringify(packagesOf(compilation.fileDependencies), null, 2)}\n`);
    const base = join(temporary, 'base');
    mkdirSync(base);
    for (const extension of BASES) {
      const source = `container/templates/base.${extension}`;
      if (existsSync(source)) cpSync(source, join(base, `base.${extension}`));
    }
    rmSync(WORKBENCH, { recursive: true, force: true });
    renameSync(temporary, WORKBENCH);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
  return readdirSync(WORKBENCH).map((file) => join(WORKBENCH, file));
}
