import { Router } from 'express';
import type { SplunkHome } from '../home.ts';
import { SPLUNK_VERSION } from '../search-info.ts';
import { Roles } from '../users.ts';
import { SANDBOX_BUILD, callerOf, feed, paged, parameters } from './reply.ts';

/** What `server/info` says; pages find it in their HTML too. */
export function serverInfo(): Readonly<Record<string, unknown>> {
  return {
    version: SPLUNK_VERSION,
    build: SANDBOX_BUILD,
    serverName: 'sandbox',
    guid: '00000000-0000-4000-8000-000000000000',
    product_type: 'enterprise',
    instance_type: 'download',
    isFree: false,
    isTrial: false,
    server_roles: ['search_head'],
    mode: 'normal',
    os_name: process.platform,
    cpu_arch: process.arch,
  };
}

/** Who calls, what roles may do, and what the server is. */
export function accessRoutes(home: SplunkHome): Router {
  const router = Router();
  router.get('/authentication/current-context', (request, response) => {
    const { user, roles, capabilities } = callerOf(response);
    response.json(
      feed(request.originalUrl, [
        {
          name: 'context',
          content: {
            username: user,
            realname: user,
            email: '',
            roles,
            capabilities: [...capabilities],
            defaultApp: 'kepler',
            tz: '',
          },
        },
      ]),
    );
  });
  router.get('/server/info', (request, response) => {
    response.json(feed(request.originalUrl, [{ name: 'server-info', content: serverInfo() }]));
  });
  router.get('/authorization/capabilities', (request, response) => {
    const { capabilities } = new Roles(home.path);
    response.json(feed(request.originalUrl, [{ name: 'capabilities', content: { capabilities } }]));
  });
  router.get('/authorization/roles', (request, response) => {
    const roles = new Roles(home.path);
    const entries = roles.names().map((name) => {
      const imported = roles.capabilitiesOf(roles.importsOf(name));
      const all = roles.capabilitiesOf([name]);
      return {
        name,
        content: {
          imported_roles: roles.importsOf(name),
          capabilities: all.filter((capability) => !imported.includes(capability)),
          imported_capabilities: imported,
        },
      };
    });
    response.json(feed(request.originalUrl, paged(parameters(request), entries)));
  });
  return router;
}
