import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { BUNDLED, packageFolder } from './package/notices.ts';
import type { Bundle } from './targets.ts';

/** Bundles one program. The result appears whole or not at all. */
export async function buildBundle(bundle: Bundle): Promise<string> {
  mkdirSync(dirname(bundle.outfile), { recursive: true });
  const temporary = `${bundle.outfile}.${process.pid}`;
  const { metafile } = await build({
    metafile: true,
    entryPoints: [bundle.entry],
    outfile: temporary,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: bundle.format,
    minify: bundle.minify,
    legalComments: 'none',
    packages: bundle.externalPackages ? 'external' : 'bundle',
    // In the command, which must start fast: `import()` of one of Node's modules reads all that it exports, and so loads what
    // those load in turn (30 ms for node:http); `require` does not.
    ...(bundle.format === 'cjs' && { supported: { 'dynamic-import': false } }),
    loader: { '.wasm': 'binary' },
    plugins: [kernels, apart, leftOut, ...(bundle.entry === SEARCHES ? [rowsAlone] : [])],
    logLevel: 'error',
  });
  // The app that ships carries the licences of all that is in it.
  if (bundle.outfile.startsWith('dist/app/')) noteBundled(bundle.outfile, Object.keys(metafile.inputs));
  renameSync(temporary, bundle.outfile);
  return bundle.outfile;
}

/** Kernels are imported by a name that looks like a package's: they are always bundled. */
export const kernels: Plugin = {
  name: 'kernels',
  setup: (b) =>
    b.onResolve({ filter: /^#kernels\// }, ({ path }) => ({
      path: `${process.cwd()}/dist/kernels/${path.slice(9)}`,
    })),
};

/** The packages that speak with container engines are a bundle of their own; in the command's stands what reads it at need. */
const apart: Plugin = {
  name: 'apart',
  setup: (b) =>
    b.onResolve({ filter: /\/engine-client\.ts$/ }, ({ kind, resolveDir }) =>
      kind === 'entry-point' ? undefined : { path: join(resolveDir, 'engine-client-apart.ts') },
    ),
};

const SEARCHES = 'splunk_app/src/executable.ts';

/** What only other commands need: in the bundle of searches over rows it is never reached. */
const rowsAlone: Plugin = {
  name: 'rows-alone',
  setup(b) {
    b.onResolve({ filter: /\/(kepler|keplerctl|kepler-watch)\.ts$/ }, ({ path }) => ({
      path,
      namespace: 'rows-alone',
    }));
    b.onLoad({ filter: /./, namespace: 'rows-alone' }, ({ path }) => ({
      contents: `throw new Error(${JSON.stringify(`${path} is not in this bundle`)});`,
    }));
  },
};

/**
 * What dockerode brings for ways that Kepler does not go, three megabytes of it with native parts: engines behind ssh, and
 * BuildKit's sessions (Kepler starts images on the search head, it does not build them there).
 */
const leftOut: Plugin = {
  name: 'left-out',
  setup(b) {
    b.onResolve({ filter: /^(ssh2|protobufjs|@grpc\/grpc-js|@grpc\/proto-loader)$/ }, ({ path }) => ({
      path,
      namespace: 'left-out',
    }));
    b.onLoad({ filter: /./, namespace: 'left-out' }, ({ path }) => ({
      contents: `exports.Client = function () { throw new Error(${JSON.stringify(`Kepler has no ${path}`)}); };`,
    }));
  },
};

/** Keeps which packages a bundle was made of, for the notices of the package that ships. */
export function noteBundled(name: string, files: readonly string[]): void {
  const folders = files
    .map((file) => packageFolder(relative('.', file)))
    // webpack also names the folders that it looked into, those of scopes among them.
    .filter((folder) => folder !== null && existsSync(join(folder, 'package.json')));
  mkdirSync(BUNDLED, { recursive: true });
  writeFileSync(
    join(BUNDLED, `${basename(name)}.json`),
    `${JSON.stringify([...new Set(folders)].sort(), null, 2)}\n`,
  );
}
