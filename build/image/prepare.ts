import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { buildBundle } from '../bundles.ts';
import { BUNDLES } from '../targets.ts';
import {
  copyPackages,
  notAsLocked,
  ONNX_LIBRARIES,
  productionPackages,
  type Packed,
} from './production-packages.ts';

/** What the Dockerfile copies onto the base. */
export const TREE = 'dist/image/tree';
const RUNTIME = 'dist/runtime/';

export interface Prepared {
  readonly bytes: number;
  /** Packages that are installed in another version than the lock file's: not to be published. */
  readonly notAsLocked: readonly Packed[];
}

/**
 * Makes the tree of the runtime's image from the sources, the lock file and the installed packages: no network, the same from
 * the same. `libraries` are shared libraries that the base lacks, taken from this machine: for bases that hold Node.js alone.
 */
export async function prepareTree(libraries: readonly string[] = []): Promise<Prepared> {
  rmSync(TREE, { recursive: true, force: true });
  const app = join(TREE, 'app');
  mkdirSync(app, { recursive: true });
  // Both come as empty folders, so that volumes mounted there begin with the right owner and mode.
  mkdirSync(join(TREE, 'var/lib/kepler'), { recursive: true });
  mkdirSync(join(TREE, 'etc/kepler'), { recursive: true });

  mkdirSync(join(app, RUNTIME), { recursive: true });
  for (const bundle of BUNDLES.filter(({ outfile }) => outfile.startsWith(RUNTIME))) {
    copyFileSync(await buildBundle(bundle), join(app, bundle.outfile));
  }
  for (const name of ['health', 'check']) {
    await buildBundle({
      entry: `build/image/${name}.ts`,
      outfile: join(app, `${name}.mjs`),
      format: 'esm',
      minify: false,
      externalPackages: true,
    });
  }
  const packages = productionPackages();
  copyPackages(packages, app);
  for (const library of libraries) copyFileSync(pathOf(library), join(app, ONNX_LIBRARIES, library));
  const { version, dependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as {
    version: string;
    dependencies: Record<string, string>;
  };
  const manifest = { name: 'kepler-runtime', version, private: true, type: 'module', dependencies };
  writeFileSync(join(app, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  copyFileSync('LICENSE', join(app, 'LICENSE'));
  writeFileSync(join(app, 'sbom.cdx.json'), billOfMaterials(app));
  return { bytes: makeReadable(TREE), notAsLocked: notAsLocked(packages) };
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

/** CycloneDX, of what was really packed. Its time and number, which differ with each call, are left out. */
function billOfMaterials(app: string): string {
  const text = execFileSync('npm', ['sbom', '--sbom-format', 'cyclonedx', '--omit=dev', '--loglevel=error'], {
    cwd: app,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  const bill = JSON.parse(text) as { serialNumber?: string; metadata: { timestamp?: string } };
  delete bill.serialNumber;
  delete bill.metadata.timestamp;
  return `${JSON.stringify(bill, null, 1)}\n`;
}

/** Whatever the umask was: everybody may read, nobody but root may write. Returns the bytes of all files. */
function makeReadable(path: string): number {
  const stat = statSync(path);
  if (!stat.isDirectory()) {
    chmodSync(path, 0o644);
    return stat.size;
  }
  chmodSync(path, 0o755);
  return readdirSync(path).reduce((sum, name) => sum + makeReadable(join(path, name)), 0);
}
