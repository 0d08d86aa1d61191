import { existsSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Router } from 'express';
import { IndexStore } from '../../indexes/index-store.ts';
import type { SplunkHome } from '../home.ts';
import type { Entry } from './reply.ts';
import { RestError, callerOf, feed, messages, paged, parameters, part } from './reply.ts';

/** `data/indexes`, and the removal of lookup files. */
export function dataRoutes(home: SplunkHome): Router {
  const router = Router();
  const indexes = new IndexStore(home.path);
  const entryOf = (name: string): Entry => ({
    name,
    path: `/services/data/indexes/${name}`,
    content: { disabled: false, datatype: name.endsWith('_metrics') ? 'metric' : 'event' },
  });
  router.get('/data/indexes', (request, response) => {
    response.json(feed(request.originalUrl, paged(parameters(request), indexes.names().map(entryOf))));
  });
  router.get('/data/indexes/:name', (request, response) => {
    const name = part(request, 'name');
    if (!indexes.names().includes(name)) throw new RestError(404, `Could not find object id=${name}`);
    response.json(feed(request.originalUrl, [entryOf(name)]));
  });
  router.delete('/data/lookup-table-files/:name', (request, response) => {
    const name = part(request, 'name');
    const { app } = callerOf(response);
    const file = join(home.lookups(app === '' || app === '-' ? 'search' : app), name);
    if (basename(name) !== name || !existsSync(file))
      throw new RestError(404, `Could not find object id=${name}`);
    rmSync(file);
    response.json(messages('INFO', 'Removed.'));
  });
  return router;
}
