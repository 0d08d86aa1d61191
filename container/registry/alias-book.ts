/**
 * A model's aliases, and which versions each pointed at before. The book is a folder of numbered pages, each the whole;
 * the highest number holds. A page is written aside and linked to its number, which fails where another process was quicker: so nobody's change is lost,
 * without a lock that a crash could leave behind.
 */
import { link, mkdir, readFile, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { syncFolder, writeDurable } from './durable-files.ts';
import { CHAMPION } from './names.ts';
import { errorCode, unlessMissing } from './storage-errors.ts';

export type Aliases = Readonly<Record<string, number>>;

/** Versions that an alias pointed at before, the last one first. */
export type AliasHistory = Readonly<Record<string, readonly number[]>>;

export interface AliasPage {
  readonly aliases: Aliases;
  readonly history: AliasHistory;
}

export interface AliasBook extends AliasPage {
  /** The newest page, where it cannot be read; `aliases` are then those of the page before it. */
  readonly damaged?: string;
}

const PAGE = /^(\d+)\.json$/;
/** Earlier versions of an alias that are remembered. */
const MOST_HISTORY = 50;
/** No change of aliases takes so long that it could still be building on a page of this age. */
const SUPERSEDED_MS = 600_000;

/** The version that a rollback makes the champion again: the last one that was it before and is still there. */
export function championBefore({ aliases, history }: AliasPage, live: readonly number[]): number | undefined {
  return history[CHAMPION]?.find((version) => version !== aliases[CHAMPION] && live.includes(version));
}

export async function readAliases(folder: string): Promise<AliasBook> {
  let damaged: string | undefined;
  for (const page of await pageNumbers(folder)) {
    const text = await unlessMissing(readFile(pagePath(folder, page), 'utf8'), undefined);
    const read = text === undefined ? undefined : parse(text);
    if (read) return { ...read, damaged };
    damaged ??= pagePath(folder, page);
  }
  return { aliases: {}, history: {}, damaged };
}

/**
 * Changes the book by `edit`, which answers the new page, or undefined to leave it; it may be asked several times.
 * @param draft path of a file that may be written, on the same file system
 */
export async function editAliases(
  folder: string,
  draft: string,
  edit: (now: AliasPage) => AliasPage | undefined,
): Promise<void> {
  for (;;) {
    const pages = await pageNumbers(folder);
    const next = edit(await readAliases(folder));
    if (next === undefined) return;
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await rm(draft, { force: true });
    await writeDurable(draft, JSON.stringify({ aliases: next.aliases, history: next.history }));
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

/** The page on which aliases point elsewhere (undefined: nowhere any more), and which remembers where they pointed. */
export function pointing(now: AliasPage, moves: Readonly<Record<string, number | undefined>>): AliasPage {
  const aliases = new Map(Object.entries(now.aliases));
  const history = new Map(Object.entries(now.history));
  for (const [name, version] of Object.entries(moves)) {
    const before = aliases.get(name);
    if (version === undefined) aliases.delete(name);
    else aliases.set(name, version);
    if (before === undefined || before === version) continue;
    history.set(name, [before, ...(history.get(name) ?? [])].slice(0, MOST_HISTORY));
  }
  return { aliases: Object.fromEntries(aliases), history: Object.fromEntries(history) };
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

function parse(text: string): AliasPage | undefined {
  try {
    const { aliases, history = {} } = JSON.parse(text) as { aliases?: unknown; history?: unknown };
    if (
      !isMap(aliases, isVersion) ||
      !isMap(history, (list) => Array.isArray(list) && list.every(isVersion))
    ) {
      return undefined;
    }
    return { aliases, history } as AliasPage;
  } catch {
    // Only a damaged disk can make half a page; the caller names it.
    return undefined;
  }
}

function isMap(value: unknown, holds: (item: unknown) => boolean): boolean {
  return value !== null && typeof value === 'object' && Object.values(value).every(holds);
}

function isVersion(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) > 0;
}
