/** The runtime's figures for Prometheus: the same that go to Splunk. No model, user or search is named in them. */
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import type { TelemetryState } from '../../helpers/telemetry/telemetry.ts';
import type { MlflowState } from '../../helpers/registry/index.ts';
import type { JobInfo } from '../../jobs/types.ts';
import type { Run } from '../usage/run.ts';

export interface Gauges {
  jobs(): readonly JobInfo[];
  telemetry(): TelemetryState;
  /** Fits on their way to MLflow. */
  mlflow?(): Pick<MlflowState, 'queued' | 'failed'>;
  /** 99th percentile, milliseconds. */
  loopDelayMs(): number;
}

const STATES: readonly JobInfo['state'][] = ['receiving', 'queued', 'running', 'replying'];

export class PrometheusMetrics {
  readonly #registry = new Registry();
  readonly #runs = new Counter({
    name: 'kepler_runs_total',
    help: 'Search commands that used the runtime, by kind and by how they ended.',
    labelNames: ['kind', 'status'],
    registers: [this.#registry],
  });
  readonly #rows = new Counter({
    name: 'kepler_rows_total',
    help: 'Rows that came, by kind of command.',
    labelNames: ['kind'],
    registers: [this.#registry],
  });
  readonly #seconds = new Histogram({
    name: 'kepler_run_seconds',
    help: "The runtime's time for one search command, without waiting for its next rows.",
    labelNames: ['kind'],
    buckets: [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100, 300, 1000],
    registers: [this.#registry],
  });

  constructor(gauges: Gauges) {
    const registers = [this.#registry];
    collectDefaultMetrics({ register: this.#registry });
    const gauge = (name: string, help: string, read: () => number) =>
      new Gauge({
        name,
        help,
        registers,
        collect() {
          this.set(read());
        },
      });
    new Gauge({
      name: 'kepler_jobs',
      help: 'Jobs by state.',
      labelNames: ['state'],
      registers,
      collect() {
        const jobs = gauges.jobs();
        for (const state of STATES) this.set({ state }, jobs.filter((job) => job.state === state).length);
      },
    });
    gauge(
      'kepler_event_loop_delay_p99_seconds',
      "The event loop's delay.",
      () => gauges.loopDelayMs() / 1000,
    );
    gauge(
      'kepler_telemetry_queued',
      'Events that have not arrived in Splunk yet.',
      () => gauges.telemetry().queued,
    );
    gauge(
      'kepler_telemetry_dead_letters',
      'Events that Splunk refused.',
      () => gauges.telemetry().deadLetters,
    );
    gauge(
      'kepler_mlflow_queued',
      'Fits that wait to be logged to MLflow.',
      () => gauges.mlflow?.().queued ?? 0,
    );
    gauge('kepler_mlflow_failed', 'Fits that MLflow refused for good.', () => gauges.mlflow?.().failed ?? 0);
    gauge('kepler_telemetry_dropped', 'Events lost for want of room.', () => gauges.telemetry().dropped);
  }

  record(run: Run): void {
    this.#runs.inc({ kind: run.kind, status: run.status });
    this.#rows.inc({ kind: run.kind }, run.rows);
    this.#seconds.observe({ kind: run.kind }, run.ms / 1000);
  }

  /** Prometheus' text format, and its content type. */
  async read(): Promise<{ text: string; type: string }> {
    return { text: await this.#registry.metrics(), type: this.#registry.contentType };
  }
}
