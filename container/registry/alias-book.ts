/**
 * A model's aliases. The book is a folder of numbered pages, each the whole map; the highest number holds. A page is
 * written aside and linked to its number, which fails where another process was quicker: so nobody's change is lost,
 * without a lock that a crash could leave behind.
 */
import { link, mkdir, readFile, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { syncFolder, writeDurable } from './durable-files.ts';
import { errorCode, unlessMissing } from './storage-errors.ts';

export type Aliases = Readonly<Record<string, number>>;

export interface AliasBook {
  readonly aliases: Aliases;
  /** The newest page, where it cannot be read; `aliases` are then those of the page before it. */
  readonly damaged?: string;
}

const PAGE = /^(\d+)\.json$/;
/** No change of aliases takes so long that it could still be building on a page of this age. */
const SUPERSEDED_MS = 600_000;

export async function readAliases(folder: string): Promise<AliasBook> {
  let damaged: string | undefined;
  for (const page of await pageNumbers(folder)) {
    const text = await unlessMissing(readFile(pagePath(folder, page), 'utf8'), undefined);
    const aliases = text === undefined ? undefined : parse(text);
    if (aliases) return { aliases, damaged };
    damaged ??= pagePath(folder, page);
  }
  return { aliases: {}, damaged };
}

/**
 * Changes the aliases by `edit`, which answers the new map, or undefined to leave them; it may be asked several times.
 * @param draft path of a file that may be written, on the same file system
 */
export async function editAliases(
  folder: string,
  draft: string,
  edit: (aliases: Aliases) => Aliases | undefined,
): Promise<void> {
  for (;;) {
    const pages = await pageNumbers(folder);
    const { aliases } = await readAliases(folder);
    const next = edit(aliases);
    if (next === undefined) return;
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await rm(draft, { force: true });
    await writeDurable(draft, JSON.stringify({ aliases: next }));
    try {
      await link(draft, pagePath(folder, (pages[0] ?? 0) + 1));
    } catch (error) {
      if (errorCode(error) === 'EEXIST' || errorCode(error) === 'ENOENT') continue;
      throw error;
    } finally {
      await rm(draft, { force: true });
    }
    await syncFolder(folder);
    await removeSuperseded(folder, pages);
    return;
  }
}

async function removeSuperseded(folder: string, older: readonly number[]): Promise<void> {
  for (const page of older.slice(1)) {
    const path = pagePath(folder, page);
    const status = await unlessMissing(stat(path), undefined);
    if (status && Date.now() - status.mtimeMs > SUPERSEDED_MS) await rm(path, { force: true });
  }
}

function pagePath(folder: string, page: number): string {
  return join(folder, `${page}.json`);
}

/** Highest first. */
async function pageNumbers(folder: string): Promise<number[]> {
  const names = await unlessMissing(readdir(folder), []);
  return names
    .map((name) => Number(PAGE.exec(name)?.[1]))
    .filter((page) => page > 0)
    .sort((a, b) => b - a);
}

function parse(text: string): Aliases | undefined {
  try {
    const { aliases } = JSON.parse(text) as { aliases?: unknown };
    if (aliases === null || typeof aliases !== 'object') return undefined;
    if (!Object.values(aliases).every((at) => Number.isSafeInteger(at) && (at as number) > 0))
      return undefined;
    return aliases as Aliases;
  } catch {
    // Only a damaged disk can make half a page; the caller names it.
    return undefined;
  }
}
