import express from 'express';
import type { Router } from 'express';
import { KeplerError } from '../contract/errors.ts';
import { REQUESTS, SECRETS_REQUEST } from '../contract/schemas.ts';
import { PATHS } from '../contract/wire.ts';
import { holds } from '../registry/access.ts';
import { keepSecrets } from './secrets.ts';
import { wrongAddress } from './telemetry/settings.ts';
import type { Services } from './services.ts';
import { validator } from './validation.ts';

/** As whom splunkd runs modular inputs: the one that hands secrets over. */
const SYSTEM_USER = 'splunk-system-user';

const json = () => express.json({ limit: '256kb', type: () => true, strict: true, inflate: false });

/** `POST /v1/enrol`: before anybody is known, so it stands in front of authentication. */
export function addEnrolRoute(router: Router, { enrolment }: Services): void {
  const check = validator(REQUESTS.enrolRequest, 'The request');
  router.post(PATHS.enrol, json(), async (request, response) => {
    const { code, key } = check(request.body);
    response.json(await enrolment.take(code, key));
  });
}

/** `PUT /v1/secrets`. */
export function addSecretsRoute(router: Router, services: Services): void {
  const check = validator(SECRETS_REQUEST, 'The request');
  router.put(PATHS.secrets, json(), async (request, response) => {
    const { principal, sid } = response.locals.identity;
    const secrets = check(request.body);
    const names = Object.keys(secrets).join(', ');
    const result = await services.audit.of(
      { ...principal, sid },
      { verb: 'secrets', name: names, options: {} },
      async () => {
        if (principal.user !== SYSTEM_USER && !holds(principal, 'edit_kepler_runtimes')) {
          throw new KeplerError(
            'forbidden',
            'Secrets are handed over by Splunk’s own user, or by whoever has the capability edit_kepler_runtimes.',
          );
        }
        if (secrets.hec_url) checkAddress(secrets.hec_url);
        const result = await keepSecrets(services.settings.home, secrets);
        const problems: string[] = [];
        await services.telemetry.reconfigure(services.settings.telemetryNow(problems));
        if (problems.length > 0) services.log.warn({ problems }, 'settings of telemetry are wrong');
        return result;
      },
      ({ kept, removed }) => [
        ...kept.map((name) => ({ object: name, change: 'secret kept', before: null, after: null })),
        ...removed.map((name) => ({ object: name, change: 'secret removed', before: null, after: null })),
      ],
    );
    response.json(result);
  });
}

/** Kept, a wrong one would keep the runtime from its next start. */
function checkAddress(url: string): void {
  const wrong = wrongAddress(url.trim());
  if (wrong !== undefined) throw new KeplerError('bad_request', wrong);
}
