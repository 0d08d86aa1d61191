import { chmodSync, lstatSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer as createHttp } from 'node:http';
import type { RequestListener, Server, ServerOptions } from 'node:http';
import { createServer as createHttps } from 'node:https';
import { connect } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { dirname } from 'node:path';
import { KeplerError } from '../contract/errors.ts';
import { CONTRACT_VERSION } from '../contract/version.ts';
import { HEADERS } from '../contract/wire.ts';
import type { Connections } from './connections.ts';
import type { ListenAddress } from './listen-address.ts';
import type { ServerSettings } from './settings.ts';

export interface Listener {
  readonly url: string;
  readonly server: Server;
  /** Removes what listening left on the disk. */
  remove(): void;
}

/** Opens every address of the settings, or none. @throws KeplerError configuration */
export async function openListeners(
  settings: ServerSettings,
  handler: RequestListener,
  connections: Connections,
): Promise<Listener[]> {
  const opened: Listener[] = [];
  try {
    for (const address of settings.listen)
      opened.push(await openListener(address, settings, handler, connections));
    return opened;
  } catch (error) {
    for (const { server, remove } of opened) {
      server.close();
      remove();
    }
    throw error;
  }
}

async function openListener(
  address: ListenAddress,
  settings: ServerSettings,
  handler: RequestListener,
  connections: Connections,
): Promise<Listener> {
  const options: ServerOptions = {
    highWaterMark: 1024 * 1024,
    maxHeaderSize: 64 * 1024,
    headersTimeout: 30_000,
    // A fit's last request is answered when the training is over; that a client stops sending is watched by the chunk's reader.
    requestTimeout: 0,
    // A command holds its connection for as long as its search runs, however seldom rows come.
    keepAliveTimeout: (settings.jobs.idleSeconds + 60) * 1000,
    noDelay: true,
  };
  const server =
    address.kind === 'https'
      ? createHttps({ ...options, ...certificate(settings), minVersion: 'TLSv1.2' }, handler)
      : createHttp(options, handler);
  server.maxConnections = settings.maxConnections;
  server.on('clientError', answerGarbage);
  connections.watch(server, address.kind === 'https');
  if (address.kind === 'unix') return listenUnix(server, address.path);
  await listening(
    server,
    () => server.listen(address.port, address.host),
    `${address.kind}://${address.host}:${address.port}`,
  );
  const { port } = server.address() as AddressInfo;
  const host = address.host.includes(':') ? `[${address.host}]` : address.host;
  return { url: `${address.kind}://${host}:${port}`, server, remove: () => undefined };
}

/** Only this user may connect: the socket has mode 600 from its first moment on. */
async function listenUnix(server: Server, path: string): Promise<Listener> {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  await removeStale(path);
  await listening(
    server,
    () => {
      // Binding happens within the call, so the mask is back before anything else runs.
      const mask = process.umask(0o177);
      try {
        server.listen(path);
      } finally {
        process.umask(mask);
      }
    },
    `unix:${path}`,
  );
  chmodSync(path, 0o600);
  const { ino } = lstatSync(path);
  const remove = () => {
    // Node removes the socket when the server closes; another runtime's that came after it stays.
    if (lstatSync(path, { throwIfNoEntry: false })?.ino === ino) rmSync(path, { force: true });
  };
  return { url: `unix:${path}`, server, remove };
}

/** A socket that nobody answers on was left by a runtime that died; anything else at that path is not ours to remove. */
async function removeStale(path: string): Promise<void> {
  const status = lstatSync(path, { throwIfNoEntry: false });
  if (!status) return;
  if (!status.isSocket()) {
    throw new KeplerError(
      'configuration',
      `KEPLER_LISTEN names ${path}, but a file that is no socket lies there.`,
    );
  }
  const answered = await new Promise<boolean>((resolve, reject) => {
    const probe = connect(path);
    probe.once('connect', () => {
      probe.destroy();
      resolve(true);
    });
    probe.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNREFUSED' || error.code === 'ENOENT') resolve(false);
      else
        reject(new KeplerError('configuration', `The socket ${path} cannot be taken over: ${error.code}.`));
    });
  });
  if (answered) {
    throw new KeplerError(
      'configuration',
      `Another runtime listens on ${path} already. Stop it, or choose another path.`,
    );
  }
  rmSync(path, { force: true });
}

function listening(server: Server, listen: () => void, address: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const failed = (error: NodeJS.ErrnoException) => {
      reject(
        new KeplerError(
          'configuration',
          `The runtime cannot listen on ${address}: ${error.code ?? error.message}.`,
          {
            cause: error,
          },
        ),
      );
    };
    server.once('error', failed);
    server.once('listening', () => {
      server.off('error', failed);
      resolve();
    });
    listen();
  });
}

function certificate({ tls }: ServerSettings): { cert: Buffer; key: Buffer } {
  if (!tls) throw new KeplerError('configuration', 'KEPLER_TLS_CERT and KEPLER_TLS_KEY are not set.');
  try {
    return { cert: readFileSync(tls.cert), key: readFileSync(tls.key) };
  } catch (error) {
    throw new KeplerError('configuration', `Certificate or key cannot be read: ${(error as Error).message}.`);
  }
}

/** What is no HTTP gets an answer all the same, in the one form that errors have. */
function answerGarbage(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const reason =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? 'The headers of the request are too long.'
      : error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? 'The headers of the request took too long to come.'
        : 'The request is not HTTP, or its body is longer than declared.';
  const body = JSON.stringify(new KeplerError('bad_request', reason).toBody());
  socket.end(
    `HTTP/1.1 400 Bad Request\r\ncontent-type: application/json\r\n${HEADERS.contract}: ${CONTRACT_VERSION}\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  );
}
