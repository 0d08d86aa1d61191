/** Metrics, params and tags as MLflow takes them, within its limits. What it would cut in silence is cut here, and says so. */

export interface KeyValue {
  readonly key: string;
  readonly value: string;
}

export interface MetricPoint {
  readonly key: string;
  readonly value: number | 'NaN';
  readonly timestamp: number;
  readonly step: number;
}

export interface Batch {
  readonly metrics: readonly MetricPoint[];
  readonly params: readonly KeyValue[];
  readonly tags: readonly KeyValue[];
}

const MOST_METRICS = 1000;
const MOST_PARAMS = 100;
const MOST_TAGS = 100;
const LONGEST_KEY = 250;
const LONGEST_PARAM = 6000;
const LONGEST_TAG = 8000;

/** A key that MLflow takes: other characters become `_`; two that become the same are told apart by a number. */
export function keysFor(names: readonly string[]): string[] {
  const used = new Set<string>();
  return names.map((name) => {
    const plain = name.replace(/[^\w./: -]/g, '_').slice(0, LONGEST_KEY) || '_';
    let key = plain;
    for (let i = 2; used.has(key); i++) key = `${plain.slice(0, LONGEST_KEY - String(i).length - 1)}_${i}`;
    used.add(key);
    return key;
  });
}

/** NaN is a text on the wire; infinities would come back as other numbers, so they are left out. */
export function metricsOf(metrics: Readonly<Record<string, number>>, timestamp: number): MetricPoint[] {
  const entries = Object.entries(metrics).filter(
    ([, value]) => Number.isFinite(value) || Number.isNaN(value),
  );
  const keys = keysFor(entries.map(([name]) => name));
  return entries.map(([, value], i) => ({
    key: keys[i],
    value: Number.isNaN(value) ? 'NaN' : value,
    timestamp,
    step: 0,
  }));
}

export function paramsOf(params: Readonly<Record<string, unknown>>): KeyValue[] {
  return pairs(params, LONGEST_PARAM);
}

export function tagsOf(tags: Readonly<Record<string, unknown>>): KeyValue[] {
  return pairs(tags, LONGEST_TAG);
}

function pairs(values: Readonly<Record<string, unknown>>, longest: number): KeyValue[] {
  const entries = Object.entries(values).filter(
    ([, value]) => value !== undefined && value !== null && value !== '',
  );
  const keys = keysFor(entries.map(([name]) => name));
  return entries.map(([, value], i) => {
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    return { key: keys[i], value: text.length > longest ? `${text.slice(0, longest - 1)}…` : text };
  });
}

/** What `runs/log-batch` takes at a time. */
export function* batchesOf({ metrics, params, tags }: Batch): Generator<Batch> {
  // 1000 of all together: metrics go apart from the others.
  for (let at = 0; at < metrics.length; at += MOST_METRICS)
    yield { metrics: metrics.slice(at, at + MOST_METRICS), params: [], tags: [] };
  const most = Math.max(Math.ceil(params.length / MOST_PARAMS), Math.ceil(tags.length / MOST_TAGS));
  for (let i = 0; i < most; i++) {
    yield {
      metrics: [],
      params: params.slice(i * MOST_PARAMS, (i + 1) * MOST_PARAMS),
      tags: tags.slice(i * MOST_TAGS, (i + 1) * MOST_TAGS),
    };
  }
}
