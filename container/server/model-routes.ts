import express from 'express';
import type { Response, Router } from 'express';
import type { DeleteReply, FitCheckReply, FitPlan, ModelsReply } from '../contract/requests.ts';
import { REQUESTS } from '../contract/schemas.ts';
import { PATHS } from '../contract/wire.ts';
import { spl } from '../registry/lookup-errors.ts';
import type { Services } from './services.ts';
import { summarise } from './summary.ts';
import { counted } from './usage/counted.ts';
import { validator } from './validation.ts';

/** Options, field names and a reference: never rows. */
const MOST_JSON = '4mb';

/** The endpoints of JSON in, JSON out. */
export function addModelRoutes(
  router: Router,
  { jobs, registry, templates, usage, audit, log }: Services,
): void {
  const json = express.json({ limit: MOST_JSON, type: () => true, strict: true, inflate: false });
  const applySpec = validator(REQUESTS.applySpec, 'The request');
  const fitSpec = validator(REQUESTS.fitSpec, 'The request');
  const fitPlan = validator(REQUESTS.fitPlan, 'The request');
  const summaryRequest = validator(REQUESTS.summaryRequest, 'The request');
  const modelReference = validator(REQUESTS.modelReference, 'The request');
  const principalOf = (response: Response) => response.locals.identity.principal;

  router.post(PATHS.applyPlan, json, async (request, response) => {
    response.json(await jobs.plan(applySpec(request.body), principalOf(response)));
  });

  router.post(PATHS.fitCheck, json, async (request, response) => {
    await jobs.check(fitSpec(request.body), principalOf(response));
    response.json({ messages: [] } satisfies FitCheckReply);
  });

  router.post(PATHS.fitPlan, json, (request, response) => {
    const { algorithm } = fitPlan(request.body);
    response.json({ needs: templates.finder.needs(algorithm) } satisfies FitPlan);
  });

  router.post(PATHS.summary, json, async (request, response) => {
    const summary = summaryRequest(request.body);
    response.json(
      await counted(usage, 'summary', summary.model, response.locals.identity, () =>
        summarise(registry, templates.finder, summary, principalOf(response)),
      ),
    );
  });

  router.get(PATHS.models, async (_request, response) => {
    const { models, damaged } = await registry.list(principalOf(response));
    const messages = damaged.map((text) => ({ level: 'WARN', text }) as const);
    response.json({ models, messages } satisfies ModelsReply);
  });

  router.post(PATHS.deleteModel, json, async (request, response) => {
    const principal = principalOf(response);
    const reference = modelReference(request.body);
    const { sid } = response.locals.identity;
    const { id, versions } = await audit.of(
      { ...principal, sid },
      { verb: 'delete', name: spl(reference), options: {} },
      () => registry.delete(reference, principal),
      ({ id: gone, versions: numbers }) =>
        numbers.map((n) => ({
          object: `${spl(gone)}@${n}`,
          change: 'deleted',
          before: 'there',
          after: null,
        })),
    );
    log.info({ user: principal.user, app: principal.app, model: id, versions }, 'model deleted');
    response.json({ namespace: id.namespace, name: id.name, versions } satisfies DeleteReply);
  });
}
