import { mkdirSync, renameSync } from 'node:fs';
import { dirname } from 'node:path';
import { build } from 'esbuild';
import type { Bundle } from './targets.ts';

/** Bundles one program. The result appears whole or not at all. */
export async function buildBundle(bundle: Bundle): Promise<string> {
  mkdirSync(dirname(bundle.outfile), { recursive: true });
  const temporary = `${bundle.outfile}.${process.pid}`;
  await build({
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
    // Kernels are imported by a name that looks like a package's: they are always bundled.
    plugins: [
      {
        name: 'kernels',
        setup: (b) =>
          b.onResolve({ filter: /^#kernels\// }, ({ path }) => ({
            path: `${process.cwd()}/dist/kernels/${path.slice(9)}`,
          })),
      },
    ],
    logLevel: 'error',
  });
  renameSync(temporary, bundle.outfile);
  return bundle.outfile;
}
