import { Router } from 'express';
import { ConfStore } from '../conf-store.ts';
import type { SplunkHome } from '../home.ts';
import { placeToRead } from './configs.ts';
import type { SearchJobs } from './jobs.ts';
import { appOf } from './jobs.ts';
import { RestError, callerOf, parameters, part } from './reply.ts';

/** `saved/searches/<name>/dispatch`: runs one now. Its settings and parameters stand in `configs.ts`. */
export function savedSearchRoutes(home: SplunkHome, jobs: SearchJobs): Router {
  const router = Router();
  const store = new ConfStore(home.path);
  router.post('/saved/searches/:name/dispatch', (request, response) => {
    const caller = callerOf(response);
    const name = part(request, 'name');
    const stanza = store.find('savedsearches', name, placeToRead(caller));
    if (!stanza) throw new RestError(404, `Could not find object id=${name}`);
    const form = parameters(request);
    const setting = (key: string) => form.get(key) ?? stanza.settings.get(key) ?? '';
    const search = (stanza.settings.get('search') ?? '').replace(
      /\$(\w+)\$/g,
      (token, key: string) => form.get(`args.${key}`) ?? token,
    );
    const { about } = jobs.dispatch(caller.user, appOf(caller), {
      search,
      earliest_time: setting('dispatch.earliest_time'),
      latest_time: setting('dispatch.latest_time'),
    });
    response.status(201).json({ sid: about.sid });
  });
  return router;
}
