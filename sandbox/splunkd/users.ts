import { randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readConf } from './conf.ts';

/** As whom splunkd runs modular inputs. */
export const SYSTEM_USER = 'splunk-system-user';

/** Who the sandbox's people are. Any other name searches with the plain role `user`. */
const USERS: Readonly<Record<string, readonly string[]>> = {
  admin: ['admin', 'kepler_admin'],
  ana: ['power'],
  user: ['user'],
  power: ['power', 'user'],
  analyst: ['power', 'user'],
  viewer: ['user'],
  [SYSTEM_USER]: ['splunk-system-role'],
};

/** The ones that can log in to Splunk Web, each with a password of its own. */
export const WEB_USERS: readonly string[] = ['admin', 'ana', 'user'];

interface Role {
  readonly imports: readonly string[];
  readonly capabilities: readonly string[];
}

/** Splunk's own roles, as far as somebody asks for their capabilities here. */
const BUILT_IN: Readonly<Record<string, Role>> = {
  admin: {
    imports: ['power'],
    capabilities: [
      'admin_all_objects',
      'edit_user',
      'edit_local_apps',
      'edit_storage_passwords',
      'list_storage_passwords',
      'list_inputs',
      'run_commands_ignoring_field_filter',
    ],
  },
  power: { imports: ['user'], capabilities: ['schedule_search', 'rtsearch', 'embed_report'] },
  user: {
    imports: [],
    capabilities: ['search', 'change_own_password', 'rest_properties_get', 'output_file'],
  },
  can_delete: { imports: [], capabilities: ['delete_by_keyword'] },
  'splunk-system-role': { imports: ['admin'], capabilities: [] },
};

export interface UserContext {
  readonly username: string;
  readonly roles: readonly string[];
  readonly capabilities: readonly string[];
}

/** The roles that the apps' authorize.conf adds to Splunk's own, and all of their capabilities. */
export class Roles {
  private readonly roles = new Map<string, Role>(Object.entries(BUILT_IN));
  /** Every capability that there is, by name. */
  readonly capabilities: readonly string[];

  /** @param splunkHome Where `etc/apps` lies; read at once, so that a change shows at the next request. */
  constructor(splunkHome: string) {
    const named = new Set(Object.values(BUILT_IN).flatMap((role) => role.capabilities));
    for (const app of readdirSync(join(splunkHome, 'etc/apps')).sort()) {
      const conf = readConf(
        join(splunkHome, 'etc/apps', app, 'default/authorize.conf'),
        join(splunkHome, 'etc/apps', app, 'local/authorize.conf'),
      );
      for (const [stanza, settings] of conf) {
        const capability = /^capability::(.+)$/.exec(stanza)?.[1];
        if (capability) named.add(capability);
        const role = /^role_(.+)$/.exec(stanza)?.[1];
        if (role) this.add(role, settings);
      }
    }
    this.capabilities = [...named].sort();
  }

  private add(name: string, settings: ReadonlyMap<string, string>): void {
    const old = this.roles.get(name) ?? { imports: [], capabilities: [] };
    const enabled = [...settings].filter(([, value]) => value === 'enabled').map(([key]) => key);
    this.roles.set(name, {
      imports: [
        ...old.imports,
        ...(settings.get('importRoles') ?? '')
          .split(';')
          .map((role) => role.trim())
          .filter((role) => role !== ''),
      ],
      capabilities: [...old.capabilities, ...enabled],
    });
  }

  names(): string[] {
    return [...this.roles.keys()].filter((name) => name !== 'splunk-system-role').sort();
  }

  importsOf(role: string): readonly string[] {
    return this.roles.get(role)?.imports ?? [];
  }

  /** Those of the roles and of all that they import. */
  capabilitiesOf(roles: readonly string[]): string[] {
    const seen = new Set<string>();
    const found = new Set<string>();
    const visit = (name: string) => {
      if (seen.has(name)) return;
      seen.add(name);
      const role = this.roles.get(name);
      role?.capabilities.forEach((capability) => found.add(capability));
      role?.imports.forEach(visit);
    };
    roles.forEach(visit);
    return [...found].sort();
  }

  contextOf(username: string): UserContext {
    const named = Object.hasOwn(USERS, username) ? USERS[username] : ['user'];
    const roles = named.filter((role) => role !== 'kepler_admin' || this.roles.has(role));
    const all = username === SYSTEM_USER ? this.capabilities : this.capabilitiesOf(roles);
    return { username, roles, capabilities: all };
  }
}

/** Session keys and whose they are. */
export class Sessions {
  private readonly users = new Map<string, string>();

  open(username: string): string {
    const key = randomBytes(32).toString('hex');
    this.users.set(key, username);
    return key;
  }

  userOf(key: string): string | undefined {
    return this.users.get(key);
  }

  close(key: string): void {
    this.users.delete(key);
  }
}
