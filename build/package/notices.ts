/** The licences of everything that is inside the package but not ours. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Where the bundlers leave the list of packages that went into what they made: a JSON array of folders each. */
export const BUNDLED = 'dist/bundled';

/** `node_modules/a/b.js`, `node_modules/x/node_modules/@s/y/z.js` → the package's folder; null for our own files. */
export function packageFolder(file: string): string | null {
  return /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file.replaceAll('\\', '/'))?.[0] ?? null;
}

/** The packages that the bundles are made of, sorted by name, each name and version once. */
export function bundledPackages(folder = BUNDLED): string[] {
  const folders = readdirSync(folder).flatMap(
    (name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as string[],
  );
  return [...new Set(folders)].sort();
}

interface PackageJson {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
  readonly homepage?: string;
}

/** One text: each package with its licence in full. A package without a licence text is named with its licence's name. */
export function noticesText(folders: readonly string[], nodeFolder: string): string {
  const seen = new Set<string>();
  const parts = [nodeFolder, ...folders].flatMap((folder) => {
    const info = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as PackageJson;
    const title = `${info.name} ${info.version}`;
    if (seen.has(title)) return [];
    seen.add(title);
    const license = readdirSync(folder).find((name) => /^(licen[cs]e|copying)(\.(md|txt))?$/i.test(name));
    const text = license === undefined ? '' : readFileSync(join(folder, license), 'utf8').trim();
    return [`${title}\nLicence: ${info.license ?? 'see below'}\n${text === '' ? '' : `\n${text}\n`}`];
  });
  const rule = `\n${'-'.repeat(80)}\n\n`;
  const whole = `Kepler contains the following programs and libraries of others.\n${rule}${parts.join(rule)}`;
  // AppInspect takes a version of four numbers (zlib's) for an address on the network.
  return whole.replace(/\b(\d+\.\d+\.\d+)\.(\d+)\b/g, '$1-$2');
}
