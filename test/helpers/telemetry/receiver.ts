import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';

export interface Received {
  readonly event: { readonly event_id: string; readonly n?: number };
  readonly [key: string]: unknown;
}

type Fault = (events: Received[], response: ServerResponse) => boolean;

/** A collector on a real port that takes events, or does what a test tells it instead. */
export class Receiver {
  readonly events: Received[] = [];
  readonly requests: { path: string; headers: IncomingMessage['headers']; events: number }[] = [];
  /** Asked before a batch is taken; true when it has answered itself. */
  fault: Fault = () => false;
  useAck = false;
  acked = (_id: number): boolean => true;
  #acks = 0;
  #up = false;
  readonly #server: Server;

  constructor() {
    this.#server = createServer((request, response) => void this.#answer(request, response));
    this.#server.on('connection', (socket) => {
      if (!this.#up) socket.resetAndDestroy();
    });
  }

  /** Listens; again after `down`. */
  async up(): Promise<this> {
    this.#up = true;
    if (!this.#server.listening)
      await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return this;
  }

  /** Breaks every connection, also those to come. The port stays this one's: a program that took it would answer instead. */
  async down(): Promise<void> {
    this.#up = false;
    this.#server.closeAllConnections();
  }

  async close(): Promise<void> {
    await this.down();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** The values of `n`, each once. */
  get numbers(): number[] {
    return [...new Set(this.events.map(({ event }) => event.n!))].sort((a, b) => a - b);
  }

  async until(condition: () => boolean, longestMs = 240_000): Promise<void> {
    for (const deadline = Date.now() + longestMs; !condition();) {
      if (Date.now() > deadline) throw new Error(`in vain: ${this.events.length} events came`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    const raw = Buffer.concat(pieces);
    if (request.url?.startsWith('/services/collector/ack')) {
      const { acks } = JSON.parse(raw.toString()) as { acks: number[] };
      const answer = Object.fromEntries(acks.map((id) => [id, this.acked(id)]));
      response.end(JSON.stringify({ acks: answer }));
      return;
    }
    const text = request.headers['content-encoding'] === 'gzip' ? gunzipSync(raw).toString() : raw.toString();
    const events = text.split('\n').map((line) => JSON.parse(line) as Received);
    this.requests.push({ path: request.url ?? '', headers: request.headers, events: events.length });
    if (this.fault(events, response)) return;
    this.events.push(...events);
    response.end(JSON.stringify({ text: 'Success', code: 0, ...(this.useAck && { ackId: this.#acks++ }) }));
  }
}

export function reply(response: ServerResponse, status: number, body: unknown, headers = {}): true {
  response.writeHead(status, headers).end(typeof body === 'string' ? body : JSON.stringify(body));
  return true;
}
