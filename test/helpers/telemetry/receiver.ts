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
  #server: Server | null = null;
  #port = 0;

  /** Listens; again on the same port after `down`. */
  async up(): Promise<this> {
    this.#server = createServer((request, response) => void this.#answer(request, response));
    await new Promise<void>((resolve) => this.#server!.listen(this.#port, '127.0.0.1', resolve));
    this.#port = (this.#server.address() as AddressInfo).port;
    return this;
  }

  async down(): Promise<void> {
    const server = this.#server;
    this.#server = null;
    server?.closeAllConnections();
    await new Promise((resolve) => (server ? server.close(resolve) : resolve(null)));
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** The values of `n`, each once. */
  get numbers(): number[] {
    return [...new Set(this.events.map(({ event }) => event.n!))].sort((a, b) => a - b);
  }

  async until(condition: () => boolean, longestMs = 30_000): Promise<void> {
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
