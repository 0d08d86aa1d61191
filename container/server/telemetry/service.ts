/** What the runtime tells of itself: to Splunk by HEC, to Prometheus at /metrics, from the same runs. */
import type { MlflowState } from '../../helpers/registry/index.ts';
import { HecTelemetry } from '../../helpers/telemetry/telemetry.ts';
import type { Telemetry, TelemetrySettings, TelemetryState } from '../../helpers/telemetry/telemetry.ts';
import type { Jobs } from '../../jobs/types.ts';
import type { LoopMonitor } from '../event-loop.ts';
import type { Log } from '../log.ts';
import type { Run } from '../usage/run.ts';
import { PrometheusMetrics } from './prometheus.ts';
import { tellRun } from './recorder.ts';
import { Traces } from './traces.ts';
import type { TraceSettings } from './trace-settings.ts';
import type { FittedVersion } from './recorder.ts';

/** How often the runtime tells how it is. */
const PULSE_MS = 30_000;
/** What a stop waits for events that are on their way; the others go with the next start. */
const LAST_EVENTS_MS = 1000;
/** A lost event is no reason to fill the log as well. */
const COMPLAIN_MS = 60_000;

export interface TelemetryParts {
  readonly log: Log;
  readonly jobs: Jobs;
  readonly loop: LoopMonitor;
  /** Fits on their way to MLflow. */
  readonly mlflow?: () => MlflowState;
  /** The version that a fit made; undefined where it cannot be read. */
  fitted(run: Run): Promise<FittedVersion | undefined>;
}

export class TelemetryService {
  readonly prometheus: PrometheusMetrics;
  readonly #hec: HecTelemetry;
  readonly #parts: TelemetryParts;
  readonly #pulse: NodeJS.Timeout;
  readonly #traces: Promise<Traces | undefined>;
  #complainedAt = -Infinity;

  /** @param traces where they go; absent where there are to be none */
  constructor(settings: TelemetrySettings, traces: TraceSettings | undefined, parts: TelemetryParts) {
    this.#parts = parts;
    this.#hec = new HecTelemetry(settings, (error) => this.#complain(error));
    this.prometheus = new PrometheusMetrics({
      jobs: () => parts.jobs.list(),
      telemetry: () => this.#hec.state,
      mlflow: parts.mlflow,
      loopDelayMs: () => parts.loop.read().p99,
    });
    this.#traces = this.#openTraces(traces);
    this.#pulse = setInterval(() => this.#tellPulse(), PULSE_MS).unref();
  }

  get state(): TelemetryState {
    return this.#hec.state;
  }

  /** For what templates tell. */
  get door(): Telemetry {
    return this.#hec;
  }

  /** For rows that templates write into an index. */
  get index(): HecTelemetry['index'] {
    return this.#hec.index;
  }

  /** Counts a run and tells of it. Neither waits nor fails: no search notices. */
  record(run: Run): void {
    this.prometheus.record(run);
    this.#traces.then((traces) => traces?.record(run)).catch((error: Error) => this.#complain(error));
    if (run.kind !== 'fit' || run.status !== 'ok' || !run.model) return tellRun(this.#hec, run);
    this.#parts.fitted(run).then(
      (version) => tellRun(this.#hec, run, version),
      (error: Error) => {
        this.#complain(error);
        tellRun(this.#hec, run);
      },
    );
  }

  /** Another address or token, as Splunk hands them over. */
  async reconfigure(settings: TelemetrySettings): Promise<void> {
    await this.#hec.reconfigure(settings);
    this.#parts.log.info({ url: settings.collector?.url }, 'telemetry goes there from now on');
  }

  async close(): Promise<void> {
    clearInterval(this.#pulse);
    await Promise.all([this.#hec.close(LAST_EVENTS_MS), this.#closeTraces()]);
  }

  async #openTraces(settings: TraceSettings | undefined): Promise<Traces | undefined> {
    if (!settings) return undefined;
    try {
      return await Traces.open(settings, (error) => this.#complain(error));
    } catch (error) {
      this.#complain(error as Error);
      return undefined;
    }
  }

  /** A collector that is gone holds nobody up. */
  async #closeTraces(): Promise<void> {
    const late = AbortSignal.timeout(LAST_EVENTS_MS);
    const stopped = new Promise<void>((resolve) => late.addEventListener('abort', () => resolve()));
    const closed = this.#traces.then((traces) => traces?.close());
    await Promise.race([closed, stopped]);
  }

  #tellPulse(): void {
    const { jobs, loop } = this.#parts;
    const list = jobs.list();
    const { queued, deadLetters } = this.#hec.state;
    this.#hec.metrics({
      values: {
        'runtime.jobs': list.length,
        'runtime.queued': list.filter(({ state }) => state === 'queued').length,
        'runtime.memory_mb': Math.round(process.memoryUsage.rss() / 1e6),
        'runtime.loop_delay_ms': loop.read().p99,
        'runtime.telemetry_queued': queued,
        'runtime.telemetry_dead_letters': deadLetters,
      },
    });
  }

  #complain(error: Error): void {
    const now = performance.now();
    if (now - this.#complainedAt < COMPLAIN_MS) return;
    this.#complainedAt = now;
    this.#parts.log.warn({ err: error }, 'telemetry was lost, or is not whole');
  }
}
