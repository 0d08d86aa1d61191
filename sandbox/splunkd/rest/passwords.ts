import type { Response } from 'express';
import { Router } from 'express';
import type { Stanza } from '../conf-store.ts';
import { ConfStore } from '../conf-store.ts';
import type { SplunkHome } from '../home.ts';
import { Secrets } from '../secrets.ts';
import { placeToRead } from './configs.ts';
import { aclOfStanza, placeToWrite } from './permission.ts';
import type { Caller, Entry } from './reply.ts';
import { RestError, callerOf, feed, needs, paged, parameters, part, required } from './reply.ts';

const FILE = 'passwords';
/** `credential:<realm>:<user>:`; colons inside are escaped. */
const STANZA = /^credential:((?:[^:\\]|\\.)*):((?:[^:\\]|\\.)*):$/;
const escaped = (text: string) => text.replace(/[:\\]/g, '\\$&');
const plain = (text: string) => text.replace(/\\([:\\])/g, '$1');

/** `storage/passwords`: encrypted in `passwords.conf`, given out to who holds `list_storage_passwords`. */
export function passwordRoutes(home: SplunkHome): Router {
  const router = Router();
  const store = new ConfStore(home.path);
  const secrets = new Secrets(home.path);
  const list = (caller: Caller) =>
    store.list(FILE, placeToRead(caller)).filter(({ name }) => STANZA.test(name));

  const entry = (caller: Caller, stanza: Stanza): Entry => {
    const [, realm, username] = STANZA.exec(stanza.name)!.map(plain);
    const sealed = stanza.settings.get('password') ?? '';
    return {
      name: stanza.name.slice('credential:'.length),
      path: `/servicesNS/nobody/${stanza.app}/storage/passwords/${encodeURIComponent(stanza.name.slice('credential:'.length))}`,
      author: stanza.permissions.owner,
      acl: aclOfStanza(home.path, caller, stanza),
      content: {
        realm,
        username,
        password: '********',
        clear_password: secrets.decrypt(sealed),
        encr_password: sealed,
      },
    };
  };
  const found = (caller: Caller, name: string): Stanza => {
    const stanza = list(caller).find((one) => one.name === `credential:${name}`);
    if (!stanza) throw new RestError(404, `Could not find object id=${name}`);
    return stanza;
  };
  /** Who may write but not read is not told what is stored. */
  const answer = (
    response: Response,
    origin: string,
    caller: Caller,
    stanzas: readonly Stanza[],
    status = 200,
  ) => {
    const shown = caller.capabilities.has('list_storage_passwords') ? stanzas : [];
    response.status(status).json(
      feed(
        origin,
        shown.map((stanza) => entry(caller, stanza)),
      ),
    );
  };
  const write = (caller: Caller, name: string, password: string) => {
    needs(caller, 'edit_storage_passwords');
    const place = placeToWrite(home.path, store, caller, FILE, name);
    store.write(FILE, name, [['password', secrets.encrypt(password)]], place);
  };

  router.get('/storage/passwords', (request, response) => {
    const caller = callerOf(response);
    needs(caller, 'list_storage_passwords');
    answer(response, request.originalUrl, caller, paged(parameters(request), list(caller)));
  });
  router.post('/storage/passwords', (request, response) => {
    const caller = callerOf(response);
    const form = parameters(request);
    const name = `credential:${escaped(form.get('realm') ?? '')}:${escaped(required(form, 'name'))}:`;
    const password = required(form, 'password');
    if (list(caller).some((one) => one.name === name)) {
      throw new RestError(409, `Unable to create. An object with name=${name} already exists.`);
    }
    write(caller, name, password);
    answer(response, request.originalUrl, caller, [found(caller, name.slice('credential:'.length))], 201);
  });
  router.get('/storage/passwords/:name', (request, response) => {
    const caller = callerOf(response);
    needs(caller, 'list_storage_passwords');
    answer(response, request.originalUrl, caller, [found(caller, part(request, 'name'))]);
  });
  router.post('/storage/passwords/:name', (request, response) => {
    const caller = callerOf(response);
    const name = part(request, 'name');
    const stanza = found(caller, name);
    write(caller, stanza.name, required(parameters(request), 'password'));
    answer(response, request.originalUrl, caller, [found(caller, name)]);
  });
  router.delete('/storage/passwords/:name', (request, response) => {
    const caller = callerOf(response);
    needs(caller, 'edit_storage_passwords');
    const { name } = found(caller, part(request, 'name'));
    store.remove(FILE, name, placeToWrite(home.path, store, caller, FILE, name));
    answer(response, request.originalUrl, caller, []);
  });
  return router;
}
