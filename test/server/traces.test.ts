import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readTraceSettings } from '../../container/server/telemetry/trace-settings.ts';
import { Traces } from '../../container/server/telemetry/traces.ts';
import type { Run } from '../../container/server/usage/run.ts';

interface Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly status: { readonly code?: number; readonly message?: string };
  readonly attributes: readonly { readonly key: string; readonly value: Record<string, unknown> }[];
}

/** A collector as OTLP over HTTP has it. */
class Collector {
  readonly spans: Span[] = [];
  readonly seen: { url: string; key: string }[] = [];
  readonly #server: Server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    this.seen.push({ url: request.url ?? '', key: String(request.headers['x-key']) });
    const body = JSON.parse(Buffer.concat(parts).toString()) as {
      resourceSpans: { scopeSpans: { spans: Span[] }[] }[];
    };
    for (const { scopeSpans } of body.resourceSpans)
      for (const { spans } of scopeSpans) this.spans.push(...spans);
    response.setHeader('content-type', 'application/json').end('{}');
  });

  async start(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

const fit: Run = {
  time: 1_732_190_000.5,
  kind: 'fit',
  model: { namespace: 'user', owner: 'ana', name: 'iris', version: 3 },
  user: 'ana',
  app: 'search',
  sid: '1732190000.7',
  rows: 150,
  ms: 500,
  stages: { queue_ms: 20, train_ms: 400 },
  status: 'ok',
};

test('runs of one search are one trace, a span each and one for each stage', async () => {
  const collector = new Collector();
  const url = await collector.start();
  const complaints: Error[] = [];
  const settings = readTraceSettings({ KEPLER_OTLP_URL: url, KEPLER_OTLP_HEADERS: 'x-key=a%20b' }, []);
  const traces = await Traces.open(settings!, (error) => complaints.push(error));
  traces.record(fit);
  traces.record({
    ...fit,
    kind: 'apply',
    stages: undefined,
    status: 'error',
    code: 'limit_time',
    message: 'too long',
  });
  traces.record({ ...fit, sid: 'another' });
  await traces.close();
  collector.stop();

  expect(complaints).toEqual([]);
  expect(new Set(collector.seen.map(({ url, key }) => `${url} ${key}`))).toEqual(new Set(['/v1/traces a b']));
  const named = (name: string) => collector.spans.filter((span) => span.name === name);
  const [first, other] = named('kepler.fit');
  const [apply] = named('kepler.apply');
  expect(apply!.traceId).toBe(first!.traceId);
  expect(other!.traceId).not.toBe(first!.traceId);
  expect([first!.startTimeUnixNano, first!.endTimeUnixNano]).toEqual([
    '1732190000000000000',
    '1732190000500000000',
  ]);
  const [train] = named('train');
  expect(train!.parentSpanId).toBe(first!.spanId);
  expect([train!.startTimeUnixNano, train!.endTimeUnixNano]).toEqual([
    '1732190000020000000',
    '1732190000420000000',
  ]);
  expect(apply!.status).toMatchObject({ code: 2, message: 'too long' });
  const attribute = (span: Span, key: string) => span.attributes.find((one) => one.key === key)?.value;
  expect(attribute(first!, 'kepler.rows')).toEqual({ intValue: 150 });
  expect(attribute(first!, 'kepler.model')).toEqual({ stringValue: 'iris' });
  expect(attribute(apply!, 'error.type')).toEqual({ stringValue: 'limit_time' });
});

test('a collector that refuses is told of, and harms nothing', async () => {
  const refusing = createServer((_request, response) => response.writeHead(403).end());
  refusing.listen(0, '127.0.0.1');
  await once(refusing, 'listening');
  const url = `http://127.0.0.1:${(refusing.address() as AddressInfo).port}/v1/traces`;
  const complaints: Error[] = [];
  const traces = await Traces.open({ url, headers: {} }, (error) => complaints.push(error));
  traces.record(fit);
  await traces.close();
  refusing.close();
  expect(complaints[0]?.message).toContain(`traces do not arrive at ${url}`);
});

test('settings: addresses, names of OpenTelemetry, headers, and what is wrong', () => {
  const read = (environment: Record<string, string>) => {
    const problems: string[] = [];
    return { settings: readTraceSettings(environment, problems), problems };
  };
  expect(read({}).settings).toBeUndefined();
  expect(read({ KEPLER_OTLP_URL: 'http://c:4318/' }).settings?.url).toBe('http://c:4318/v1/traces');
  expect(read({ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://c/in' }).settings?.url).toBe('http://c/in');
  expect(read({ OTEL_EXPORTER_OTLP_ENDPOINT: 'https://c/base' }).settings?.url).toBe(
    'https://c/base/v1/traces',
  );
  expect(read({ KEPLER_OTLP_URL: 'c:4318' }).problems).toEqual([expect.stringContaining('KEPLER_OTLP_URL')]);
  const secret = read({ KEPLER_OTLP_URL: 'http://c', KEPLER_OTLP_HEADERS: 'hush hush' });
  expect(secret.problems).toEqual([expect.stringContaining('KEPLER_OTLP_HEADERS')]);
  expect(secret.problems.join()).not.toContain('hush hush');
});
