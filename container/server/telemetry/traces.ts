/** Each run as a trace of OpenTelemetry, sent by OTLP over HTTP: from the figures that the events have. */
import { createHash, randomBytes } from 'node:crypto';
import type * as OpenTelemetry from '@opentelemetry/api';
import type { Attributes, Tracer } from '@opentelemetry/api';
import type { BasicTracerProvider } from '@opentelemetry/sdk-trace-base';
import { KEPLER_VERSION } from '../../contract/version.ts';
import type { Run } from '../usage/run.ts';
import type { TraceSettings } from './trace-settings.ts';

/** Spans that wait for a collector that does not answer; more are dropped, and the log says so. */
const MOST_WAITING = 4096;

type Api = typeof OpenTelemetry;

export class Traces {
  readonly #api: Api;
  readonly #provider: BasicTracerProvider;
  readonly #tracer: Tracer;
  /** The trace of the span that is made next. */
  #trace = '';

  readonly #say: (text: string) => void;

  private constructor(
    api: Api,
    say: (text: string) => void,
    makeProvider: (traceId: () => string) => BasicTracerProvider,
  ) {
    this.#say = say;
    this.#api = api;
    this.#provider = makeProvider(() => this.#trace);
    this.#tracer = this.#provider.getTracer('kepler', KEPLER_VERSION);
  }

  /**
   * The packages are loaded here, so that a runtime without traces does without them.
   * @param complain hears what did not arrive
   */
  static async open({ url, headers }: TraceSettings, complain: (error: Error) => void): Promise<Traces> {
    const [api, sdk, { OTLPTraceExporter }, { resourceFromAttributes }] = await Promise.all([
      import('@opentelemetry/api'),
      import('@opentelemetry/sdk-trace-base'),
      import('@opentelemetry/exporter-trace-otlp-http'),
      import('@opentelemetry/resources'),
    ]);
    const say = (text: string): void => complain(new Error(`traces do not arrive at ${url}: ${text}`));
    const silent = (): void => undefined;
    api.diag.setLogger(
      { error: say, warn: say, info: silent, debug: silent, verbose: silent },
      {
        logLevel: api.DiagLogLevel.WARN,
        suppressOverrideMessage: true,
      },
    );
    const exporter = new OTLPTraceExporter({ url, headers });
    return new Traces(
      api,
      say,
      (traceId) =>
        new sdk.BasicTracerProvider({
          resource: resourceFromAttributes({ 'service.name': 'kepler', 'service.version': KEPLER_VERSION }),
          spanProcessors: [new sdk.BatchSpanProcessor(exporter, { maxQueueSize: MOST_WAITING })],
          idGenerator: {
            generateTraceId: traceId,
            generateSpanId: () => randomBytes(8).toString('hex'),
          },
        }),
    );
  }

  /** A span for the run, and one for each stage of it, one behind another. All commands of a search are in one trace. */
  record(run: Run): void {
    const { trace, context, ROOT_CONTEXT, SpanKind, SpanStatusCode } = this.#api;
    this.#trace = traceOf(run.sid);
    const end = run.time * 1000;
    const start = end - run.ms;
    const span = this.#tracer.startSpan(
      `kepler.${run.kind}`,
      { startTime: start, kind: SpanKind.SERVER, attributes: attributesOf(run) },
      ROOT_CONTEXT,
    );
    const inside = trace.setSpan(context.active(), span);
    let at = start;
    for (const [name, ms] of Object.entries(run.stages ?? {})) {
      const stage = this.#tracer.startSpan(name.replace(/_ms$/, ''), { startTime: at }, inside);
      at = Math.min(end, at + ms);
      stage.end(at);
    }
    if (run.status === 'error') span.setStatus({ code: SpanStatusCode.ERROR, message: run.message });
    span.end(end);
  }

  /** Sends what waits, for as long as the collector takes it. */
  async close(): Promise<void> {
    try {
      await this.#provider.shutdown();
    } catch (error) {
      this.#say((error as Error).message);
    }
  }
}

/** 16 bytes in hex that depend on the search alone. */
function traceOf(sid: string): string {
  return createHash('sha256').update(sid).digest('hex').slice(0, 32);
}

function attributesOf({ kind, status, model, user, app, sid, rows, code }: Run): Attributes {
  return {
    'kepler.kind': kind,
    'kepler.status': status,
    'kepler.rows': rows,
    'kepler.app': app,
    'kepler.sid': sid,
    'enduser.id': user,
    ...(model && {
      'kepler.model': model.name,
      'kepler.namespace': model.namespace,
      'kepler.owner': model.owner,
      ...(model.version !== undefined && { 'kepler.version': model.version }),
    }),
    ...(code && { 'error.type': code }),
  };
}
