/**
 * Builds what runs outside the sources: kernels, bundles, the executable.
 *   tsx build/main.ts [--if-stale] [kernels] [bundles] [executable]
 * Without names, everything; with --if-stale only where a source is newer than the last build.
 */
import { existsSync, mkdirSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildBundle } from './bundles.ts';
import { buildExecutable } from './executable.ts';
import { buildKernel } from './kernels.ts';
import { BUNDLES, EXECUTABLE, KERNELS, SOURCES } from './targets.ts';

const STAMP = 'dist/.built';

function newest(path: string): number {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))), 0);
}

function isStale(): boolean {
  const outputs = [
    STAMP,
    ...KERNELS.map((k) => `dist/kernels/${k.name}.wasm`),
    ...BUNDLES.map((b) => b.outfile),
    EXECUTABLE.launcherBundle,
  ];
  if (!outputs.every((path) => existsSync(path))) return true;
  return Math.max(...SOURCES.map(newest)) > statSync(STAMP).mtimeMs;
}

const args = process.argv.slice(2);
const names = args.filter((a) => !a.startsWith('--'));
const wants = (name: string) => names.length === 0 || names.includes(name);

if (!args.includes('--if-stale') || isStale()) {
  const started = Date.now();
  const built: string[] = [];
  if (wants('kernels')) for (const kernel of KERNELS) built.push(buildKernel(kernel));
  if (wants('bundles')) built.push(...(await Promise.all(BUNDLES.map(buildBundle))));
  if (wants('executable')) built.push(buildExecutable());
  if (names.length === 0) {
    mkdirSync('dist', { recursive: true });
    // The start of the build, so that a source that changed meanwhile makes the next one.
    writeFileSync(STAMP, '');
    utimesSync(STAMP, started / 1000, started / 1000);
  }
  // stderr: what `npm run --silent search` prints on stdout is the search's alone.
  console.error(`built ${built.length} files in ${((Date.now() - started) / 1000).toFixed(1)} s`);
  if (!args.includes('--if-stale')) for (const line of built) console.error(`  ${line}`);
}
