/** The table of images as the app brings it: lookups/kepler_images.csv, made from images.csv. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const IMAGE_TABLE_COLUMNS = ['tag', 'base', 'about', 'npm', 'pip', 'runtimes'] as const;

/** A row as it is written: lists are words with spaces between. */
export type WrittenImage = Readonly<Record<(typeof IMAGE_TABLE_COLUMNS)[number], string>>;

/** The app's table; empty where the app has none. */
export function imageTable(splunkHome: string): WrittenImage[] {
  const path = join(splunkHome, 'etc/apps/kepler/lookups/kepler_images.csv');
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, 'utf8').split(/\r?\n/).slice(1);
  return lines.filter((line) => line.trim() !== '').map((line) => writtenImage(cellsOf(line)));
}

export function writtenImage([
  tag = '',
  base = '',
  about = '',
  npm = '',
  pip = '',
  runtimes = '',
]: readonly string[]): WrittenImage {
  return { tag, base, about, npm, pip, runtimes };
}

/** The cells of one line of a table of images: `"` around a cell that holds commas, doubled inside it. */
export function cellsOf(line: string): string[] {
  const cells: string[] = [];
  for (const [, quoted, plain] of line.matchAll(/(?:"((?:[^"]|"")*)"|([^,]*))(?:,|$)/g)) {
    cells.push((quoted?.replaceAll('""', '"') ?? plain).trim());
  }
  // The pattern also matches the nothing behind the last cell.
  if (!line.endsWith(',')) cells.pop();
  return cells;
}
