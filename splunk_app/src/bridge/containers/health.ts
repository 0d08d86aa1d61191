import { createHash } from 'node:crypto';
import { request } from 'node:https';
import type { TLSSocket } from 'node:tls';
import { setTimeout as sleep } from 'node:timers/promises';
import { PATHS } from '../../../../container/contract/wire.ts';

const EVERY_MS = 25;
const ANSWER_MS = 2000;

/**
 * Asks the runtime at the address until it says that it is ready: true; or until `stillThere` denies or the time is over: false.
 * The engine's proxy accepts connections before the runtime listens and then drops them: that counts as not ready yet.
 */
export async function untilReady(
  url: string,
  fingerprint: string,
  withinMs: number,
  stillThere: () => Promise<boolean>,
): Promise<boolean> {
  const deadline = performance.now() + withinMs;
  for (let round = 0; performance.now() < deadline; round++) {
    if (await isReady(url, fingerprint)) return true;
    if (round % 8 === 7 && !(await stillThere())) return false;
    await sleep(EVERY_MS);
  }
  return false;
}

function isReady(url: string, fingerprint: string): Promise<boolean> {
  return new Promise((resolve) => {
    const call = request(
      new URL(PATHS.ready, url),
      // A connection of its own, and exactly this certificate: nobody else may answer in its place.
      { agent: false, timeout: ANSWER_MS, rejectUnauthorized: false },
      (reply) => {
        const der = (reply.socket as TLSSocket).getPeerCertificate().raw;
        const found = `sha256:${createHash('sha256').update(der).digest('hex')}`;
        reply.resume();
        reply.on('error', () => resolve(false));
        reply.on('close', () => resolve(reply.statusCode === 200 && found === fingerprint));
      },
    );
    call.on('timeout', () => call.destroy());
    call.on('error', () => resolve(false));
    call.end();
  });
}
