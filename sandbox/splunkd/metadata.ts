import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Conf } from './conf.ts';
import { readConf } from './conf.ts';
import { setInConf } from './conf-writer.ts';

/** Who may use an object of an app, and whether other apps see it. */
export interface Permissions {
  readonly read: readonly string[];
  readonly write: readonly string[];
  readonly exported: boolean;
  readonly owner: string;
}

/** `read : [ *, power ], write : [ admin ]` */
function parseAccess(text: string): { read?: string[]; write?: string[] } {
  const rolesOf = (kind: string) =>
    new RegExp(`${kind}\\s*:\\s*\\[([^\\]]*)\\]`)
      .exec(text)?.[1]
      .split(',')
      .map((role) => role.trim())
      .filter((role) => role !== '');
  return { read: rolesOf('read'), write: rolesOf('write') };
}

/** An app's `metadata/default.meta` and `local.meta`. */
export class AppMetadata {
  private readonly conf: Conf;

  constructor(private readonly folder: string) {
    this.conf = readConf(join(folder, 'metadata/default.meta'), join(folder, 'metadata/local.meta'));
  }

  /** What holds for an object: its own stanza before that of its kind, before that of the app. */
  of(kind: string, name: string): Permissions {
    const stanzas = [`${kind}/${encodeURIComponent(name)}`, `${kind}/${name}`, kind, ''];
    const found = (key: string) =>
      stanzas.map((stanza) => this.conf.get(stanza)?.get(key)).find((value) => value !== undefined);
    const { read = ['*'], write = [] } = parseAccess(found('access') ?? '');
    return { read, write, exported: found('export') === 'system', owner: found('owner') ?? 'nobody' };
  }

  /** Writes an object's permissions into `local.meta`. */
  set(kind: string, name: string, permissions: Permissions): void {
    const file = join(this.folder, 'metadata/local.meta');
    mkdirSync(dirname(file), { recursive: true });
    const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
    const list = (roles: readonly string[]) => `[ ${roles.join(', ')} ]`;
    writeFileSync(
      file,
      setInConf(text, `${kind}/${encodeURIComponent(name)}`, [
        ['access', `read : ${list(permissions.read)}, write : ${list(permissions.write)}`],
        ['export', permissions.exported ? 'system' : 'none'],
        ['owner', permissions.owner],
        ['modtime', (Date.now() / 1000).toFixed(9)],
      ]),
    );
  }
}
