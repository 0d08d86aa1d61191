/**
 * Builds what runs outside the sources: kernels, bundles, the executable, the app's pages and its sample lookups.
 *   tsx build/main.ts [--if-stale] [kernels] [bundles] [executable] [pages] [workbench] [lookups]
 * Without names, everything; with --if-stale only what has a source that is newer than its last build.
 */
import { existsSync, mkdirSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildBundle } from './bundles.ts';
import { buildExecutable } from './executable.ts';
import { buildKernel } from './kernels.ts';
import { buildLookups } from './lookups.ts';
import { copyPython } from './python.ts';
import { BUNDLES, EXECUTABLE, KERNELS, PAGES_SOURCES, SOURCES } from './targets.ts';

/** What is built together, because the same sources make it stale. */
interface Part {
  readonly name: string;
  readonly sources: readonly string[];
  /** Without one of these there was no build yet. */
  readonly outputs: readonly string[];
  readonly steps: Readonly<Record<string, () => string[] | Promise<string[]>>>;
}

const PARTS: readonly Part[] = [
  {
    name: 'programs',
    sources: SOURCES,
    outputs: [
      ...KERNELS.map((k) => `dist/kernels/${k.name}.wasm`),
      ...BUNDLES.map((b) => b.outfile),
      EXECUTABLE.launcherBundle,
      EXECUTABLE.launcherEngineBundle,
    ],
    steps: {
      kernels: () => KERNELS.map(buildKernel),
      bundles: async () => [...(await Promise.all(BUNDLES.map(buildBundle))), ...copyPython()],
      executable: () => [buildExecutable()],
    },
  },
  {
    name: 'app',
    sources: PAGES_SOURCES,
    outputs: [
      'splunk_app/appserver/static/pages/models.js',
      'splunk_app/lookups/penguins.csv',
      'splunk_app/lookups/kepler_images.csv',
      'dist/workbench/workbench.js',
    ],
    steps: {
      lookups: buildLookups,
      // Loaded when it is used: webpack takes half a second to start.
      pages: async () => (await import('./pages.ts')).buildPages(),
      workbench: async () => (await import('./workbench.ts')).buildWorkbench(),
    },
  },
];

const args = process.argv.slice(2);
const names = args.filter((a) => !a.startsWith('--'));
const ifStale = args.includes('--if-stale');
for (const part of PARTS) await build(part);

async function build(part: Part): Promise<void> {
  const steps = Object.entries(part.steps).filter(([name]) => names.length === 0 || names.includes(name));
  if (steps.length === 0 || (ifStale && !isStale(part))) return;
  const started = Date.now();
  const built: string[] = [];
  for (const [, step] of steps) built.push(...(await step()));
  if (names.length === 0) {
    mkdirSync('dist', { recursive: true });
    // The start of the build, so that a source that changed meanwhile makes the next one.
    writeFileSync(stamp(part), '');
    utimesSync(stamp(part), started / 1000, started / 1000);
  }
  // stderr: what `npm run --silent search` prints on stdout is the search's alone.
  console.error(`built ${built.length} files in ${((Date.now() - started) / 1000).toFixed(1)} s`);
  if (!ifStale) for (const line of built) console.error(`  ${line}`);
}

function stamp({ name }: Part): string {
  return `dist/.built-${name}`;
}

function isStale(part: Part): boolean {
  if (![stamp(part), ...part.outputs].every((path) => existsSync(path))) return true;
  return Math.max(...part.sources.map(newest)) > statSync(stamp(part)).mtimeMs;
}

function newest(path: string): number {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))), 0);
}
