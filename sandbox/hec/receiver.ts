import type { Server } from 'node:http';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Express, NextFunction, Request, Response } from 'express';
import express from 'express';
import type { IndexStore, IndexedEvent } from '../indexes/index-store.ts';
import { errorPage } from '../web/html.ts';
import { Acknowledgements } from './acknowledgements.ts';
import { HEC_CODES, HecError } from './codes.ts';
import { readEvents } from './read-events.ts';
import type { HecToken, HecTokens } from './tokens.ts';

const GUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

export interface ReceiverOptions {
  readonly tokens: HecTokens;
  readonly indexes: IndexStore;
  /** Bytes that a request may have, after it is unpacked: Splunk's `max_content_length` by default. */
  readonly maxContentLength?: number;
  /** PEM texts; plain HTTP without them. */
  readonly tls?: { readonly cert: string; readonly key: string };
}

/** The HTTP Event Collector of the sandbox, on the loopback address. Its events are found by `search index=…`. */
export class HecReceiver {
  private readonly acknowledgements = new Acknowledgements();
  private trouble: { readonly code: number; readonly retryAfter?: number } | undefined;

  private constructor(
    private readonly server: Server,
    private readonly options: ReceiverOptions,
  ) {
    server.on('request', this.application());
  }

  static async listen(options: ReceiverOptions): Promise<HecReceiver> {
    const server = options.tls ? createTlsServer(options.tls) : createServer();
    const receiver = new HecReceiver(server, options);
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(0, '127.0.0.1', resolve);
    });
    return receiver;
  }

  get url(): string {
    return `${this.options.tls ? 'https' : 'http'}://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /**
   * Lets the collector be in trouble, to see what clients do then: 8, 9, 18, 19, 20, 23, 26, 27 refuse, 24 and 25 warn. None
   * ends it.
   */
  beInTrouble(code?: number, retryAfter?: number): void {
    this.trouble = code === undefined ? undefined : { code, retryAfter };
  }

  async close(): Promise<void> {
    this.trouble = { code: 23 };
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.server.closeAllConnections();
    await closed;
  }

  private application(): Express {
    const app = express();
    app.disable('x-powered-by');
    const under = (...paths: string[]) => paths.map((path) => `/services/collector${path}`);
    app.get(under('/health', '/health/1.0'), (_request, response) => {
      const code = this.trouble?.code ?? 17;
      answer(response, [18, 19, 20, 23].includes(code) ? code : 17);
    });
    app.use(express.raw({ type: () => true, limit: this.options.maxContentLength ?? 838_860_800 }));
    app.post(under('', '/event', '/event/1.0'), (request, response) =>
      this.receive(request, response, (token, body) => readEvents(body, token, this.options.indexes.names())),
    );
    app.post(under('/raw', '/raw/1.0'), (request, response) =>
      this.receive(request, response, (token, body) => rawEvents(body, token, request.query)),
    );
    app.post(under('/ack', '/ack/1.0'), (request, response) => this.acknowledge(request, response));
    app.use((_request: Request, response: Response) => {
      response.status(404).json({ text: 'The requested URL was not found on this server.', code: 404 });
    });
    app.use(refuse);
    return app;
  }

  private receive(
    request: Request,
    response: Response,
    read: (token: HecToken, body: string) => Iterable<{ index: string; event: IndexedEvent }>,
  ): void {
    const token = this.tokenOf(request);
    const channel = token.useAck ? channelOf(request) : undefined;
    if (this.trouble && HEC_CODES[this.trouble.code][0] >= 400) {
      if (this.trouble.retryAfter !== undefined) response.setHeader('retry-after', this.trouble.retryAfter);
      throw new HecError(this.trouble.code);
    }
    const state = channel === undefined ? 'free' : this.acknowledgements.state(token.token, channel);
    if (state === 'full') throw new HecError(27);
    const body = Buffer.isBuffer(request.body) ? request.body.toString('utf8') : '';
    if (body.trim() === '') throw new HecError(5);
    const byIndex = new Map<string, IndexedEvent[]>();
    try {
      for (const { index, event } of read(token, body)) {
        const events = byIndex.get(index);
        if (events) events.push(event);
        else byIndex.set(index, [event]);
      }
    } finally {
      // What came before a wrong event is in, as in Splunk.
      for (const [index, events] of byIndex) this.options.indexes.append(index, events);
    }
    const ackId = channel === undefined ? undefined : this.acknowledgements.add(token.token, channel);
    const code = this.trouble?.code ?? (state === 'nearly full' ? 25 : 0);
    answer(response, code, ackId === undefined ? {} : { ackId });
  }

  private acknowledge(request: Request, response: Response): void {
    const token = this.tokenOf(request);
    if (!token.useAck) throw new HecError(14);
    const channel = channelOf(request);
    let acks: unknown;
    try {
      ({ acks } = JSON.parse(Buffer.isBuffer(request.body) ? request.body.toString('utf8') : '') as {
        acks: unknown;
      });
    } catch {
      throw new HecError(6);
    }
    if (!Array.isArray(acks) || !acks.every(Number.isInteger)) throw new HecError(6);
    response.json({ acks: this.acknowledgements.take(token.token, channel, acks as number[]) });
  }

  private tokenOf(request: Request): HecToken {
    const header = request.headers.authorization;
    if (header === undefined) {
      if (request.query.token !== undefined) throw new HecError(16);
      throw new HecError(2);
    }
    const plain = /^Splunk\s+(\S+)\s*$/i.exec(header)?.[1];
    const basic = /^Basic\s+(\S+)\s*$/i.exec(header)?.[1];
    const given =
      plain ??
      (basic &&
        Buffer.from(basic, 'base64')
          .toString('utf8')
          .replace(/^[^:]*:/, ''));
    if (given === undefined) throw new HecError(3);
    const token = this.options.tokens.all().find((one) => one.token.toLowerCase() === given.toLowerCase());
    if (!token) throw new HecError(4);
    if (token.disabled) throw new HecError(1);
    return token;
  }
}

function channelOf(request: Request): string {
  const channel = request.headers['x-splunk-request-channel'] ?? request.query.channel;
  if (channel === undefined || channel === '') throw new HecError(10);
  if (typeof channel !== 'string' || !GUID.test(channel)) throw new HecError(11);
  return channel;
}

/** An event a line, all with what the address says of them. */
function* rawEvents(body: string, token: HecToken, query: Request['query']) {
  const text = (name: string, fallback: string) => (typeof query[name] === 'string' ? query[name] : fallback);
  for (const raw of body.split(/\r?\n/)) {
    if (raw.trim() === '') continue;
    yield {
      index: text('index', token.index),
      event: {
        time: Number(text('time', String(Date.now() / 1000))),
        host: text('host', token.host),
        source: text('source', token.source),
        sourcetype: text('sourcetype', token.sourcetype),
        raw,
      },
    };
  }
}

function answer(response: Response, code: number, extra: object = {}): void {
  const [status, text] = HEC_CODES[code];
  response.status(status).json({ text, code, ...extra });
}

/** Four parameters: that is how express knows a handler of errors. */
function refuse(error: Error, _request: Request, response: Response, _next: NextFunction): void {
  if (error instanceof HecError) {
    answer(response, error.code, error.event === undefined ? {} : { 'invalid-event-number': error.event });
    return;
  }
  const { status = 500 } = error as Error & { status?: number };
  // What never reaches the collector's own code comes back as HTML: too large (413), an unknown encoding (415).
  if (status < 500) {
    response
      .status(status)
      .type('html')
      .send(errorPage(String(status), error.message));
    return;
  }
  console.error(error);
  answer(response, 8);
}
