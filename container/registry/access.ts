/** Who may read and write which model. Decided from the verified token alone. */
import type { Capability } from '../contract/catalogue/types.ts';
import { KeplerError } from '../contract/errors.ts';
import type { ModelName } from '../contract/requests.ts';
import type { AppAccess } from '../contract/token.ts';
import { checkModelName } from './names.ts';
import type { ModelId, Principal } from './types.ts';

/** Whose model is meant, where it is not the searcher's own, nor the one of the search's app. */
export interface Whose {
  readonly owner?: string;
  readonly app?: string;
}

/** Whether the principal holds one of Kepler's capabilities. */
export function holds(principal: Principal, capability: Capability): boolean {
  return principal.capabilities.includes(capability);
}

/**
 * The full name that `name` has for this principal. Another user's model is named only by `whose`.
 * @throws KeplerError invalid_model_name, invalid_arguments
 */
export function modelId(name: ModelName, principal: Principal, whose: Whose = {}): ModelId {
  checkModelName(name.name);
  const { namespace } = name;
  if (namespace === 'app' && whose.owner !== undefined) {
    throw new KeplerError(
      'invalid_arguments',
      `app:${name.name} belongs to an app, not to a user: name the app with app=, or leave out app: to mean ${whose.owner}'s own model.`,
    );
  }
  const owner = namespace === 'user' ? (whose.owner ?? principal.user) : (whose.app ?? principal.app);
  return { namespace, owner, name: name.name };
}

export function mayRead(id: ModelId, principal: Principal): boolean {
  return may(id, principal, 'read');
}

export function mayWrite(id: ModelId, principal: Principal): boolean {
  return may(id, principal, 'write');
}

/** What the names of a registry stand for: data sets are named and guarded as models are. */
export type Kept = 'model' | 'data set';

/** @throws KeplerError forbidden */
export function assertMayRead(id: ModelId, principal: Principal, what: Kept = 'model'): void {
  if (!mayRead(id, principal)) throw refused(id, principal, 'read', what);
}

/** @throws KeplerError forbidden */
export function assertMayWrite(id: ModelId, principal: Principal, what: Kept = 'model'): void {
  if (!mayWrite(id, principal)) throw refused(id, principal, 'write', what);
}

function may(id: ModelId, principal: Principal, action: 'read' | 'write'): boolean {
  if (holds(principal, 'edit_kepler_models')) return true;
  if (id.namespace === 'user') return id.owner === principal.user;
  const access = accessOf(id.owner, principal);
  return access !== undefined && allows(access[action], principal.roles);
}

/** What the token says of an app; undefined where it says nothing. */
function accessOf(app: string, { app: own, acl, apps = {} }: Principal): AppAccess | undefined {
  if (app === own) return acl;
  return Object.hasOwn(apps, app) ? apps[app] : undefined;
}

/** `*` stands for every role. Whoever has none, or whose roles are not known, is left with models of their own. */
function allows(granted: readonly string[], roles: readonly string[]): boolean {
  return roles.length > 0 && (granted.includes('*') || roles.some((role) => granted.includes(role)));
}

function refused(id: ModelId, principal: Principal, action: 'read' | 'write', what: Kept): KeplerError {
  const access = id.namespace === 'app' ? accessOf(id.owner, principal) : undefined;
  if (!access) {
    const whom = id.namespace === 'app' ? `the app "${id.owner}"` : `the user "${id.owner}"`;
    return new KeplerError(
      'forbidden',
      `You may not ${action} ${what}s of ${whom}: they belong to somebody else. Whoever has the capability edit_kepler_models may (role kepler_admin).`,
    );
  }
  const granted = access[action];
  const allowed = granted.includes('*') ? 'every role' : granted.length > 0 ? granted.join(', ') : 'no role';
  const have = principal.roles.length > 0 ? principal.roles.join(', ') : 'none, or they are not known';
  return new KeplerError(
    'forbidden',
    `You may not ${action} ${what}s of the app "${id.owner}": that is for ${allowed}; your roles: ${have}. ` +
      `Use a ${what} of your own (without app:), or ask the app's owner for permission to ${action}.`,
  );
}
