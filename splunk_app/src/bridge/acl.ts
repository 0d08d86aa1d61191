import { join } from 'node:path';
import type { TokenClaims } from '../../../container/contract/token.ts';
import { readConf } from './conf-file.ts';

const APP_NAME = /^[\w.-]+$/;

/**
 * Who may read and write what belongs to an app: `access` of stanza `[]` in its `.meta` files, local over default.
 * Without one, everybody reads and `admin` writes.
 */
export function appAcl(splunkHome: string, app: string): TokenClaims['acl'] {
  const standard = { read: ['*'], write: ['admin'] };
  if (!APP_NAME.test(app) || app === '.' || app === '..') return standard;
  const folder = join(splunkHome, 'etc', 'apps', app, 'metadata');
  const access = readConf(join(folder, 'default.meta'), join(folder, 'local.meta')).get('')?.get('access');
  if (!access) return standard;
  return { read: roles(access, 'read') ?? standard.read, write: roles(access, 'write') ?? standard.write };
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
