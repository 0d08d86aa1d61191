import express from 'express';
import type { Router } from 'express';
import { nounOf, problemsOf } from '../../contract/catalogue/arguments.ts';
import { usageOfNoun } from '../../contract/catalogue/usage.ts';
import { KeplerError } from '../../contract/errors.ts';
import { REQUESTS } from '../../contract/schemas.ts';
import { PATHS } from '../../contract/wire.ts';
import type { Services } from '../services.ts';
import { validator } from '../validation.ts';
import { datasets } from './datasets.ts';
import { jobs } from './jobs.ts';
import { metrics } from './metrics.ts';
import { models } from './models.ts';
import type { Provider } from './provider.ts';
import { runs } from './runs.ts';
import { runtimes } from './runtimes.ts';
import { settings } from './settings.ts';
import { templates } from './templates.ts';
import { versions } from './versions.ts';

/** Who answers each noun of the catalogue that the runtime answers. */
export const PROVIDERS: ReadonlyMap<string, Provider> = new Map(
  Object.entries({ models, versions, metrics, runs, jobs, templates, datasets, settings, runtimes }),
);

/** `POST /v1/read`. */
export function addReadRoute(router: Router, services: Services): void {
  const json = express.json({ limit: '1mb', type: () => true, strict: true, inflate: false });
  const check = validator(REQUESTS.readRequest, 'The request');

  router.post(PATHS.read, json, async (request, response) => {
    const { noun: word, name, options } = check(request.body);
    const noun = nounOf(word);
    if (typeof noun === 'string')
      throw new KeplerError('invalid_arguments', `kepler: ${noun}`, { details: { catalogue: true } });
    const problems = problemsOf(noun, name, options);
    if (problems.length > 0) {
      throw new KeplerError(
        'invalid_arguments',
        `kepler: ${problems.join(' ')} Usage: ${usageOfNoun(noun)}`,
        { details: { catalogue: true } },
      );
    }
    const provider = PROVIDERS.get(noun.name);
    if (!provider) {
      throw new KeplerError(
        'invalid_arguments',
        `${noun.name} is answered by the search head: | kepler ${noun.name}`,
      );
    }
    const { principal } = response.locals.identity;
    response.json(await provider({ noun, name, options, principal, services, now: Date.now() / 1000 }));
  });
}
