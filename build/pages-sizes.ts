/** What of JavaScript each view loads, in bytes as they travel. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Stats } from 'webpack';
import { PAGES } from './pages-config.ts';

/** Gzip bytes of JavaScript: what a view loads, file by file, without what it loads only on demand. */
export type PageSizes = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** What each view loads at once: its stub and the chunks that the stub asks for, not those asked for later. */
export function sizesOf(stats: Stats): PageSizes {
  const sizes: Record<string, Record<string, number>> = {};
  for (const [view, entry] of stats.compilation.entrypoints) {
    const files = new Set<string>(entry.getFiles());
    for (const group of entry.childrenIterable) for (const file of group.getFiles()) files.add(file);
    sizes[view] = Object.fromEntries(
      [...files]
        .filter((file) => file.endsWith('.js'))
        .sort()
        .map((file) => [file, gzipSync(readFileSync(join(PAGES.output, file))).length]),
    );
  }
  return sizes;
}

export interface SizeRow {
  readonly view: string;
  /** Gzip bytes of this view alone, with an empty cache. */
  readonly first: number;
  /** Gzip bytes that it adds after the home page. */
  readonly afterHome: number;
}

/** The sizes of the last build, each view by itself and after the home page `models`. */
export function pageSizes(home = 'models'): SizeRow[] {
  const sizes = JSON.parse(readFileSync(PAGES.sizes, 'utf8')) as PageSizes;
  const sum = (files: readonly [string, number][]): number => files.reduce((all, [, n]) => all + n, 0);
  return Object.entries(sizes).map(([view, files]) => ({
    view,
    first: sum(Object.entries(files)),
    afterHome: sum(Object.entries(files).filter(([file]) => !(file in (sizes[home] ?? {})))),
  }));
}
