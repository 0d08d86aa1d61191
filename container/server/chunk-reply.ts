import type { ServerResponse } from 'node:http';
import { KeplerError } from '../contract/errors.ts';
import { HEADERS } from '../contract/wire.ts';
import type { ChunkReply } from '../jobs/types.ts';

/**
 * Sends a reply: its metadata, then its body piece by piece, each handed to the kernel before the next is asked for. A
 * body of another length than declared would leave the reader waiting for ever or cut into the next reply, so the
 * connection is broken then. `release` is called in every case.
 * @param leaving called before the last bytes go: whoever has the whole reply may take it that this was done
 * @throws KeplerError internal where the body was not as declared, after the connection was broken
 */
export async function sendReply(
  response: ServerResponse,
  reply: ChunkReply,
  leaving: () => void = () => undefined,
): Promise<void> {
  try {
    const meta = Buffer.from(JSON.stringify(reply.meta), 'utf8');
    response.writeHead(200, {
      'content-type': reply.media,
      'content-length': meta.length + reply.bytes,
      [HEADERS.metaLength]: meta.length,
    });
    if (reply.bytes === 0) leaving();
    // Not flushed by itself: it leaves together with the first piece.
    response.write(meta);
    let sent = 0;
    for await (const piece of reply.body) {
      if (response.destroyed) return;
      sent += piece.byteLength;
      if (sent > reply.bytes) throw wrongLength(reply.bytes, sent);
      if (sent === reply.bytes) {
        leaving();
        // What it wrote down is out of this process's reach a microtask later.
        await Promise.resolve();
      }
      if (!(await flushed(response, piece))) return;
    }
    if (sent !== reply.bytes) throw wrongLength(reply.bytes, sent);
    await ended(response);
  } catch (error) {
    response.destroy();
    throw error;
  } finally {
    reply.release();
  }
}

/** True once the bytes are the kernel's; false where the client is gone. */
export function flushed(response: ServerResponse, piece: Uint8Array): Promise<boolean> {
  return new Promise((resolve) => {
    const gone = () => resolve(false);
    response.once('close', gone);
    response.write(piece, (error) => {
      response.off('close', gone);
      resolve(!error);
    });
  });
}

export function ended(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    response.once('close', resolve);
    response.end(() => resolve());
  });
}

function wrongLength(declared: number, sent: number): KeplerError {
  return new KeplerError('internal', `A reply declared ${declared} bytes of body, but ${sent} came.`);
}
