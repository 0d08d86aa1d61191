/** The door: events and metrics go in, never wait, never fail; a spool on disk and a delivery behind it do the rest. */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { Collector, identityOf } from './collector.ts';
import type { CollectorSettings } from './collector.ts';
import { DeadLetters } from './dead-letters.ts';
import { Delivery } from './delivery.ts';
import type { DeliveryState } from './delivery.ts';
import { eventLine, metricsLine } from './event.ts';
import type { EnvelopeSettings, TelemetryEvent, TelemetryMetrics } from './event.ts';
import { Spool } from './spool.ts';

export interface TelemetrySettings extends EnvelopeSettings {
  /** Where what was not sent yet is kept. */
  readonly folder: string;
  readonly maxSpoolBytes: number;
  /** Without one, nothing is told, and nothing kept. */
  readonly collector?: CollectorSettings;
}

export interface TelemetryState extends Omit<DeliveryState, 'state'> {
  readonly state: DeliveryState['state'] | 'off';
  readonly queued: number;
  readonly queuedBytes: number;
  readonly deadLetters: number;
  /** Lost for want of room. */
  readonly dropped: number;
}

/** What a template and the runtime may tell. Neither waits nor throws. */
export interface Telemetry {
  event(event: TelemetryEvent): void;
  metrics(metrics: TelemetryMetrics): void;
}

export class HecTelemetry implements Telemetry {
  #settings: TelemetrySettings;
  readonly #spool: Spool;
  readonly #deadLetters: DeadLetters;
  #collector: Collector | null = null;
  #delivery: Delivery | null = null;

  /** @param onLoss Told when events are lost; at most what a log can bear is up to the caller. */
  constructor(settings: TelemetrySettings, onLoss: (error: Error) => void) {
    this.#settings = settings;
    this.#spool = new Spool(join(settings.folder, 'queue'), settings.maxSpoolBytes, {
      written: () => this.#delivery?.wake(),
      failed: onLoss,
    });
    this.#deadLetters = new DeadLetters(join(settings.folder, 'dead-letters.ndjson'));
    if (settings.collector) this.#open(settings.collector);
  }

  event(event: TelemetryEvent): void {
    if (this.#delivery) this.#spool.put(eventLine(event, this.#settings));
  }

  metrics(metrics: TelemetryMetrics): void {
    const line = metricsLine(metrics, this.#settings);
    if (line !== null && this.#delivery) this.#spool.put(line);
  }

  /** For rows that are written into an index: the collector, and the queue behind it. Undefined where there is none. */
  get index():
    | {
        readonly collector: Collector;
        readonly settings: CollectorSettings;
        readonly ack: boolean;
        queue(line: string): void;
      }
    | undefined {
    const [collector, settings] = [this.#collector, this.#settings.collector];
    if (!collector || !settings) return undefined;
    return { collector, settings, ack: settings.ack, queue: (line) => this.#spool.put(line) };
  }

  get state(): TelemetryState {
    const delivery = this.#delivery?.state ?? { state: 'off' as const, sent: 0, failures: 0 };
    return {
      ...delivery,
      queued: this.#spool.length,
      queuedBytes: this.#spool.bytes,
      deadLetters: this.#deadLetters.count,
      dropped: this.#spool.dropped,
    };
  }

  /** Another collector, token or index from now on; what waits goes there. Folder and size of the spool stay. */
  async reconfigure(settings: TelemetrySettings): Promise<void> {
    this.#settings = settings;
    await this.#shut(0);
    if (settings.collector) this.#open(settings.collector);
  }

  /** Sends what it can within so many milliseconds; the rest waits on the disk for the next process. */
  async close(graceMs: number): Promise<void> {
    await this.#shut(graceMs);
    await this.#spool.close();
  }

  #open(settings: CollectorSettings): void {
    const before = this.#spool.onTheWay;
    const channel = before?.collector === identityOf(settings) ? before.channel : randomUUID();
    this.#collector = new Collector(settings, channel);
    this.#delivery = new Delivery(this.#spool, this.#collector, this.#deadLetters);
    this.#delivery.start();
  }

  async #shut(graceMs: number): Promise<void> {
    const [delivery, collector] = [this.#delivery, this.#collector];
    this.#delivery = null;
    this.#collector = null;
    await delivery?.close(graceMs);
    await collector?.close();
  }
}
