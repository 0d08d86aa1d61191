import { join } from 'node:path';
import { build } from 'esbuild';
import { kernels } from '../bundles.ts';
import { copyPython } from '../python.ts';
import { BUNDLES } from '../targets.ts';
import { TEMPLATE_TOOLS } from './template-tools.ts';

/** Not bundled, like what templates in TypeScript need. */
export const NATIVE = 'onnxruntime-node';

const RUNTIME = 'dist/runtime/';
const SDK = `${RUNTIME}template-sdk.mjs`;
/** Packages in CommonJS load Node's own modules by `require`, which a module has not. */
const REQUIRE =
  "import { createRequire as createRequireHere } from 'node:module'; const require = createRequireHere(import.meta.url);";

/**
 * The programs of an image, each with all its packages in one file: reading hundreds of small files is a third of the time
 * that the runtime takes to start.
 */
export async function bundlePrograms(app: string): Promise<void> {
  copyPython(join(app, RUNTIME));
  const runtime = BUNDLES.filter(({ outfile }) => outfile.startsWith(RUNTIME));
  const programs = [
    ...runtime.map(({ entry, outfile }) => ({ entry, outfile })),
    { entry: 'build/image/health.ts', outfile: 'health.mjs' },
    { entry: 'build/image/check.ts', outfile: 'check.mjs' },
  ];
  await Promise.all(
    programs.map(({ entry, outfile }) =>
      build({
        entryPoints: [entry],
        outfile: join(app, outfile),
        bundle: true,
        platform: 'node',
        target: 'node20',
        format: 'esm',
        legalComments: 'none',
        external: [NATIVE, ...TEMPLATE_TOOLS],
        loader: { '.wasm': 'binary' },
        plugins: [kernels],
        // Module kepler becomes part of each template, which is CommonJS itself.
        ...(outfile !== SDK && { banner: { js: REQUIRE } }),
        logLevel: 'error',
      }),
    ),
  );
}
