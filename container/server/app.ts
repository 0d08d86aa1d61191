import express from 'express';
import type { Express, NextFunction, Request, Response } from 'express';
import { KeplerError } from '../contract/errors.ts';
import { CONTRACT_VERSION, KEPLER_VERSION, OLDEST_CONTRACT_VERSION } from '../contract/version.ts';
import { HEADERS, PATHS } from '../contract/wire.ts';
import { addChangeRoute } from './change/change-route.ts';
import { addChunkRoutes } from './chunk-routes.ts';
import { errorHandler } from './error-handler.ts';
import { addModelRoutes } from './model-routes.ts';
import { addPublicRoutes, addStatusRoute } from './public-routes.ts';
import { addReadRoute } from './read/read-route.ts';
import type { Services } from './services.ts';
import { addEnrolRoute, addSecretsRoute } from './trust-routes.ts';
import { addWorkbenchRoute } from './workbench-route.ts';

/** The runtime's HTTP face: public routes, then the contract's version, then who asks, then the rest. */
export function createApp(services: Services): Express {
  const app = express();
  app.disable('x-powered-by').disable('etag').disable('query parser');
  app.use((_request, response, next) => {
    response.setHeader(HEADERS.contract, String(CONTRACT_VERSION));
    response.setHeader(HEADERS.release, KEPLER_VERSION);
    next();
  });
  addPublicRoutes(app, services);
  app.use('/v1', refuseWhenClosed(services), checkContract);
  addEnrolRoute(app, services);
  app.use('/v1', authenticate(services));
  addChunkRoutes(app, services);
  addModelRoutes(app, services);
  addReadRoute(app, services);
  addChangeRoute(app, services);
  addSecretsRoute(app, services);
  addStatusRoute(app, services);
  addWorkbenchRoute(app, services);
  if (services.workbench) app.use('/workbench', services.workbench.router);
  app.use(unknownRoute);
  app.use(errorHandler(services.log));
  return app;
}

function refuseWhenClosed({ phase }: Services) {
  return (_request: Request, _response: Response, next: NextFunction): void => {
    if (phase() !== 'closed') return next();
    throw new KeplerError('shutting_down', 'The runtime is ending. Run the search again once it is back.');
  };
}

function checkContract(request: Request, _response: Response, next: NextFunction): void {
  const theirs = request.headers[HEADERS.contract];
  const version = typeof theirs === 'string' && /^\d{1,6}$/.test(theirs) ? Number(theirs) : undefined;
  if (version !== undefined && version >= OLDEST_CONTRACT_VERSION && version <= CONTRACT_VERSION)
    return next();
  const said = theirs === undefined ? 'no version' : `version "${String(theirs).slice(0, 20)}"`;
  throw new KeplerError(
    'contract_mismatch',
    `The runtime (Kepler ${KEPLER_VERSION}) speaks version ${CONTRACT_VERSION} of the contract, the request ${said}. ${adviceFor(version)}`,
  );
}

function adviceFor(theirs: number | undefined): string {
  if (theirs === undefined) return 'Install the same version of Kepler on search head and runtime.';
  return theirs > CONTRACT_VERSION
    ? 'The runtime is older than the app: upgrade the runtime.'
    : 'The app is older than the runtime: upgrade the app on the search head.';
}

function authenticate({ authenticator }: Services) {
  return (request: Request, response: Response, next: NextFunction): void | Promise<void> => {
    const identity = authenticator.identify(request.headers.authorization);
    if (!(identity instanceof Promise)) {
      response.locals.identity = identity;
      return next();
    }
    return identity.then((verified) => {
      response.locals.identity = verified;
      next();
    });
  };
}

function unknownRoute(request: Request): never {
  if ((Object.values(PATHS) as string[]).includes(request.path)) {
    throw new KeplerError('method_not_allowed', `${request.path} does not take ${request.method}.`);
  }
  const path = request.path.slice(0, 200);
  throw new KeplerError('not_found', `There is nothing at ${path}. See ${PATHS.openapi} for what there is.`);
}
