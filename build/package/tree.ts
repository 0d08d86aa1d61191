/** What of the built tree goes into the app that ships: an allow list, so that nothing gets in because it lay there. */
import { readdirSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';

export interface PackedFile {
  /** Below the app's folder, with `/`. */
  readonly path: string;
  readonly source: string;
  readonly executable: boolean;
}

interface Rule {
  /** Folder below splunk_app. */
  readonly folder: string;
  readonly names: RegExp;
  readonly deep?: boolean;
  readonly executable?: boolean;
}

const RULES: readonly Rule[] = [
  { folder: '.', names: /^(app\.manifest|README\.md)$/ },
  { folder: 'default', names: /\.conf$/ },
  { folder: 'default/data', names: /\.(xml|html)$/, deep: true },
  { folder: 'metadata', names: /^default\.meta$/ },
  { folder: 'README', names: /\.conf\.spec$/ },
  { folder: 'lookups', names: /\.csv$/ },
  { folder: 'locale', names: /^messages\.(po|mo)$/, deep: true },
  { folder: 'static', names: /^app(Icon|IconAlt|Logo)(_2x)?\.png$/ },
  { folder: 'appserver/static', names: /\.(js|css|png|svg|woff2?|txt)$/, deep: true },
  { folder: 'appserver/templates', names: /\.html$/ },
  { folder: 'bin', names: /^kepler(_\w+)?(\.sh)?$/, executable: true },
  { folder: 'bin', names: /^kepler(-engine)?\.cjs$/ },
  { folder: 'linux_x86_64/bin', names: /^kepler(_\w+)?$/, executable: true },
];

/** Every file of the app below `root` (splunk_app), sorted by path. Missing folders have no files. */
export function appFiles(root: string): PackedFile[] {
  const files = RULES.flatMap((rule) =>
    list(join(root, rule.folder), rule.deep === true)
      .filter((source) => rule.names.test(source.slice(source.lastIndexOf('/') + 1)))
      .map((source) => ({
        path: relative(root, source),
        source,
        executable: rule.executable === true,
      })),
  );
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

function list(folder: string, deep: boolean): string[] {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
  return names.flatMap((name) => {
    const path = join(folder, name);
    if (!statSync(path).isDirectory()) return [path];
    return deep ? list(path, true) : [];
  });
}
