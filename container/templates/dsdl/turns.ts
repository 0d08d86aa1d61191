/**
 * One call at a time to a container: it holds one model in all, so that calls which overlap there meet in it. The threads of a
 * runtime agree by a socket that the kernel knows by name alone: who listens has the turn, and loses it with its thread.
 */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { Socket } from 'node:net';

export interface Turn {
  readonly url: string;
  /** Lets the next one go. */
  end(): void;
}

/** Waits until nobody else of this runtime calls the container. @throws the signal's reason */
export async function takeTurn(url: string, signal: AbortSignal): Promise<Turn> {
  // Elsewhere there are no such names; the image runs on Linux.
  if (process.platform !== 'linux') return { url, end: () => undefined };
  const name = `\0kepler-dsdl-${process.pid}-${createHash('sha256').update(url).digest('hex').slice(0, 32)}`;
  for (;;) {
    signal.throwIfAborted();
    const turn = await listen(url, name);
    if (turn) return turn;
    signal.throwIfAborted();
    await ended(name, signal);
  }
}

/** Undefined where somebody else listens. */
async function listen(url: string, name: string): Promise<Turn | undefined> {
  const waiting = new Set<Socket>();
  const server = createServer((socket) => {
    waiting.add(socket);
    socket.on('error', () => undefined).on('close', () => waiting.delete(socket));
    socket.resume();
  });
  try {
    server.listen(name);
    await once(server, 'listening');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return undefined;
    throw error;
  }
  server.unref();
  const end = () => {
    server.close();
    for (const socket of waiting) socket.destroy();
  };
  return { url, end };
}

/** Once the one who listens has ended. */
function ended(name: string, signal: AbortSignal): Promise<void> {
  const socket = connect(name);
  return new Promise((resolve, reject) => {
    const give = () => {
      socket.destroy();
      reject(signal.reason as Error);
    };
    signal.addEventListener('abort', give, { once: true });
    // Gone in between: as good, and closed as well.
    socket.on('error', () => undefined);
    socket.resume().on('close', () => {
      signal.removeEventListener('abort', give);
      resolve();
    });
  });
}
