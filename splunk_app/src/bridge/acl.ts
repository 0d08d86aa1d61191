import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { AppAccess } from '../../../container/contract/token.ts';
import { readConf } from './conf-file.ts';

const APP_NAME = /^[\w.-]+$/;

/**
 * Who may read and write what belongs to an app: `access` of stanza `[]` in its `.meta` files, local over default.
 * Without one, everybody reads and `admin` writes.
 */
export function appAcl(splunkHome: string, app: string): AppAccess {
  const standard = { read: ['*'], write: ['admin'] };
  if (!APP_NAME.test(app) || app === '.' || app === '..') return standard;
  const folder = join(splunkHome, 'etc', 'apps', app, 'metadata');
  const access = readConf(join(folder, 'default.meta'), join(folder, 'local.meta')).get('')?.get('access');
  if (!access) return standard;
  return { read: roles(access, 'read') ?? standard.read, write: roles(access, 'write') ?? standard.write };
}

/** A token is a header of a request: so many characters of it may be about other apps. */
const MOST_CHARACTERS = 12_000;

/** The same of all other apps, by name; where there are very many, of the first of them. */
export function appAcls(splunkHome: string, own: string): Record<string, AppAccess> {
  const acls: Record<string, AppAccess> = {};
  let characters = 0;
  for (const app of readdirSync(join(splunkHome, 'etc', 'apps')).sort()) {
    if (app === own || !APP_NAME.test(app) || app === '__proto__') continue;
    const acl = appAcl(splunkHome, app);
    characters += app.length + JSON.stringify(acl).length + 4;
    if (characters > MOST_CHARACTERS) break;
    acls[app] = acl;
  }
  return acls;
}

/** `read : [ * ], write : [ admin, power ]`. */
function roles(access: string, kind: 'read' | 'write'): string[] | null {
  const list = new RegExp(`\\b${kind}\\s*:\\s*\\[([^\\]]*)\\]`).exec(access);
  if (!list) return null;
  return list[1]
    .split(',')
    .map((role) => role.trim())
    .filter(Boolean);
}
