import type { Permissions } from '../metadata.ts';
import { AppMetadata } from '../metadata.ts';
import type { ConfStore, Place, Stanza } from '../conf-store.ts';
import { Roles } from '../users.ts';
import type { Acl, Caller } from './reply.ts';
import { RestError, parameters } from './reply.ts';
import type { Request } from 'express';

/** Whether one of the caller's roles, or one that they import, is among those named. */
export function mayWrite(splunkHome: string, caller: Caller, permissions: Permissions): boolean {
  if (caller.capabilities.has('admin_all_objects')) return true;
  if (permissions.write.includes('*')) return true;
  const roles = new Roles(splunkHome);
  const all = new Set<string>();
  const visit = (role: string) => {
    if (all.has(role)) return;
    all.add(role);
    roles.importsOf(role).forEach(visit);
  };
  caller.roles.forEach(visit);
  return permissions.write.some((role) => all.has(role));
}

export function aclOfStanza(splunkHome: string, caller: Caller, stanza: Stanza): Acl {
  const { permissions, app, owner } = stanza;
  return {
    app,
    owner: owner ?? permissions.owner,
    sharing: owner !== undefined ? 'user' : permissions.exported ? 'global' : 'app',
    read: permissions.read,
    write: permissions.write,
    mayWrite: owner === caller.user || mayWrite(splunkHome, caller, permissions),
  };
}

/** Where a changing call writes: `nobody` is the app itself, else only one's own settings. */
export function placeToWrite(
  splunkHome: string,
  store: ConfStore,
  caller: Caller,
  kind: string,
  name: string,
): Place {
  const app = caller.app === '' || caller.app === '-' ? 'search' : caller.app;
  if (!/^\w[\w.-]*$/.test(app) || !store.apps().includes(app))
    throw new RestError(404, `Application does not exist: ${app}`);
  const owner = caller.owner === '' || caller.owner === '-' ? caller.user : caller.owner;
  const permissions = new AppMetadata(store.appFolder(app)).of(kind, name);
  const allowed = owner === 'nobody' ? mayWrite(splunkHome, caller, permissions) : owner === caller.user;
  if (!allowed && !caller.capabilities.has('admin_all_objects')) {
    throw new RestError(
      403,
      `User '${caller.user}' with roles { ${caller.roles.join(', ')} } cannot write: /${owner}/${app}/${kind}/${name}`,
    );
  }
  return { owner, app };
}

/** `…/acl`: sharing and permissions of an object of an app, written to its `local.meta`. */
export function setAcl(
  splunkHome: string,
  store: ConfStore,
  caller: Caller,
  request: Request,
  kind: string,
  stanza: Stanza,
): void {
  const form = parameters(request);
  if (!mayWrite(splunkHome, caller, stanza.permissions)) {
    throw new RestError(
      403,
      `User '${caller.user}' with roles { ${caller.roles.join(', ')} } cannot write: /nobody/${stanza.app}/${kind}/${stanza.name}`,
    );
  }
  const sharing = form.get('sharing');
  if (sharing === null || !['app', 'global', 'user', 'system'].includes(sharing)) {
    throw new RestError(400, `Argument "sharing" is required and must be one of: user, app, global.`);
  }
  if (sharing === 'user') throw new RestError(400, 'The sandbox cannot make an object of an app private.');
  const roles = (key: string, before: readonly string[]) =>
    form
      .get(key)
      ?.split(',')
      .map((role) => role.trim())
      .filter((role) => role !== '') ?? before;
  new AppMetadata(store.appFolder(stanza.app)).set(kind, stanza.name, {
    read: roles('perms.read', stanza.permissions.read),
    write: roles('perms.write', stanza.permissions.write),
    exported: sharing !== 'app',
    owner: form.get('owner') ?? stanza.permissions.owner,
  });
}
