import type { Request, Response } from 'express';
import { Router } from 'express';
import type { SplunkHome } from '../home.ts';
import type { Document } from '../kv-store.ts';
import { KvStore, QueryError, compare, meets } from '../kv-store.ts';
import { RestError, callerOf, integer, parameters, part } from './reply.ts';

/** `max_rows_per_query` and `max_documents_per_batch_save` of limits.conf. */
const MOST_ROWS = 50_000;
const MOST_SAVED = 1_000;

interface Place {
  readonly owner: string;
  readonly app: string;
  readonly collection: string;
}

function jsonBody(request: Request): unknown {
  try {
    return JSON.parse(typeof request.body === 'string' ? request.body : '');
  } catch {
    throw new RestError(400, 'JSON in the request is invalid. ( JSON parse error )');
  }
}

function objectBody(request: Request): Record<string, unknown> {
  const body = jsonBody(request);
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new RestError(400, 'JSON in the request is invalid. An object is expected.');
  }
  return body as Record<string, unknown>;
}

/** `storage/collections/data/<collection>`. */
export function kvStoreRoutes(home: SplunkHome): Router {
  const router = Router();
  const store = new KvStore(home.path);
  const base = '/storage/collections/data/:collection';
  const placeOf = (request: Request, response: Response): Place => {
    const { owner, app, user } = callerOf(response);
    const place = {
      owner: owner === '-' || owner === '' ? user : owner,
      app,
      collection: part(request, 'collection'),
    };
    if (!store.has(app, place.collection))
      throw new RestError(404, `Collection '${place.collection}' does not exist.`);
    return place;
  };
  const documentsOf = ({ owner, app, collection }: Place) => store.documents(owner, app, collection);
  const save = ({ owner, app, collection }: Place) => store.save(owner, app, collection);
  const put = (place: Place, body: Record<string, unknown>): string => {
    const key = typeof body._key === 'string' && body._key !== '' ? body._key : store.newKey();
    documentsOf(place).set(key, { ...body, _key: key, _user: place.owner });
    return key;
  };
  const found = (place: Place, key: string): Document => {
    const document = documentsOf(place).get(key);
    if (!document) throw new RestError(404, 'Could not find object.');
    return document;
  };
  const chosen = (place: Place, form: URLSearchParams): Document[] => {
    const query = form.get('query');
    const all = [...documentsOf(place).values()];
    if (query === null || query === '') return all;
    try {
      const wanted = JSON.parse(query) as Record<string, unknown>;
      return all.filter((document) => meets(document, wanted));
    } catch (error) {
      if (!(error instanceof SyntaxError) && !(error instanceof QueryError)) throw error;
      throw new RestError(400, `The query cannot be read: ${error.message}`);
    }
  };

  router.get(base, (request, response) => {
    const form = parameters(request);
    const documents = chosen(placeOf(request, response), form);
    for (const key of (form.get('sort') ?? '').split(',').reverse()) {
      const [name, direction = '1'] = key.split(':');
      if (name === '') continue;
      documents.sort((a, b) => (compare(a[name], b[name]) || 0) * Number(direction));
    }
    const limit = integer(form, 'limit', 0);
    const skip = integer(form, 'skip', 0);
    const page = documents.slice(skip, skip + (limit > 0 ? Math.min(limit, MOST_ROWS) : MOST_ROWS));
    const fields = (form.get('fields') ?? '').split(',').filter((name) => name !== '');
    response.json(
      fields.length === 0
        ? page
        : page.map((document) =>
            Object.fromEntries(
              fields.filter((name) => name in document).map((name) => [name, document[name]]),
            ),
          ),
    );
  });
  router.post(base, (request, response) => {
    const place = placeOf(request, response);
    const body = objectBody(request);
    if (typeof body._key === 'string' && documentsOf(place).has(body._key)) {
      throw new RestError(409, 'A document with the same key and user already exists.');
    }
    const _key = put(place, body);
    save(place);
    response.status(201).json({ _key });
  });
  router.delete(base, (request, response) => {
    const place = placeOf(request, response);
    for (const { _key } of chosen(place, parameters(request))) documentsOf(place).delete(_key);
    save(place);
    response.json({});
  });
  router.post(`${base}/batch_save`, (request, response) => {
    const place = placeOf(request, response);
    const body = jsonBody(request);
    if (!Array.isArray(body))
      throw new RestError(400, 'JSON in the request is invalid. An array is expected.');
    if (body.length > MOST_SAVED) {
      throw new RestError(400, `The limit of ${MOST_SAVED} documents of one batch_save is exceeded.`);
    }
    const keys = body.map((document) => put(place, document as Record<string, unknown>));
    save(place);
    response.json(keys);
  });
  router.get(`${base}/:key`, (request, response) => {
    response.json(found(placeOf(request, response), part(request, 'key')));
  });
  router.post(`${base}/:key`, (request, response) => {
    const place = placeOf(request, response);
    const { _key } = found(place, part(request, 'key'));
    put(place, { ...objectBody(request), _key });
    save(place);
    response.json({ _key });
  });
  router.delete(`${base}/:key`, (request, response) => {
    const place = placeOf(request, response);
    const { _key } = found(place, part(request, 'key'));
    documentsOf(place).delete(_key);
    save(place);
    response.json({});
  });
  return router;
}
