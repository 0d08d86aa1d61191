import { readFileSync } from 'node:fs';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { connect } from 'node:net';
import { join } from 'node:path';
import type { DockerOptions } from 'dockerode';
import { KeplerError } from '../../../../container/contract/errors.ts';
import type { EngineSettings } from './types.ts';

/** An engine that does not take a connection within this time is not there. */
const CONNECT_MS = 5000;
/** The longest that it may be silent: ending a container in order takes its grace period. */
const SILENCE_MS = 120_000;

/** What docker-modem takes and dockerode's types leave out. */
export type EngineConnection = DockerOptions & { readonly agent: HttpAgent };

/** Whether the engine runs on this machine, so that what it publishes on loopback can be reached. */
export const isLocal = (host: string): boolean => host.startsWith('unix:');

/** @throws KeplerError configuration */
export function connectionOptions(settings: EngineSettings): EngineConnection {
  const common = { timeout: SILENCE_MS };
  const { host } = settings;
  // A connection for each call: the engine closes idle ones, and a call that meets the closing of one fails.
  const plain = new HttpAgent({ keepAlive: false });
  if (isLocal(host)) return { ...common, agent: plain, socketPath: host.replace(/^unix:(\/\/)?/, '') };
  let url: URL;
  try {
    url = new URL(host.replace(/^tcp:/, settings.certificates ? 'https:' : 'http:'));
  } catch {
    throw wrong(host);
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw wrong(host);
  const protocol = url.protocol === 'https:' ? 'https' : 'http';
  return {
    ...common,
    protocol,
    agent: protocol === 'https' ? new HttpsAgent({ keepAlive: false }) : plain,
    host: url.hostname,
    port: Number(url.port || (protocol === 'https' ? 2376 : 2375)),
    ...(settings.certificates && certificates(settings.certificates)),
  };
}

/**
 * Resolves once a connection to an engine on another machine could be opened: its client would wait for minutes. (Its own
 * `connectionTimeout` also ends calls that are answered late.)
 */
export function untilReachable({ host, port, socketPath }: DockerOptions): Promise<void> {
  if (socketPath !== undefined) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port: Number(port) });
    const end = (settle: () => void): void => {
      socket.destroy();
      settle();
    };
    socket.setTimeout(CONNECT_MS, () =>
      end(() => reject(new Error(`no answer within ${CONNECT_MS / 1000} s`))),
    );
    socket.once('error', (error) => end(() => reject(error)));
    socket.once('connect', () => end(resolve));
  });
}

function certificates(folder: string): Pick<DockerOptions, 'ca' | 'cert' | 'key'> {
  try {
    const [ca, cert, key] = ['ca.pem', 'cert.pem', 'key.pem'].map((name) =>
      readFileSync(join(folder, name), 'utf8'),
    );
    return { ca, cert, key };
  } catch (error) {
    throw new KeplerError(
      'configuration',
      `The certificates for the container engine cannot be read: ${(error as Error).message}. The folder in kepler.conf [engine] certificates (or DOCKER_CERT_PATH) needs ca.pem, cert.pem and key.pem.`,
      { cause: error },
    );
  }
}

const wrong = (host: string): KeplerError =>
  new KeplerError(
    'configuration',
    `The container engine's address ${JSON.stringify(host)} cannot be used (kepler.conf [engine] host, or DOCKER_HOST): write unix:///var/run/docker.sock or tcp://<host>:2376.`,
  );
