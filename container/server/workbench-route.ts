import express from 'express';
import type { Router } from 'express';
import { KeplerError } from '../contract/errors.ts';
import { WORKBENCH_LINK_REQUEST } from '../contract/schemas.ts';
import { PATHS } from '../contract/wire.ts';
import type { WorkbenchLink } from '../contract/workbench.ts';
import { holds } from '../registry/access.ts';
import type { Services } from './services.ts';
import { validator } from './validation.ts';

/** `POST /v1/workbench`: a link, for whoever may write templates. */
export function addWorkbenchRoute(router: Router, services: Services): void {
  const check = validator(WORKBENCH_LINK_REQUEST, 'The request');
  const json = express.json({ limit: '16kb', type: () => true, strict: true, inflate: false });
  router.post(PATHS.workbench, json, async (request, response) => {
    const { principal, sid } = response.locals.identity;
    const { publicUrl } = check(request.body);
    const link = await services.audit.of(
      { ...principal, sid },
      { verb: 'workbench', options: {} },
      () => Promise.resolve(linkFor(services, principal, publicUrl)),
      () => [{ object: 'workbench', change: 'link', before: null, after: null }],
    );
    response.json(link);
  });
}

function linkFor(
  { workbench, urls }: Services,
  principal: Parameters<typeof holds>[0],
  publicUrl: string | undefined,
): WorkbenchLink {
  if (!holds(principal, 'edit_kepler_templates')) {
    throw new KeplerError(
      'forbidden',
      `The workbench needs the capability edit_kepler_templates, which none of your roles has (${principal.roles.join(', ') || 'none, or they are not known'}). The roles kepler_admin and kepler_author have it.`,
    );
  }
  if (!workbench) {
    throw new KeplerError(
      'workbench_unavailable',
      'This runtime is in mode prod, which has no workbench. Use a runtime in mode dev: KEPLER_MODE=dev in its environment; of one in a container, mode = dev in kepler.conf, then | keplerctl runtime start.',
    );
  }
  const base = publicUrl ?? urls().find((url) => url.startsWith('http:'));
  if (base === undefined) {
    throw new KeplerError(
      'workbench_unavailable',
      `No browser can reach this runtime: it listens on ${urls().join(', ')}. Write public_url = https://<how browsers reach it> into kepler.conf [runtime:<name>]; on one machine it is enough to add http://127.0.0.1:<port> to the runtime's KEPLER_LISTEN.`,
    );
  }
  const { token, until } = workbench.sessions.offer(principal, new URL(base).origin);
  return {
    url: `${base.replace(/\/$/, '')}/workbench/open?token=${token}`,
    expires: until / 1000,
    local: publicUrl === undefined,
  };
}
