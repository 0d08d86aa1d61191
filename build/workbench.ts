/**
 * Builds the workbench's page, which the runtime serves in mode dev: `dist/workbench/workbench.js` with its chunks, and the base
 * templates that a new one begins as.
 */
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type webpack from 'webpack';
import { pagesConfiguration } from './pages-config.ts';
import { runWebpack } from './run-webpack.ts';

export const WORKBENCH = 'dist/workbench';
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

/** Returns the files made. The folder appears whole or not at all. */
export async function buildWorkbench(): Promise<string[]> {
  const temporary = `${WORKBENCH}.${process.pid}`;
  rmSync(temporary, { recursive: true, force: true });
  try {
    await runWebpack(configuration(temporary));
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

/** Gzip bytes of all JavaScript of the page, Spanish among it. */
export function workbenchSize(): number {
  return readdirSync(WORKBENCH)
    .filter((file) => file.endsWith('.js'))
    .reduce((sum, file) => sum + gzipSync(readFileSync(join(WORKBENCH, file))).length, 0);
}
