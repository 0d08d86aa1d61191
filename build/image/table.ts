/** The table of images, images.csv: a row is one image that `npm run image -- <tag>` builds. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { didYouMean } from '../../container/contract/did-you-mean.ts';
import { cellsOf, writtenImage } from '../../splunk_app/src/bridge/containers/image-table.ts';

export interface ImageRow {
  readonly tag: string;
  /** What the last stage begins with. */
  readonly base: string;
  readonly about: string;
  /** Packages to add, as npm and pip write them: `name`, `name@^2`, `name>=2`. */
  readonly npm: readonly string[];
  readonly pip: readonly string[];
  /** `cpu`, `gpu`, `python`. */
  readonly runtimes: readonly string[];
}

export const TABLE = 'images.csv';
/** Where an image's lists and locks lie. */
export const folderOf = (tag: string): string => join('images', tag);

const TAG = /^[a-z0-9][a-z0-9._-]{0,62}$/;
/** A version, or a range, or nothing behind the name; no option and no path gets through to npm or pip. */
const PACKAGE = /^(@[a-z0-9._~-]+\/)?[A-Za-z0-9][\w.-]*(\[[\w,-]+\])?([@=<>!~^][\w.^~<>=!*+,-]*)?$/;

/** @throws Error naming every row and cell that is wrong */
export function readTable(path = TABLE): ImageRow[] {
  const lines = readFileSync(path, 'utf8').split(/\r?\n/);
  const problems: string[] = [];
  const rows: ImageRow[] = [];
  for (const [index, line] of lines.entries()) {
    if (index === 0 || line.trim() === '' || line.startsWith('#')) continue;
    const cells = cellsOf(line);
    const row = isFromDsdl(cells) ? dsdlRow(cells, problems) : ownRow(cells);
    const complain = (what: string): void => void problems.push(`${path}, line ${index + 1}: ${what}.`);
    if (!row) {
      complain(
        '6 cells are wanted (tag, base, about, npm, pip, runtimes), or the 8 of a DSDL tag_mapping.csv',
      );
      continue;
    }
    if (!TAG.test(row.tag)) complain(`"${row.tag}" cannot be a tag`);
    if (rows.some(({ tag }) => tag === row.tag)) complain(`the tag ${row.tag} stands twice`);
    if (row.base === '') complain('the base is missing');
    for (const name of [...row.npm, ...row.pip]) if (!PACKAGE.test(name)) complain(`"${name}" is no package`);
    if (row.pip.length > 0 && !row.runtimes.includes('python'))
      complain('pip packages need the runtime python');
    rows.push(row);
  }
  if (problems.length > 0) throw new Error(problems.join('\n'));
  return rows;
}

/** @throws Error with the tag that may have been meant, and the list of all */
export function findRow(tag: string, rows: readonly ImageRow[]): ImageRow {
  const row = rows.find((each) => each.tag === tag);
  if (row) return row;
  const tags = rows.map((each) => each.tag);
  const meant = didYouMean(tag, tags);
  throw new Error(
    `${TABLE} has no row ${tag}${meant ? ` (did you mean ${meant}?)` : ''}; there are: ${tags.join(', ')}`,
  );
}

const words = (cell: string): string[] => cell.split(/[\s;]+/).filter((word) => word !== '');

function ownRow(cells: readonly string[]): ImageRow | undefined {
  if (cells.length !== 6) return undefined;
  const { tag, base, about, npm, pip, runtimes } = writtenImage(cells);
  return { tag, base, about, npm: words(npm), pip: words(pip), runtimes: words(runtimes) };
}

/** `tag,base_image,dockerfile,base_requirements,specific_requirements,runtime,requirements_dockerfile,stanza_name` */
const isFromDsdl = (cells: readonly string[]): boolean => cells.length >= 7 && /dockerfile/i.test(cells[2]);

/** Its requirements are files: copied from DSDL's `requirements_files` to images/<tag>/. */
function dsdlRow(cells: readonly string[], problems: string[]): ImageRow {
  const [tag, base, , common, specific, runtime, , about = tag] = cells;
  const pip = [common, specific].flatMap((name) => {
    const path = join(folderOf(tag), name);
    if (existsSync(path)) return requirementsIn(readFileSync(path, 'utf8'));
    problems.push(
      `The row ${tag} comes from DSDL's tag_mapping.csv and names ${name}: copy that file from its requirements_files to ${path}.`,
    );
    return [];
  });
  const runtimes = [/nvidia/.test(runtime) ? 'gpu' : 'cpu', 'python'];
  return { tag, base, about, npm: [], pip, runtimes };
}

/** The packages of a requirements file; comments, options and conditions are left out. */
function requirementsIn(text: string): string[] {
  return text
    .split(/\r?\n/)
    .map((line) =>
      line
        .replace(/(^|\s)#.*$/, '')
        .replace(/;.*$/, '')
        .replace(/\s+/g, ''),
    )
    .filter((line) => line !== '' && !line.startsWith('-'));
}
