import { readFileSync } from 'node:fs';
import { extname, join, normalize, sep } from 'node:path';
import type { NextFunction, Request, Response } from 'express';

/** Splunk Web's own files that pages ask for, by their address below `static`, and where the sandbox keeps them. */
const OWN: Readonly<Record<string, string>> = {
  'js/i18n.js': 'i18n.js',
  'build/api/get_theme.js': 'get_theme.js',
  'build/api/layout.js': 'layout.js',
  'build/api/layout-dark.js': 'layout.js',
  'sandbox/search.js': 'search.js',
  'sandbox/search.css': 'search.css',
};

/** `/static/@<build>/…`, also below a locale. What stands between `@` and `/` only makes the address a new one. */
export function staticFiles(splunkHome: string, assets: string) {
  return (request: Request, response: Response, next: NextFunction): void => {
    const path = decodeURIComponent(request.path).replace(/^\/(?:@[^/]*\/)?/, '');
    const file = fileOf(splunkHome, assets, path);
    const content = file === undefined ? undefined : contentOf(file);
    if (file === undefined || content === undefined) return next();
    // Asked for again each time: who builds pages wants to see the newest.
    response.setHeader('cache-control', 'no-cache');
    // In one piece: a page's chunks come together, and reading them bit by bit makes each wait for the others.
    response.type(extname(file)).send(content);
  };
}

function contentOf(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch (error) {
    if (['ENOENT', 'EISDIR', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? ''))
      return undefined;
    throw error;
  }
}

function fileOf(splunkHome: string, assets: string, path: string): string | undefined {
  if (Object.hasOwn(OWN, path)) return join(assets, OWN[path]);
  const match = /^app\/(\w+)\/(.+)$/.exec(path);
  if (!match) return undefined;
  const folder = join(splunkHome, 'etc/apps', match[1], 'appserver/static');
  const file = normalize(join(folder, match[2]));
  return file.startsWith(folder + sep) ? file : undefined;
}
