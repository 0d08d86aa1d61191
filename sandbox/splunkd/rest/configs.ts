import type { Request, Response } from 'express';
import { Router } from 'express';
import type { SplunkHome } from '../home.ts';
import type { Stanza } from '../conf-store.ts';
import { ConfStore } from '../conf-store.ts';
import { aclOfStanza, placeToWrite, setAcl } from './permission.ts';
import type { Caller, Entry } from './reply.ts';
import { RestError, callerOf, feed, paged, parameters, part, required } from './reply.ts';

/** Parameters that say how to answer, and are no settings. */
const NO_SETTINGS = ['output_mode', 'count', 'offset', 'name', 'search', 'sort_key', 'sort_dir', 'f', '_'];

/** @param settings Of those, the ones that are settings all the same. */
export function settingsIn(form: URLSearchParams, settings: readonly string[] = []): [string, string][] {
  return [...form].filter(([key]) => !NO_SETTINGS.includes(key) || settings.includes(key));
}

/** Endpoints of other names that are conf files beneath, and what they add to a stanza's settings. */
interface Collection {
  readonly path: string;
  readonly file: string;
  readonly extra?: (stanza: Stanza) => Readonly<Record<string, unknown>>;
  /** A stanza that cannot be created must have these. */
  readonly needed?: readonly string[];
}

const NAMED: readonly Collection[] = [
  {
    path: '/saved/searches',
    file: 'savedsearches',
    needed: ['search'],
    extra: ({ settings }) => ({
      is_scheduled: /^(1|true)$/i.test(settings.get('enableSched') ?? settings.get('is_scheduled') ?? ''),
      disabled: /^(1|true)$/i.test(settings.get('disabled') ?? ''),
    }),
  },
  { path: '/data/commands', file: 'commands' },
  { path: '/data/macros', file: 'macros' },
  { path: '/admin/macros', file: 'macros' },
  { path: '/data/transforms/lookups', file: 'transforms' },
];

/** `configs/conf-<file>`, and what Splunk shows of conf files under names of their own. */
export function configRoutes(home: SplunkHome): Router {
  const router = Router();
  const store = new ConfStore(home.path);
  const entry = (caller: Caller, base: string, stanza: Stanza, extra?: Collection['extra']): Entry => ({
    name: stanza.name,
    path: `/servicesNS/${stanza.owner ?? 'nobody'}/${stanza.app}${base}/${encodeURIComponent(stanza.name)}`,
    author: stanza.owner ?? stanza.permissions.owner,
    acl: aclOfStanza(home.path, caller, stanza),
    content: {
      disabled: false,
      'eai:acl': null,
      'eai:appName': stanza.app,
      'eai:userName': stanza.owner ?? 'nobody',
      ...Object.fromEntries(stanza.settings),
      ...extra?.(stanza),
    },
  });
  const found = (caller: Caller, file: string, name: string): Stanza => {
    const stanza = store.find(file, name, placeToRead(caller));
    if (!stanza) throw new RestError(404, `Could not find object id=${name}`);
    return stanza;
  };

  const mount = (path: string, about: (request: Request) => Omit<Collection, 'path'> & { base: string }) => {
    const answer = (
      request: Request,
      response: Response,
      names: (stanza: Stanza) => boolean,
      status = 200,
    ) => {
      const { file, base, extra } = about(request);
      const caller = callerOf(response);
      const stanzas = store.list(file, placeToRead(caller)).filter(names);
      const entries = stanzas.map((stanza) => entry(caller, base, stanza, extra));
      response.status(status).json(feed(request.originalUrl, entries));
    };
    router.get(path, (request, response) => {
      const { file, base, extra } = about(request);
      const caller = callerOf(response);
      const entries = store
        .list(file, placeToRead(caller))
        .map((stanza) => entry(caller, base, stanza, extra));
      response.json(feed(request.originalUrl, paged(parameters(request), entries)));
    });
    router.post(path, (request, response) => {
      const { file, needed = [] } = about(request);
      const form = parameters(request);
      const name = required(form, 'name');
      needed.forEach((key) => required(form, key));
      const caller = callerOf(response);
      if (store.find(file, name, placeToRead(caller))) {
        throw new RestError(409, `Unable to create. An object with name=${name} already exists.`);
      }
      store.write(file, name, settingsIn(form, needed), placeToWrite(home.path, store, caller, file, name));
      answer(request, response, (stanza) => stanza.name === name, 201);
    });
    router.post(`${path}/_reload`, (request, response) => response.json(feed(request.originalUrl, [])));
    router.get(`${path}/:name`, (request, response) => {
      const { name } = found(callerOf(response), about(request).file, part(request, 'name'));
      answer(request, response, (stanza) => stanza.name === name);
    });
    router.post(`${path}/:name`, (request, response) => {
      const { file, needed } = about(request);
      const caller = callerOf(response);
      const { name } = found(caller, file, part(request, 'name'));
      store.write(
        file,
        name,
        settingsIn(parameters(request), needed),
        placeToWrite(home.path, store, caller, file, name),
      );
      answer(request, response, (stanza) => stanza.name === name);
    });
    router.delete(`${path}/:name`, (request, response) => {
      const { file } = about(request);
      const caller = callerOf(response);
      const { name, removable } = found(caller, file, part(request, 'name'));
      const place = placeToWrite(home.path, store, caller, file, name);
      if (!removable) throw new RestError(403, `Cannot remove '${name}': it ships with the app.`);
      store.remove(file, name, place);
      answer(request, response, () => false);
    });
    router.get(`${path}/:name/acl`, (request, response) => {
      const { name } = found(callerOf(response), about(request).file, part(request, 'name'));
      answer(request, response, (stanza) => stanza.name === name);
    });
    router.post(`${path}/:name/acl`, (request, response) => {
      const { file } = about(request);
      const caller = callerOf(response);
      const stanza = found(caller, file, part(request, 'name'));
      setAcl(home.path, store, caller, request, file, stanza);
      answer(request, response, ({ name }) => name === stanza.name);
    });
  };

  mount('/configs/:conf', (request) => {
    const conf = part(request, 'conf');
    const file = /^conf-(\w[\w-]*)$/.exec(conf)?.[1];
    if (file === undefined) throw new RestError(404, 'Not Found');
    // Passwords leave splunkd by storage/passwords alone, where a capability is asked for.
    if (file === 'passwords') throw new RestError(403, `The conf file '${file}' is not given out.`);
    return { file, base: `/configs/${conf}` };
  });
  for (const { path, ...collection } of NAMED) mount(path, () => ({ ...collection, base: path }));
  return router;
}

/** Reads are for the caller: private stanzas of others are never seen. */
export function placeToRead(caller: Caller): { owner: string; app: string } {
  return { owner: caller.owner === 'nobody' ? 'nobody' : caller.user, app: caller.app };
}
