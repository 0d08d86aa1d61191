/** The locks of an image's own packages: made on its first build, committed, and used from then on. */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { exists, run } from './command.ts';
import { folderOf, type ImageRow } from './table.ts';

/** Python of the images' last stage: Debian 12's. */
export const PYTHON = '3.11';
/** Programs of Python that builds use. */
export const TOOLS = resolve('.kepler/venv/images');

export interface Locks {
  /** Folder with package.json and package-lock.json; undefined where the row has no npm packages. */
  readonly npm?: string;
  /** Requirements with every version and hash; undefined where the row has no pip packages. */
  readonly pip?: string;
  /** What was made by this call. */
  readonly made: readonly string[];
}

/** Makes what is missing, and again what no longer fits the row. @param renew makes all anew: newer versions come in */
export function lockPackages(row: ImageRow, renew: boolean): Locks {
  const folder = folderOf(row.tag);
  const made: string[] = [];
  let npm: string | undefined;
  let pip: string | undefined;
  if (row.npm.length > 0) {
    npm = join(folder, 'npm');
    if (renew || !isFor(join(npm, 'package.json'), npmManifest(row))) {
      lockNpm(row, npm);
      made.push(join(npm, 'package-lock.json'));
    }
  }
  if (row.pip.length > 0) {
    pip = join(folder, 'requirements.lock');
    const wanted = `${[...row.pip].sort().join('\n')}\n`;
    const list = join(folder, 'requirements.in');
    if (renew || !existsSync(pip) || !isFor(list, wanted)) {
      mkdirSync(folder, { recursive: true });
      lockPip(wanted, pip);
      writeFileSync(list, wanted);
      made.push(pip);
    }
  }
  return { npm, pip, made };
}

const isFor = (path: string, wanted: string): boolean =>
  existsSync(path) && readFileSync(path, 'utf8') === wanted;

function npmManifest(row: ImageRow): string {
  const dependencies = Object.fromEntries(
    row.npm.map((each) => {
      const at = each.indexOf('@', 1);
      return at < 0 ? [each, '*'] : [each.slice(0, at), each.slice(at + 1)];
    }),
  );
  return `${JSON.stringify({ name: `kepler-${row.tag}`, private: true, dependencies }, null, 2)}\n`;
}

function lockNpm(row: ImageRow, folder: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), npmManifest(row));
  run('npm', ['install', '--package-lock-only', '--ignore-scripts', '--no-audit', '--no-fund'], folder);
}

/** All versions resolved together, each with the hashes of its files. */
function lockPip(wanted: string, path: string): void {
  const list = `${path}.in`;
  const aside = `${path}.new`;
  writeFileSync(list, wanted);
  const args = ['pip', 'compile', list, '--python-version', PYTHON, '--generate-hashes', '--no-header', '--no-annotate', '--quiet', '--upgrade']; // prettier-ignore
  run(pythonTool('uv'), [...args, '--python-platform', 'x86_64-manylinux_2_28', '--output-file', aside]);
  renameSync(aside, path);
  rmSync(list);
}

/** A program from PyPI, installed at first need. */
export function pythonTool(name: string): string {
  if (exists(name)) return name;
  const program = join(TOOLS, 'bin', name);
  if (existsSync(program)) return program;
  if (!existsSync(join(TOOLS, 'bin/pip'))) run('python3', ['-m', 'venv', TOOLS]);
  run(join(TOOLS, 'bin/pip'), ['install', '--quiet', '--disable-pip-version-check', name]);
  return program;
}
