/** The packages that a template in Python names: in a file beside it, or in its own first comment (PEP 723). */
import { createHash } from 'node:crypto';
import { readFile, readdir, stat } from 'node:fs/promises';
import { isAbsolute, join, resolve } from 'node:path';
import { KeplerError } from '../../contract/errors.ts';

export interface Requirements {
  /** Lines as pip reads them; paths are absolute. */
  readonly lines: readonly string[];
  /** Changes with what local folders and wheels hold, which no line says. */
  readonly local: string;
}

const SCRIPT = /^# \/\/\/ script\n((?:#(?: .*)?\n)+?)# \/\/\/$/m;
/** A name and a password; or in an address of the web a token alone. */
const PASSWORD = /\/\/[^/\s@${}]+:[^/\s@${}]+@|https?:\/\/[^/\s@${}]+@/;
/** Of what the host itself needs. */
const ALWAYS = ['numpy', 'pyarrow'];

/**
 * @param text the template's source
 * @param files names of files that may hold its requirements; the first that is there counts
 * @returns undefined where it names none
 * @throws KeplerError template_invalid
 */
export async function requirementsOf(
  source: string,
  text: string,
  folder: string,
  files: readonly string[],
): Promise<Requirements | undefined> {
  const found = (await firstOf(folder, files)) ?? scriptRequirements(source, text);
  if (!found) return undefined;
  const lines: string[] = [];
  for (const [at, raw] of found.lines.entries()) {
    const line = raw.replace(/(^|\s)#.*$/, '').trim();
    if (line === '') continue;
    if (PASSWORD.test(line)) {
      throw new KeplerError(
        'template_invalid',
        `The template ${source} was not published: line ${at + 1} of ${found.file} holds a password or token. Take it out, and hand it to the runtime: KEPLER_PIP_INDEX_URL_FILE for an index, or a variable KEPLER_PIP_… that the line names as \${KEPLER_PIP_…}.`,
      );
    }
    lines.push(withFullPath(line, folder));
  }
  const tables = /^tables\s*=\s*['"](\w+)['"]/m.exec(text)?.[1] ?? 'pandas';
  for (const name of [...ALWAYS, ...(tables === 'arrow' ? [] : [tables])]) {
    if (!lines.some((line) => nameOf(line) === name)) lines.push(name);
  }
  return { lines, local: await digestOf(lines) };
}

/** `scikit-learn` of `scikit-learn[x]>=1.3 ; …`; undefined of a path or an address. */
export function nameOf(line: string): string | undefined {
  return /^([A-Za-z0-9][\w.-]*)\s*(?:$|[[<>=!~;@ ])/
    .exec(line)?.[1]
    .toLowerCase()
    .replace(/[-_.]+/g, '-');
}

interface Found {
  readonly file: string;
  readonly lines: readonly string[];
}

async function firstOf(folder: string, files: readonly string[]): Promise<Found | undefined> {
  for (const file of files) {
    try {
      return { file, lines: (await readFile(join(folder, file), 'utf8')).split('\n') };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
  return undefined;
}

function scriptRequirements(source: string, text: string): Found | undefined {
  const block = SCRIPT.exec(text)?.[1];
  if (block === undefined) return undefined;
  const toml = block.replace(/^# ?/gm, '');
  const list = /^dependencies\s*=\s*\[([\s\S]*?)\]/m.exec(toml)?.[1];
  if (list === undefined) return undefined;
  return { file: source, lines: [...list.matchAll(/"([^"]*)"|'([^']*)'/g)].map(([, a, b]) => a ?? b) };
}

/** `./mine`, `../x.whl`, `-e ./mine` and `--find-links wheels` count from the file that names them. */
function withFullPath(line: string, folder: string): string {
  const [, option = '', rest] = /^(-e\s+|--editable[ =]|-f\s+|--find-links[ =])?(.*)$/.exec(line)!;
  const isPath = /^\.{0,2}\//.test(rest) || rest === '.' || /\.(whl|tar\.gz|zip)$/.test(rest);
  const place = isPath || (/^(-f|--find)/.test(option) && !rest.includes('://'));
  if (!place || rest.includes('://')) return line;
  // What is installed must stay as it is, so nothing is editable.
  const kept = /^(-e|--editable)/.test(option) ? '' : option;
  return `${kept}${isAbsolute(rest) ? rest : resolve(folder, rest)}`;
}

async function digestOf(lines: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  let any = false;
  for (const line of lines.filter((one) => isAbsolute(one))) {
    any = true;
    hash.update(`${line}\n`);
    for (const file of await filesIn(line))
      hash
        .update(file)
        .update('\0')
        .update(await readFile(file));
  }
  return any ? hash.digest('hex') : '';
}

async function filesIn(path: string): Promise<string[]> {
  let entry;
  try {
    entry = await stat(path);
  } catch (cause) {
    throw new KeplerError('template_invalid', `The requirements name ${path}, which is not there.`, {
      cause,
    });
  }
  if (!entry.isDirectory()) return [path];
  const all = await readdir(path, { recursive: true, withFileTypes: true });
  return all
    .filter((one) => one.isFile())
    .map((one) => join(one.parentPath ?? one.path, one.name))
    .filter((file) => !/\/(\.git|__pycache__|build|[^/]+\.egg-info)\//.test(file))
    .sort();
}
