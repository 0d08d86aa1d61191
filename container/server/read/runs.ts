import { timeOf } from '../../contract/catalogue/arguments.ts';
import { fieldsOf } from '../../contract/catalogue/usage.ts';
import { holds, mayRead, mayWrite } from '../../registry/access.ts';
import type { ModelId, Principal } from '../../registry/types.ts';
import { quantile } from '../usage/histogram.ts';
import { modelKey } from '../usage/run.ts';
import type { Run } from '../usage/run.ts';
import { usedModel } from '../usage/usage.ts';
import { integerOf, referenceOf, whoseOf } from './provider.ts';
import type { Provider, Question } from './provider.ts';
import { tableOf } from '../../contract/catalogue/rows.ts';
import type { Row } from '../../contract/catalogue/rows.ts';

const MOST = 1000;
const SPANS: Readonly<Record<string, number>> = { '1h': 3600, '1d': 86_400 };

export const runs: Provider = async (question) => {
  const { noun, options, principal, services, now } = question;
  const key = await modelOf(question);
  const since = options.since === undefined ? 0 : (timeOf(options.since, now) ?? 0);
  const span = options.span === undefined ? undefined : SPANS[options.span];
  const fields = fieldsOf(noun, options);
  if (span !== undefined) {
    const counts = services.usage.counts(mayCount(principal, key), span, since);
    return tableOf(
      fields,
      counts.map(([time, bucket]) => ({
        _time: time,
        searches: bucket.searches,
        rows: bucket.rows,
        errors: bucket.errors,
        p50_ms: quantile(bucket.ms, 0.5),
        p95_ms: quantile(bucket.ms, 0.95),
      })),
    );
  }
  const all = holds(principal, 'edit_kepler_models') || holds(principal, 'edit_kepler_runtimes');
  const take = (run: Run) =>
    run.time >= since &&
    (options.kind === undefined || run.kind === options.kind) &&
    (key === undefined || usedModel(run, key)) &&
    (all || run.user === principal.user || (run.model !== undefined && mayWrite(run.model, principal)));
  const found = await services.usage.runs(take, integerOf(options, 'count') ?? MOST, since);
  return tableOf(fields, found.map(rowOf));
};

/** Counts name nobody: whoever may read a model may see how much it is used. */
function mayCount(principal: Principal, key: string | undefined): (other: string) => boolean {
  if (key !== undefined) return (other) => other === key;
  const all = holds(principal, 'edit_kepler_models') || holds(principal, 'edit_kepler_runtimes');
  return (other) => all || (other !== '' && mayRead(idOf(other), principal));
}

function idOf(key: string): ModelId {
  const [namespace, owner, name] = JSON.parse(key) as [ModelId['namespace'], string, string];
  return { namespace, owner, name };
}

async function modelOf({ name, options, principal, services }: Question): Promise<string | undefined> {
  if (name === undefined) return undefined;
  return modelKey(await services.registry.find(referenceOf(name), principal, whoseOf(options)));
}

function rowOf({ time, model, ...run }: Run): Row {
  return {
    ...run,
    _time: time,
    model: model && `${model.namespace === 'app' ? 'app:' : ''}${model.name}`,
    owner: model?.owner,
    version: model?.version,
  };
}
