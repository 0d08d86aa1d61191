/** What is told to Splunk, and the line that the HTTP Event Collector takes for it. */
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';

export type Scalar = string | number | boolean | null;

export interface TelemetryEvent {
  /** After `kepler:`: fit, apply, score, error, event, runtime. */
  readonly sourcetype: string;
  readonly fields: Readonly<Record<string, unknown>>;
  /** Another index than the settings'. */
  readonly index?: string;
  /** Seconds since 1970; now where absent. */
  readonly time?: number;
}

export interface TelemetryMetrics {
  /** `rows` becomes `metric_name:kepler.rows`. Values that are no finite numbers are left out: HEC refuses them. */
  readonly values: Readonly<Record<string, number>>;
  readonly dimensions?: Readonly<Record<string, Scalar>>;
  readonly index?: string;
  readonly time?: number;
}

export interface EnvelopeSettings {
  readonly index?: string;
  readonly metricsIndex?: string;
  readonly source: string;
  /** In every event: project and use case, say. */
  readonly dimensions: Readonly<Record<string, string>>;
}

const HOST = hostname();

/**
 * One event as HEC's JSON, without a line break. Its `event_id` tells an event from its own repetition: a batch whose answer got
 * lost is sent again.
 */
export function eventLine(event: TelemetryEvent, settings: EnvelopeSettings): string {
  const { fields, sourcetype } = event;
  const { dimensions } = settings;
  const { before, own } = envelopeOf(sourcetype, event.index ?? settings.index, settings);
  const id = randomUUID();
  // Members are written one after the other rather than put into one object first: that takes as long as all the rest.
  const apart = !('event_id' in fields) && Object.keys(dimensions).every((name) => !(name in fields));
  const told = JSON.stringify(apart ? fields : { event_id: id, ...dimensions, ...fields });
  const inside = !apart
    ? told.slice(1)
    : `"event_id":"${id}"${own}${told === '{}' ? '' : ','}${told.slice(1)}`;
  return `{"time":"${timeOf(event.time)}",${before}"event":{${inside}}`;
}

interface Envelope {
  /** The members between time and event. */
  readonly before: string;
  /** The dimensions, each behind a comma. */
  readonly own: string;
}

const envelopes = new WeakMap<EnvelopeSettings, Map<string, Envelope>>();

/** What is the same in all events of a kind, as JSON. */
function envelopeOf(sourcetype: string, index: string | undefined, settings: EnvelopeSettings): Envelope {
  let known = envelopes.get(settings);
  if (!known) envelopes.set(settings, (known = new Map<string, Envelope>()));
  const key = `${sourcetype} ${index ?? ''}`;
  let envelope = known.get(key);
  if (!envelope) {
    const { source, dimensions } = settings;
    const head = JSON.stringify({ host: HOST, source, sourcetype: `kepler:${sourcetype}`, index });
    const own = Object.entries(dimensions).map(
      (member) => `,${member.map((text) => JSON.stringify(text)).join(':')}`,
    );
    known.set(key, (envelope = { before: `${head.slice(1, -1)},`, own: own.join('') }));
  }
  return envelope;
}

/** Metrics as HEC's JSON; null where no value is a number. */
export function metricsLine(metrics: TelemetryMetrics, settings: EnvelopeSettings): string | null {
  const values = Object.entries(metrics.values).filter(([, value]) => Number.isFinite(value));
  if (values.length === 0) return null;
  return JSON.stringify({
    time: timeOf(metrics.time),
    host: HOST,
    source: settings.source,
    sourcetype: 'kepler:metrics',
    index: metrics.index ?? settings.metricsIndex,
    event: 'metric',
    fields: {
      ...settings.dimensions,
      ...metrics.dimensions,
      event_id: randomUUID(),
      ...Object.fromEntries(values.map(([name, value]) => [`metric_name:kepler.${name}`, value])),
    },
  });
}

function timeOf(time: number | undefined): string {
  return (time ?? Date.now() / 1000).toFixed(3);
}
