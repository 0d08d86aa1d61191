import express from 'express';
import type { Router } from 'express';
import { parseBoolean } from '../../contract/boolean.ts';
import { problemsOf, verbOf } from '../../contract/catalogue/arguments.ts';
import type { Verb } from '../../contract/catalogue/types.ts';
import { usageOfVerb } from '../../contract/catalogue/usage.ts';
import { CHANGE_FIELDS } from '../../contract/catalogue/verbs.ts';
import { KeplerError } from '../../contract/errors.ts';
import type { ChangeRequest } from '../../contract/requests.ts';
import { REQUESTS } from '../../contract/schemas.ts';
import { PATHS } from '../../contract/wire.ts';
import { holds } from '../../registry/access.ts';
import type { Change } from '../../registry/model-changes.ts';
import type { Principal } from '../../registry/types.ts';
import { referenceOf, whoseOf } from '../read/provider.ts';
import { tableOf } from '../../contract/catalogue/rows.ts';
import type { Services } from '../services.ts';
import { validator } from '../validation.ts';
import { cancel } from './cancel.ts';
import type { Order } from './order.ts';
import { set } from './set.ts';
import { unstage } from './unstage.ts';

type Doer = (order: Order) => Promise<Change[]> | Change[];

const model = ({ name, options, principal, services }: Order) =>
  [services.changes, referenceOf(name), principal, whoseOf(options)] as const;

/** Who does each verb of the catalogue that the runtime does. */
export const DOERS: ReadonlyMap<string, Doer> = new Map<string, Doer>([
  [
    'alias',
    (order) => {
      const [changes, reference, principal, whose] = model(order);
      const { name, remove = 'f' } = order.options;
      return parseBoolean(remove)
        ? changes.removeAlias(reference, principal, name, whose)
        : changes.alias(reference, principal, name, whose);
    },
  ],
  [
    'promote',
    (order) => {
      const [changes, ...rest] = model(order);
      return changes.promote(...rest);
    },
  ],
  [
    'rollback',
    (order) => {
      const [changes, ...rest] = model(order);
      return changes.rollback(...rest);
    },
  ],
  [
    'delete',
    (order) => {
      const [changes, ...rest] = model(order);
      return changes.delete(...rest);
    },
  ],
  [
    'share',
    (order) => {
      const [changes, reference, principal, whose] = model(order);
      return changes.share(reference, principal, order.options.to as 'app' | 'private', whose);
    },
  ],
  ['cancel', cancel],
  ['set', set],
  ['unstage', unstage],
]);

/** `POST /v1/change`. Every use is written down, also one that is refused. */
export function addChangeRoute(router: Router, services: Services): void {
  const json = express.json({ limit: '1mb', type: () => true, strict: true, inflate: false });
  const check = validator(REQUESTS.changeRequest, 'The request');

  router.post(PATHS.change, json, async (request, response) => {
    const order = check(request.body);
    const { principal, sid } = response.locals.identity;
    const changes = await services.audit.of(
      { ...principal, sid },
      { verb: order.verb, options: order.options, ...(order.name !== undefined && { name: order.name }) },
      () => carryOut(order, principal, services),
      (done) => done,
    );
    services.log.info(
      { user: principal.user, app: principal.app, sid, verb: order.verb, changes },
      'changed',
    );
    response.json(
      tableOf(
        CHANGE_FIELDS,
        changes.map((change) => ({ ...change })),
      ),
    );
  });
}

async function carryOut(
  { verb: word, name, options }: ChangeRequest,
  principal: Principal,
  services: Services,
): Promise<readonly Change[]> {
  const verb = verbOf(word);
  if (typeof verb === 'string')
    throw new KeplerError('invalid_arguments', `keplerctl: ${verb}`, { details: { catalogue: true } });
  const problems = problemsOf(verb, name, options);
  if (problems.length > 0) {
    throw new KeplerError(
      'invalid_arguments',
      `keplerctl: ${problems.join(' ')} Usage: ${usageOfVerb(verb)}`,
      { details: { catalogue: true } },
    );
  }
  const doer = DOERS.get(verb.name);
  if (!doer) {
    throw new KeplerError(
      'invalid_arguments',
      `${verb.name} is done by the search head: | keplerctl ${verb.name}`,
    );
  }
  assertMayUse(verb, principal);
  return doer({ name: name ?? '', options, principal, services });
}

/** Where a verb has an owner, what it is done to says who may. @throws KeplerError forbidden */
function assertMayUse({ name, owner, needs }: Verb, principal: Principal): void {
  if (owner !== undefined || holds(principal, needs)) return;
  throw new KeplerError(
    'forbidden',
    `keplerctl ${name} needs the capability ${needs}, which none of your roles has (${principal.roles.join(', ') || 'none, or they are not known'}). The role kepler_admin has it.`,
  );
}
