import { said } from '../../i18n/index.ts';
import { cells, type Row } from '../../splunkd/index.ts';

export type Health = 'healthy' | 'attention' | 'failed' | 'idle';

/** One point of the sparkline. */
export interface MetricOfVersion {
  readonly version: number;
  readonly value: number | undefined;
}

/** A model as the page uses it: `| kepler models`, with numbers read and the words to search by made once. */
export interface ModelRow {
  /** What tells this model from all others: owner and app may have one of the same name. */
  readonly key: string;
  readonly name: string;
  /** What SPL takes. */
  readonly reference: string;
  readonly namespace: string;
  readonly owner: string;
  readonly app: string;
  readonly sharing: string;
  readonly algorithm: string;
  readonly kind: string;
  readonly target: string;
  readonly champion: number | undefined;
  /** What a rollback makes the champion again. */
  readonly previous: number | undefined;
  readonly latest: number | undefined;
  readonly versions: number;
  readonly aliases: ReadonlyMap<string, number>;
  readonly health: Health;
  readonly healthReason: string;
  readonly metric: string;
  readonly metricValue: number | undefined;
  readonly metricBetter: string;
  readonly history: readonly MetricOfVersion[];
  readonly rows: number | undefined;
  /** Seconds since 1970. */
  readonly lastFit: number | undefined;
  readonly drift: string;
  readonly searches24h: number | undefined;
  readonly rows24h: number | undefined;
  readonly errors24h: number | undefined;
  readonly p50: number | undefined;
  readonly p95: number | undefined;
  readonly mayWrite: boolean;
  /** Name, owner, app and algorithm in lower case: what the search field looks into. */
  readonly words: string;
}

/** `name=value` texts, by the last `=`: the value is a number or empty. */
function pairsOf(cell: Row[string]): [string, number | undefined][] {
  return cells.list(cell).map((text) => {
    const at = text.lastIndexOf('=');
    return at < 0 ? [text, undefined] : [text.slice(0, at), cells.number(text.slice(at + 1))];
  });
}

const healths: readonly string[] = ['healthy', 'attention', 'failed', 'idle'] satisfies Health[];

/** Reads one row of `| kepler models`. A health that this page does not know counts as attention, its word as the reason. */
export function modelRow(row: Row): ModelRow {
  const name = cells.text(row.name);
  const owner = cells.text(row.owner);
  const app = cells.text(row.app);
  const namespace = cells.text(row.namespace);
  const algorithm = cells.text(row.algorithm);
  const health = cells.text(row.health);
  return {
    key: [namespace, owner, app, name].join('\n'),
    name,
    reference: cells.text(row.reference) || name,
    namespace,
    owner,
    app,
    sharing: cells.text(row.sharing),
    algorithm,
    kind: cells.text(row.kind),
    target: cells.text(row.target),
    champion: cells.number(row.champion),
    previous: cells.number(row.previous),
    latest: cells.number(row.latest),
    versions: cells.number(row.versions) ?? 0,
    aliases: new Map(
      pairsOf(row.aliases).flatMap(([alias, version]) => (version === undefined ? [] : [[alias, version]])),
    ),
    health: healths.includes(health) ? (health as Health) : 'attention',
    healthReason: said(cells.text(row.health_reason)) || (healths.includes(health) ? '' : health),
    metric: cells.text(row.metric),
    metricValue: cells.number(row.metric_value),
    metricBetter: cells.text(row.metric_better),
    history: pairsOf(row.metric_history).map(([version, value]) => ({
      version: Number(version),
      value,
    })),
    rows: cells.number(row.rows),
    lastFit: cells.number(row.last_fit),
    drift: cells.text(row.drift),
    searches24h: cells.number(row.searches_24h),
    rows24h: cells.number(row.rows_24h),
    errors24h: cells.number(row.errors_24h),
    p50: cells.number(row.p50_ms),
    p95: cells.number(row.p95_ms),
    mayWrite: cells.flag(row.may_write),
    words: [name, owner, app, algorithm].join('\n').toLowerCase(),
  };
}

/** How `kepler` and `keplerctl` name a model: other users' and other apps' models need to be said whose they are. */
export interface ModelAddress {
  readonly reference: string;
  readonly owner: string | undefined;
  readonly app: string | undefined;
}

/** The address of a model for `user`, from a page that searches in `app`. */
export function addressOfModel(
  model: Pick<ModelRow, 'reference' | 'namespace' | 'owner' | 'app'>,
  user: string | undefined,
  app: string,
): ModelAddress {
  const ofApp = model.namespace === 'app';
  return {
    reference: model.reference,
    owner: !ofApp && user !== undefined && model.owner !== user ? model.owner : undefined,
    app: ofApp && model.app !== app ? model.app : undefined,
  };
}
