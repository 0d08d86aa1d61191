import type { MeasuredOn } from '../../helpers/metrics/evaluation.ts';
import { betterOf, mainMetricOf } from '../../helpers/metrics/main-metric.ts';
import { mayWrite } from '../../registry/access.ts';
import { spl } from '../../registry/lookup-errors.ts';
import type { ModelEntry } from '../../registry/model-index.ts';
import { CHAMPION } from '../../registry/names.ts';
import type { Principal } from '../../registry/types.ts';
import { emptyBucket } from '../usage/buckets.ts';
import type { Bucket } from '../usage/buckets.ts';
import { quantile } from '../usage/histogram.ts';
import { modelKey } from '../usage/run.ts';
import { healthOf } from './model-health.ts';
import { referenceOf } from './provider.ts';
import type { Provider } from './provider.ts';
import { tableOf } from '../../contract/catalogue/rows.ts';
import type { Row } from '../../contract/catalogue/rows.ts';

/** Versions whose main metric the pages draw. */
const HISTORY = 12;

export const models: Provider = async ({ noun, name, options, principal, services, now }) => {
  const wanted = name === undefined ? undefined : referenceOf(name);
  const entries = (await services.index.list(principal)).filter(
    ({ id }) =>
      wanted === undefined ||
      (id.name === wanted.name && (!wanted.explicitNamespace || id.namespace === wanted.namespace)),
  );
  const day = services.usage.lastDay(now);
  const lastUse = services.usage.lastUse();
  const rows = entries.map((entry) => {
    const key = modelKey(entry.id);
    return rowOf(entry, principal, day.get(key), lastUse.get(key), now);
  });
  return tableOf(
    noun.fields,
    rows.filter(
      ({ owner, app }) =>
        (options.owner === undefined || owner === options.owner) &&
        (options.app === undefined || app === options.app),
    ),
  );
};

function rowOf(
  entry: ModelEntry,
  principal: Principal,
  day: { readonly applied: Bucket; readonly all: Bucket } | undefined,
  lastUse: number | undefined,
  now: number,
): Row {
  const { id, versions, whole, aliases } = entry;
  const champion = whole.find(({ version }) => version === aliases[CHAMPION]);
  const newest = whole.at(-1);
  const shown = champion ?? newest;
  const main = mainMetricOf(shown?.metrics ?? {});
  const { health, reason } = healthOf(entry, champion, day?.all, lastUse, now);
  const used = day?.applied ?? emptyBucket();
  return {
    name: id.name,
    namespace: id.namespace,
    owner: id.namespace === 'user' ? id.owner : shown?.user,
    app: id.namespace === 'app' ? id.owner : shown?.app,
    sharing: id.namespace === 'app' ? 'app' : 'private',
    algorithm: shown?.algorithm,
    kind: shown?.kind,
    target: shown?.target,
    champion: aliases[CHAMPION],
    previous: entry.previous,
    latest: versions.at(-1),
    versions: versions.length,
    aliases: Object.entries(aliases).map(([alias, version]) => `${alias}=${version}`),
    health,
    health_reason: reason,
    metric: main?.name,
    metric_value: main?.value,
    metric_better: main?.better,
    metric_history: whole
      .filter(({ metrics }) => main !== undefined && Object.hasOwn(metrics, main.name))
      .slice(-HISTORY)
      .map(({ version, metrics }) => `${version}=${metrics[main?.name ?? '']}`),
    rows: shown?.rows,
    last_fit: newest?.created,
    drift: 'not measured',
    searches_24h: used.searches,
    rows_24h: used.rows,
    errors_24h: used.errors,
    p50_ms: quantile(used.ms, 0.5),
    p95_ms: quantile(used.ms, 0.95),
    may_write: mayWrite(id, principal),
    reference: spl(id),
  };
}

/** A metric's row in `metrics`, the same for every version. */
export function metricRow(
  version: number,
  name: string,
  value: number,
  main: string | undefined,
  measuredOn: MeasuredOn = 'training',
): Row {
  return {
    version,
    metric: name,
    value,
    better: betterOf(name),
    main: name === main,
    measured_on: measuredOn,
  };
}
