import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CONTRACT_VERSION } from '../container/contract/version.ts';
import { HEADERS, MEDIA, PATHS } from '../container/contract/wire.ts';

/** Something that speaks the runtime's contract to `fit` and does as little as possible. */
export interface Sink {
  readonly url: string;
  close(): void;
}

/**
 * `discard` reads the bodies and answers shortly: what is left is the bridge. `spool` writes them to a file and sends all
 * rows back at the end: what a fit costs that does not look at its rows.
 */
export async function startSink(mode: 'discard' | 'spool'): Promise<Sink> {
  const folder = mkdtempSync(join(tmpdir(), 'kepler-sink-'));
  const path = join(folder, 'runtime.sock');
  const spool = new Spool(join(folder, 'spool'));
  const server = createServer((request, reply) => {
    if (request.url === PATHS.fit) chunk(request, reply, mode === 'spool' ? spool : null);
    else {
      request.resume();
      request.on('end', () => json(reply, { messages: [] }));
    }
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  return {
    url: `unix://${path}`,
    close() {
      server.closeAllConnections();
      server.close();
      spool.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** In a process of its own, as a runtime is: reads the rows into columns besides, and sends them back with one column more. */
export async function startReadingSink(fields: readonly string[]): Promise<Sink> {
  const folder = mkdtempSync(join(tmpdir(), 'kepler-sink-'));
  const path = join(folder, 'runtime.sock');
  const flags = ['--import', 'tsx', '--import', './build/wasm-bytes.mjs'];
  const child = spawn(process.execPath, [...flags, 'bench/peers/reading-sink.ts', path, folder, ...fields], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  process.once('exit', () => child.kill('SIGKILL'));
  const [what] = await Promise.race([once(child.stdout, 'data'), once(child, 'exit')]);
  if (!Buffer.isBuffer(what)) throw new Error('the sink that reads rows did not start');
  return {
    url: `unix://${path}`,
    close() {
      child.kill('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function json(reply: ServerResponse, body: unknown): void {
  const text = JSON.stringify(body);
  reply.writeHead(200, {
    'content-type': 'application/json',
    'content-length': text.length,
    [HEADERS.contract]: String(CONTRACT_VERSION),
  });
  reply.end(text);
}

function chunk(request: IncomingMessage, reply: ServerResponse, spool: Spool | null): void {
  const metaBytes = Number(request.headers[HEADERS.metaLength]);
  let pending: Buffer = Buffer.alloc(0);
  let meta: { chunk: number; finished: boolean } | null = null;
  request.on('data', (data: Buffer) => {
    if (!meta) {
      pending = pending.length ? Buffer.concat([pending, data]) : data;
      if (pending.length < metaBytes) return;
      meta = JSON.parse(pending.toString('utf8', 0, metaBytes)) as { chunk: number; finished: boolean };
      if (meta.chunk === 0) spool?.begin();
      spool?.chunk();
      data = pending.subarray(metaBytes);
    }
    spool?.append(data);
  });
  request.on('end', () => {
    const head = Buffer.from('{"messages":[]}');
    const rows = spool && meta?.finished ? spool.bytes : 0;
    reply.writeHead(200, {
      'content-type': MEDIA.csv,
      'content-length': head.length + rows,
      [HEADERS.contract]: String(CONTRACT_VERSION),
      [HEADERS.metaLength]: String(head.length),
    });
    reply.write(head);
    if (rows) spool!.send(reply);
    else reply.end();
  });
}

/** All bodies in one file, but for the header lines of all chunks after the first. */
class Spool {
  bytes = 0;
  private readonly file: number;
  private skipHeader = false;
  private first = true;

  constructor(path: string) {
    this.file = openSync(path, 'w+');
  }

  begin(): void {
    this.bytes = 0;
    this.first = true;
  }

  chunk(): void {
    this.skipHeader = !this.first;
    this.first = false;
  }

  append(data: Buffer): void {
    if (this.skipHeader) {
      const end = data.indexOf(10);
      if (end < 0) return;
      this.skipHeader = false;
      data = data.subarray(end + 1);
    }
    for (let at = 0; at < data.length;) {
      const count = writeSync(this.file, data, at, data.length - at, this.bytes);
      at += count;
      this.bytes += count;
    }
  }

  send(reply: ServerResponse): void {
    let at = 0;
    const next = (): void => {
      while (at < this.bytes) {
        const piece = Buffer.allocUnsafe(Math.min(1 << 20, this.bytes - at));
        at += readSync(this.file, piece, 0, piece.length, at);
        if (!reply.write(piece)) {
          reply.once('drain', next);
          return;
        }
      }
      reply.end();
    };
    next();
  }

  close(): void {
    closeSync(this.file);
  }
}
