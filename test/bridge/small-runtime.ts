import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import type { ReplyMeta } from '../../container/contract/requests.ts';
import { KeplerError, type ErrorCode } from '../../container/contract/errors.ts';

export interface Request {
  readonly method: string;
  readonly path: string;
  readonly headers: ReadonlyMap<string, string>;
  readonly meta: Record<string, never> & {
    chunk?: number;
    finished?: boolean;
    spec?: Record<string, unknown>;
  };
  readonly body: Buffer;
  /** Counts connections from 1. */
  readonly connection: number;
}

/** What to send back: bytes of HTTP, or the end of the connection, before or in the middle of a reply. */
export interface Answer {
  readonly bytes?: Buffer;
  /** Bytes written at a time; all at once unless said. */
  readonly step?: number;
  readonly close?: boolean;
  /** Closes the connection after the reply as a server does that keeps none alive. */
  readonly closeAfter?: boolean;
}

type Handler = (request: Request) => Answer | Promise<Answer>;

/** A self-signed certificate for tests alone; nobody trusts it. */
export const TEST_TLS = {
  cert: readFileSync('test/fixtures/tls/cert.pem'),
  key: readFileSync('test/fixtures/tls/key.pem'),
};

/** A server on a real socket that speaks the runtime's side of the contract, byte for byte as a test wants it. */
export class SmallRuntime {
  readonly folder = mkdtempSync(join(tmpdir(), 'kepler-test-'));
  readonly path = join(this.folder, 'runtime.sock');
  url = `unix://${this.path}`;
  readonly requests: Request[] = [];
  /** Connections that have ended. */
  ended = 0;
  handler: Handler = () => reply({ messages: [] }, '');
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #connections = 0;

  constructor(readonly transport: 'unix' | 'http' | 'https' = 'unix') {
    const serve = (socket: Socket): void => this.#serve(socket);
    this.#server = transport === 'https' ? createTlsServer(TEST_TLS, serve) : createServer(serve);
  }

  async listen(): Promise<this> {
    if (this.transport === 'unix') {
      await new Promise<void>((resolve) => this.#server.listen(this.path, resolve));
    } else {
      await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
      this.url = `${this.transport}://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
    }
    return this;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
    rmSync(this.folder, { recursive: true, force: true });
  }

  #serve(socket: Socket): void {
    const connection = ++this.#connections;
    let pending = Buffer.alloc(0);
    let busy = Promise.resolve();
    this.#sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => {
      this.ended++;
      this.#sockets.delete(socket);
    });
    socket.on('data', (bytes) => {
      pending = Buffer.concat([pending, bytes]);
      for (let found = parse(pending, connection); found; found = parse(pending, connection)) {
        const { request } = found;
        pending = pending.subarray(found.bytes);
        busy = busy.then(() => this.#answer(socket, request));
      }
    });
  }

  async #answer(socket: Socket, request: Request): Promise<void> {
    this.requests.push(request);
    const { bytes, step = 1 << 30, close, closeAfter } = await this.handler(request);
    for (let at = 0; bytes && at < bytes.length && !socket.destroyed; at += step) {
      socket.write(bytes.subarray(at, at + step));
      if (step < bytes.length) await new Promise((resolve) => setImmediate(resolve));
    }
    if (close) socket.destroySoon();
    if (closeAfter) socket.end();
  }
}

function parse(bytes: Buffer, connection: number): { request: Request; bytes: number } | null {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return null;
  const [first, ...lines] = bytes.toString('latin1', 0, end).split('\r\n');
  const headers = new Map(lines.map((line) => line.split(': ') as [string, string]));
  const length = Number(headers.get('content-length') ?? 0);
  const at = end + 4;
  if (bytes.length < at + length) return null;
  const metaLength = Number(headers.get('kepler-meta-length') ?? length);
  const json = bytes.toString('utf8', at, at + metaLength);
  const [method, path] = first.split(' ');
  const request = {
    method,
    path,
    headers,
    meta: json ? JSON.parse(json) : {},
    body: Buffer.from(bytes.subarray(at + metaLength, at + length)),
    connection,
  };
  return { request, bytes: at + length };
}

function http(status: number, headers: Record<string, string | number>, body: Buffer): Buffer {
  const all = { 'kepler-contract': '1', 'content-length': body.length, ...headers };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  return Buffer.concat([Buffer.from(`HTTP/1.1 ${status} X\r\n${lines.join('\r\n')}\r\n\r\n`), body]);
}

const chunkReply = (media: string, meta: ReplyMeta, body: Buffer): Buffer => {
  const json = Buffer.from(JSON.stringify(meta));
  return http(200, { 'content-type': media, 'kepler-meta-length': json.length }, Buffer.concat([json, body]));
};

export const reply = (
  meta: ReplyMeta,
  csv: string | Buffer,
  options: Omit<Answer, 'bytes'> = {},
): Answer => ({
  bytes: chunkReply('application/vnd.kepler.csv', meta, Buffer.from(csv)),
  ...options,
});

export const spliceReply = (meta: ReplyMeta, list: Buffer, options: Omit<Answer, 'bytes'> = {}): Answer => ({
  bytes: chunkReply('application/vnd.kepler.splice', meta, list),
  ...options,
});

export const jsonReply = (value: unknown, status = 200, headers: Record<string, string> = {}): Answer => ({
  bytes: http(status, { 'content-type': 'application/json', ...headers }, Buffer.from(JSON.stringify(value))),
});

export const errorReply = (code: ErrorCode, message: string): Answer => {
  const error = new KeplerError(code, message);
  return jsonReply(error.toBody(), error.status);
};

export interface SpliceRow {
  readonly row: number;
  readonly text: string;
  readonly crlf?: boolean;
}

/** A splice list; `total` is what it comes to unless given. */
export function spliceList(
  oldHeader: number,
  newHeader: string,
  rows: readonly SpliceRow[],
  total?: number,
): Buffer {
  const header = Buffer.from(newHeader);
  let bytes = header.length;
  const pieces = rows.map(({ row, text, crlf }) => {
    const content = Buffer.from(text);
    bytes += row + content.length;
    const head = Buffer.alloc(11);
    let at = head.writeUInt16LE(row < 0xffff ? row : 0xffff, 0);
    if (row >= 0xffff) at = head.writeUInt32LE(row, at);
    at = head.writeUInt8(Math.min(content.length, 127) | (crlf ? 128 : 0), at);
    if (content.length >= 127) at = head.writeUInt32LE(content.length, at);
    return Buffer.concat([head.subarray(0, at), content]);
  });
  const preamble = Buffer.alloc(12);
  preamble.writeUInt32LE(oldHeader, 0);
  preamble.writeUInt32LE(total ?? bytes, 4);
  preamble.writeUInt32LE(header.length, 8);
  return Buffer.concat([preamble, header, ...pieces]);
}

/** The splice list of a chunk that appends `,<text of row i>` to each of its lines; for chunks without quoted newlines. */
export function appendTo(chunk: Buffer, header: string, text: (row: number) => string): Buffer {
  const headerEnd = chunk.indexOf(10) + 1;
  const rows: SpliceRow[] = [];
  for (let at = headerEnd; at < chunk.length;) {
    const found = chunk.indexOf(10, at);
    const end = found < 0 ? chunk.length : found;
    const crlf = found > at && chunk[found - 1] === 13;
    rows.push({ row: end - at - (crlf ? 1 : 0), text: `,${text(rows.length)}\n`, crlf });
    at = end + 1;
  }
  const names = chunk.toString('utf8', 0, headerEnd).trimEnd();
  return spliceList(headerEnd, `${names},${header}\n`, rows);
}
