import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Router } from 'express';
import { readNavXml, readView, viewNames } from '../../web/app-files.ts';
import { readConf } from '../conf.ts';
import { ConfStore } from '../conf-store.ts';
import type { SplunkHome } from '../home.ts';
import { AppMetadata } from '../metadata.ts';
import { settingsIn } from './configs.ts';
import { mayWrite } from './permission.ts';
import type { Caller, Entry } from './reply.ts';
import { RestError, callerOf, feed, needs, paged, parameters, part } from './reply.ts';

const isTrue = (value: string | undefined) => /^(1|true|t|yes)$/i.test(value ?? '');

/** Which setting of `app.conf` a parameter of `apps/local/<app>` changes. */
const APP_SETTINGS: Readonly<Record<string, readonly [stanza: string, key: string]>> = {
  configured: ['install', 'is_configured'],
  visible: ['ui', 'is_visible'],
  label: ['ui', 'label'],
  description: ['launcher', 'description'],
  author: ['launcher', 'author'],
  version: ['launcher', 'version'],
};

/** `apps/local`, and what apps bring for people to look at: views, navigation bars, lookup files. */
export function appRoutes(home: SplunkHome): Router {
  const router = Router();
  const store = new ConfStore(home.path);
  const acl = (caller: Caller, app: string, kind: string, name: string) => {
    const permissions = new AppMetadata(store.appFolder(app)).of(kind, name);
    return {
      app,
      owner: permissions.owner,
      sharing: permissions.exported ? ('global' as const) : ('app' as const),
      read: permissions.read,
      write: permissions.write,
      mayWrite: mayWrite(home.path, caller, permissions),
    };
  };
  const appEntry = (caller: Caller, app: string): Entry => {
    const folder = store.appFolder(app);
    const conf = readConf(join(folder, 'default/app.conf'), join(folder, 'local/app.conf'));
    const setting = (stanza: string, key: string) => conf.get(stanza)?.get(key);
    return {
      name: app,
      path: `/servicesNS/nobody/system/apps/local/${app}`,
      author: 'nobody',
      acl: acl(caller, app, 'app', ''),
      content: {
        label: setting('ui', 'label') ?? app,
        description: setting('launcher', 'description') ?? '',
        author: setting('launcher', 'author') ?? '',
        version: setting('launcher', 'version') ?? '',
        build: Number(setting('install', 'build') ?? 0),
        configured: isTrue(setting('install', 'is_configured')),
        visible: isTrue(setting('ui', 'is_visible') ?? 'true'),
        disabled: setting('install', 'state') === 'disabled',
        core: app === 'search',
        state_change_requires_restart: false,
        ...(setting('ui', 'setup_view') && { setup_view: setting('ui', 'setup_view') }),
      },
    };
  };
  const existing = (app: string): string => {
    if (!store.apps().includes(app)) throw new RestError(404, `Could not find object id=${app}`);
    return app;
  };
  const appsOf = (caller: Caller) =>
    caller.app === '' || caller.app === '-' ? store.apps() : [existing(caller.app)];

  router.get('/apps/local', (request, response) => {
    const entries = store.apps().map((app) => appEntry(callerOf(response), app));
    response.json(feed(request.originalUrl, paged(parameters(request), entries)));
  });
  router.get('/apps/local/:app', (request, response) => {
    const app = existing(part(request, 'app'));
    response.json(feed(request.originalUrl, [appEntry(callerOf(response), app)]));
  });
  router.post('/apps/local/:app', (request, response) => {
    const caller = callerOf(response);
    const app = existing(part(request, 'app'));
    needs(caller, 'edit_local_apps');
    for (const [key, value] of settingsIn(parameters(request))) {
      if (!Object.hasOwn(APP_SETTINGS, key))
        throw new RestError(400, `Argument "${key}" is not supported by this handler.`);
      const [stanza, name] = APP_SETTINGS[key];
      const written = ['configured', 'visible'].includes(key) ? (isTrue(value) ? '1' : '0') : value;
      store.write('app', stanza, [[name, written]], { owner: 'nobody', app });
    }
    response.json(feed(request.originalUrl, [appEntry(caller, app)]));
  });

  const viewEntry = (caller: Caller, app: string, name: string): Entry[] => {
    const view = readView(home.path, app, name);
    if (!view) return [];
    const content = {
      label: view.label,
      'eai:appName': app,
      'eai:data': view.xml,
      'eai:type': 'views',
      isDashboard: view.kind === 'dashboard',
      isVisible: true,
      rootNode: view.kind === 'dashboard' ? 'dashboard' : 'view',
    };
    return [
      {
        name,
        path: `/servicesNS/nobody/${app}/data/ui/views/${name}`,
        acl: acl(caller, app, 'views', name),
        content,
      },
    ];
  };
  router.get('/data/ui/views', (request, response) => {
    const caller = callerOf(response);
    const entries = appsOf(caller).flatMap((app) =>
      viewNames(home.path, app).flatMap((name) => viewEntry(caller, app, name)),
    );
    response.json(feed(request.originalUrl, paged(parameters(request), entries)));
  });
  router.get('/data/ui/views/:name', (request, response) => {
    const caller = callerOf(response);
    const name = part(request, 'name');
    const entries = appsOf(caller).flatMap((app) => viewEntry(caller, app, name));
    if (entries.length === 0) throw new RestError(404, `Could not find object id=${name}`);
    response.json(feed(request.originalUrl, entries));
  });
  router.get(['/data/ui/nav', '/data/ui/nav/default'], (request, response) => {
    const caller = callerOf(response);
    const entries = appsOf(caller).flatMap((app): Entry[] => {
      const xml = readNavXml(home.path, app);
      if (xml === undefined) return [];
      return [
        {
          name: 'default',
          acl: acl(caller, app, 'nav', 'default'),
          content: { 'eai:appName': app, 'eai:data': xml },
        },
      ];
    });
    response.json(feed(request.originalUrl, entries));
  });
  router.get('/data/lookup-table-files', (request, response) => {
    const caller = callerOf(response);
    const entries = appsOf(caller).flatMap((app): Entry[] => {
      const folder = home.lookups(app);
      const files = existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith('.csv')) : [];
      return files.map((name) => ({
        name,
        acl: acl(caller, app, 'lookups', name),
        content: { 'eai:appName': app, 'eai:data': join(folder, name) },
      }));
    });
    response.json(feed(request.originalUrl, paged(parameters(request), entries)));
  });
  return router;
}
