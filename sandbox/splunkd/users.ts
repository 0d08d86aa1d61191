import { randomBytes } from 'node:crypto';

/** Who the sandbox's people are. Any other name searches with the plain role `user`. */
const USERS: Readonly<Record<string, readonly string[]>> = {
  admin: ['admin'],
  power: ['power', 'user'],
  analyst: ['power', 'user'],
  viewer: ['user'],
};

const CAPABILITIES: Readonly<Record<string, readonly string[]>> = {
  admin: [
    'admin_all_objects',
    'list_storage_passwords',
    'edit_user',
    'schedule_search',
    'search',
    'run_commands_ignoring_field_filter',
  ],
  power: ['schedule_search', 'rtsearch', 'search'],
  user: ['search', 'change_own_password'],
};

export interface UserContext {
  readonly username: string;
  readonly roles: readonly string[];
  readonly capabilities: readonly string[];
}

export function userContext(username: string): UserContext {
  const roles = Object.hasOwn(USERS, username) ? USERS[username] : ['user'];
  return { username, roles, capabilities: [...new Set(roles.flatMap((role) => CAPABILITIES[role] ?? []))] };
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
