import { cpSync, existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join, sep } from 'node:path';

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

export interface Packed {
  readonly name: string;
  readonly version: string;
  /** `node_modules/…` */
  readonly path: string;
}

/** What of a package nobody runs: types, sources, maps, pictures of the manual. Licences stay. */
const LEFT_OUT =
  /\.(map|md|markdown|[cm]?ts|tsbuildinfo|flow|html|png|svg)$|^\.(github|travis\.yml|npmignore|eslintrc.*)$/;
/** onnxruntime-node brings its library for every platform. */
const ONNX_FOLDER = join('onnxruntime-node', 'bin', 'napi-v6');
/** Where ONNX Runtime looks for libraries first: beside its own. */
export const ONNX_LIBRARIES = join('node_modules', ONNX_FOLDER, 'linux', 'x64');

/** What the runtime in an image depends on; TypeScript checks the types of templates there. */
export const OWN_DEPENDENCIES: Readonly<Record<string, string>> = {
  ...manifest('.').dependencies,
  typescript: manifest('node_modules/typescript').version,
};

/**
 * The installed packages that some dependencies lead to, found as Node.js finds them.
 * @throws Error where one is not installed
 */
export function productionPackages(names: readonly string[]): Packed[] {
  const found = new Map<string, Packed>();
  const visit = (name: string, from: string): void => {
    const path = locate(name, from);
    if (found.has(path)) return;
    const { version, dependencies = {} } = manifest(path);
    found.set(path, { name, version, path });
    for (const dependency of Object.keys(dependencies)) visit(dependency, path);
  };
  for (const name of names) visit(name, '.');
  return [...found.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** The nearest `node_modules/<name>`, from the folder of who asks upwards. */
function locate(name: string, from: string): string {
  for (let folder = from; ; folder = dirname(folder)) {
    const path = join(folder, 'node_modules', name);
    if (basename(folder) !== 'node_modules' && existsSync(join(path, 'package.json'))) return path;
    if (folder === '.') throw new Error(`${name}, which ${from} needs, is not installed: run npm ci first`);
  }
}

function manifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
}

/** Those whose version is not one of the lock file's: what is made of them must not be published. */
export function notAsLocked(packages: readonly Packed[]): Packed[] {
  const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
    packages: Record<string, { version?: string }>;
  };
  const locked = new Set(
    Object.entries(lock.packages).map(
      ([path, { version }]) => `${path.split('node_modules/').pop()}@${version}`,
    ),
  );
  return packages.filter(({ name, version }) => !locked.has(`${name}@${version}`));
}

/** Copies packages without what nobody runs and without libraries for other platforms than linux/x64. */
export function copyPackages(packages: readonly Packed[], into: string): void {
  for (const { path } of packages) {
    cpSync(path, join(into, path), {
      recursive: true,
      filter: (source) => source === path || wanted(source.slice(path.length + 1), path),
    });
  }
}

function wanted(inside: string, path: string): boolean {
  // Packages inside a package are copied by themselves, if they are needed at all.
  if (inside === 'node_modules') return false;
  const at = join(path, inside);
  const onnx = at.indexOf(ONNX_FOLDER + sep);
  if (onnx >= 0) {
    const [system, processor] = at.slice(onnx + ONNX_FOLDER.length + 1).split(sep);
    if (system !== 'linux' || (processor !== undefined && processor !== 'x64')) return false;
  }
  return !LEFT_OUT.test(basename(inside)) || /licen[cs]e|notice/i.test(basename(inside));
}
