import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { randomInt } from 'node:crypto';

/** A port of this machine that nobody listens on now. Somebody may before it is used: then another is tried. */
export function freePort(bind: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, bind, () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

/** A port to try on another machine: above those that systems hand out by themselves. */
export const guessedPort = (): number => randomInt(61_000, 65_000);
