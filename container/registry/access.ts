/** Who may read and write which model. Decided from the verified token alone. */
import { KeplerError } from '../contract/errors.ts';
import type { ModelName } from '../contract/requests.ts';
import { checkModelName } from './names.ts';
import type { ModelId, Principal } from './types.ts';

/** The full name that `name` has for this principal: nobody can even name another user's model. */
export function modelId(name: ModelName, principal: Principal): ModelId {
  checkModelName(name.name);
  return {
    namespace: name.namespace,
    owner: name.namespace === 'user' ? principal.user : principal.app,
    name: name.name,
  };
}

export function mayRead(id: ModelId, principal: Principal): boolean {
  return id.namespace === 'user'
    ? id.owner === principal.user
    : id.owner === principal.app && allows(principal.acl.read, principal.roles);
}

export function mayWrite(id: ModelId, principal: Principal): boolean {
  return id.namespace === 'user'
    ? id.owner === principal.user
    : id.owner === principal.app && allows(principal.acl.write, principal.roles);
}

/** @throws KeplerError forbidden */
export function assertMayRead(id: ModelId, principal: Principal): void {
  if (!mayRead(id, principal)) throw refused(id, principal, 'read', principal.acl.read);
}

/** @throws KeplerError forbidden */
export function assertMayWrite(id: ModelId, principal: Principal): void {
  if (!mayWrite(id, principal)) throw refused(id, principal, 'write', principal.acl.write);
}

/** `*` stands for every role. Whoever has none, or whose roles are not known, is left with models of their own. */
function allows(granted: readonly string[], roles: readonly string[]): boolean {
  return roles.length > 0 && (granted.includes('*') || roles.some((role) => granted.includes(role)));
}

function refused(
  id: ModelId,
  principal: Principal,
  action: 'read' | 'write',
  granted: readonly string[],
): KeplerError {
  if (id.namespace === 'user' || id.owner !== principal.app) {
    return new KeplerError(
      'forbidden',
      `You may not ${action} the model "${id.name}": it belongs to somebody else.`,
    );
  }
  const may = granted.includes('*') ? 'every role' : granted.length > 0 ? granted.join(', ') : 'no role';
  const have = principal.roles.length > 0 ? principal.roles.join(', ') : 'none, or they are not known';
  return new KeplerError(
    'forbidden',
    `You may not ${action} models of the app "${id.owner}": that is for ${may}; your roles: ${have}. ` +
      `Use a model of your own (without app:), or ask the app's owner for permission to ${action}.`,
  );
}
