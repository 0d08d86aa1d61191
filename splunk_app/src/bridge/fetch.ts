import { connect, type Socket } from 'node:net';

export interface Fetched {
  readonly status: number;
  readonly text: string;
}

export interface FetchOptions {
  readonly headers: Readonly<Record<string, string>>;
  /** GET where not given. */
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly body?: string;
  readonly deadlineMs: number;
  readonly maxBytes: number;
  /** Whether any certificate will do. */
  readonly trustAll: boolean;
}

/**
 * One small document over a connection of its own: `http:` or `https:`. By hand, because `node:http` takes as long to load as
 * everything else that a search over a few rows does. Rejects with what went wrong, in words.
 */
export async function fetchText(url: URL, options: FetchOptions): Promise<Fetched> {
  const socket = await open(url, options.trustAll);
  try {
    return await exchange(socket, url, options);
  } finally {
    socket.destroy();
  }
}

async function open(url: URL, trustAll: boolean): Promise<Socket> {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (url.protocol === 'http:') return connect({ host, port: Number(url.port || 80), noDelay: true });
  const tls = await import('node:tls');
  return tls.connect({
    host,
    port: Number(url.port || 443),
    servername: /^[\d.:]+$/.test(host) ? undefined : host,
    rejectUnauthorized: !trustAll,
    // Reading the system's authorities takes longer than the whole call, and here they are not asked.
    ...(trustAll && { ca: [] }),
  });
}

function exchange(socket: Socket, url: URL, options: FetchOptions): Promise<Fetched> {
  return new Promise((resolve, reject) => {
    let bytes: Buffer = Buffer.alloc(0);
    const timer = setTimeout(
      () => finish(() => reject(new Error(`no answer within ${options.deadlineMs / 1000} s`))),
      options.deadlineMs,
    );
    const finish = (settle: () => void): void => {
      clearTimeout(timer);
      settle();
    };
    const look = (ended: boolean): void => {
      try {
        const reply = parse(bytes, ended);
        if (reply) finish(() => resolve(reply));
      } catch (error) {
        finish(() => reject(error as Error));
      }
    };
    socket.on('data', (piece: Buffer) => {
      bytes = bytes.length > 0 ? Buffer.concat([bytes, piece]) : piece;
      if (bytes.length > options.maxBytes) finish(() => reject(new Error('the answer is too long')));
      else look(false);
    });
    socket.on('end', () => look(true));
    socket.on('error', (error) => finish(() => reject(error)));
    socket.on('close', () => finish(() => reject(new Error('it closed the connection'))));
    const { method = 'GET', body = '' } = options;
    const length = method === 'GET' ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    const headers = { host: url.host, connection: 'close', ...length, ...options.headers };
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    socket.write(`${method} ${url.pathname}${url.search} HTTP/1.1\r\n${lines.join('')}\r\n`, 'latin1');
    socket.write(body, 'utf8');
  });
}

/** The reply, or null while it is not whole. */
function parse(bytes: Buffer, ended: boolean): Fetched | null {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) {
    if (ended) throw new Error('it closed the connection');
    return null;
  }
  const head = bytes.toString('latin1', 0, end);
  const status = /^HTTP\/1\.[01] (\d{3})/.exec(head);
  if (!status) throw new Error('the answer is not HTTP');
  const body = bytes.subarray(end + 4);
  const reply = (text: Buffer): Fetched => ({ status: Number(status[1]), text: text.toString('utf8') });
  if (/^transfer-encoding:.*chunked/im.test(head)) {
    const whole = dechunk(body);
    if (!whole && ended) throw new Error('the answer is cut short');
    return whole && reply(whole);
  }
  const length = /^content-length:[ \t]*(\d+)/im.exec(head);
  if (!length) return ended ? reply(body) : null;
  if (body.length >= Number(length[1])) return reply(body.subarray(0, Number(length[1])));
  if (ended) throw new Error('the answer is cut short');
  return null;
}

/** The pieces of a chunked body put together, or null while the last one has not come. */
function dechunk(body: Buffer): Buffer | null {
  const pieces: Buffer[] = [];
  for (let at = 0; ;) {
    const lineEnd = body.indexOf('\r\n', at);
    if (lineEnd < 0) return null;
    const length = parseInt(body.toString('latin1', at, lineEnd), 16);
    if (!(length >= 0)) throw new Error('the answer is not HTTP');
    if (length === 0) return Buffer.concat(pieces);
    if (body.length < lineEnd + 2 + length) return null;
    pieces.push(body.subarray(lineEnd + 2, lineEnd + 2 + length));
    at = lineEnd + 2 + length + 2;
  }
}
