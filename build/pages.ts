/**
 * Builds the app's React pages.
 *   tsx build/pages.ts [--before-10.4] [--maps] [--sizes]
 * A stub per view, `dist/pages/<view>.js`, which Splunk loads by the view's name, and the chunks that the views share. What
 * ships is copied to `splunk_app/appserver/static/pages`: never a source map (`--maps` leaves them in dist/pages alone).
 * `--before-10.4` also writes, into `dist/pages-before-10.4`, the views in the form that Splunk takes before 10.4, to be laid
 * over the app. `--sizes` builds nothing: it prints the gzip bytes of JavaScript that each view loads.
 */
import { cpSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { noteBundled } from './bundles.ts';
import { OLDER_TEMPLATE, olderView } from './older-views.ts';
import { PAGES, pagesConfiguration, viewNames } from './pages-config.ts';
import { writeCatalogues } from './pages-locale.ts';
import { pageSizes, sizesOf } from './pages-sizes.ts';
import { runWebpack } from './run-webpack.ts';

/** Texts that AppInspect reads as something they are not, or that do not belong into what ships. */
const UNWANTED: readonly [RegExp, string][] = [
  [/@splunk\/react-ui/, 'names the component library'],
  [/sourceMappingURL/, 'points to a source map'],
  [/\.trackEvent\b|_splunk_metrics_events\.push/, 'looks like telemetry'],
];

function checkShipped(folder: string): void {
  for (const file of readdirSync(folder)) {
    const text = readFileSync(join(folder, file), 'utf8');
    for (const [pattern, what] of UNWANTED) {
      if (pattern.test(text)) throw new Error(`${join(folder, file)} ${what}: ${pattern} is in it.`);
    }
  }
}

/** The views as Splunk takes them before 10.4, and the one template that they name. */
function writeOverlay(): string[] {
  rmSync(PAGES.overlay, { recursive: true, force: true });
  const views = join(PAGES.overlay, 'default/data/ui/views');
  const written = [join(PAGES.overlay, OLDER_TEMPLATE)];
  mkdirSync(views, { recursive: true });
  mkdirSync(dirname(written[0]), { recursive: true });
  cpSync(PAGES.template, written[0]);
  for (const view of viewNames()) {
    const path = join(views, `${view}.xml`);
    const xml = readFileSync(join(PAGES.views, `${view}.xml`), 'utf8');
    writeFileSync(path, olderView(xml));
    written.push(path);
  }
  return written;
}

/** Builds all pages into `dist/pages` and copies them to where Splunk serves them from. Returns the files that ship. */
export async function buildPages(options: { maps?: boolean; before104?: boolean } = {}): Promise<string[]> {
  const temporary = `${PAGES.output}.${process.pid}`;
  rmSync(temporary, { recursive: true, force: true });
  try {
    const stats = await runWebpack(pagesConfiguration(temporary, options.maps ?? false));
    rmSync(PAGES.output, { recursive: true, force: true });
    renameSync(temporary, PAGES.output);
    noteBundled('pages', [...stats.compilation.fileDependencies]);
    writeFileSync(PAGES.sizes, JSON.stringify(sizesOf(stats), null, 2));
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
  rmSync(PAGES.shipped, { recursive: true, force: true });
  mkdirSync(PAGES.shipped, { recursive: true });
  const files = readdirSync(PAGES.output).filter((file) => file.endsWith('.js'));
  for (const file of files) cpSync(join(PAGES.output, file), join(PAGES.shipped, file));
  checkShipped(PAGES.shipped);
  return [
    ...files.map((file) => join(PAGES.shipped, file)),
    ...writeCatalogues('splunk_app'),
    ...(options.before104 ? writeOverlay() : []),
  ];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const flags = process.argv.slice(2);
  if (flags.includes('--sizes')) {
    for (const { view, first, afterHome } of pageSizes()) {
      const kilobytes = (n: number): string => `${(n / 1000).toFixed(1)} KB gzip`;
      console.log(`${view}: ${kilobytes(first)} with an empty cache, ${kilobytes(afterHome)} after models`);
    }
  } else {
    const started = Date.now();
    const files = await buildPages({
      maps: flags.includes('--maps'),
      before104: flags.includes('--before-10.4'),
    });
    console.error(`built ${files.length} files of pages in ${((Date.now() - started) / 1000).toFixed(1)} s`);
  }
}
