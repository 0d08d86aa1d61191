import { randomUUID, generateKeyPairSync } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Agent } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SignJWT } from 'jose';
import type { JWTPayload } from 'jose';
import type { TokenClaims } from '../../container/contract/token.ts';
import { MEDIA } from '../../container/contract/wire.ts';
import { createLog } from '../../container/server/log.ts';
import type { Log } from '../../container/server/log.ts';
import { startRuntime } from '../../container/server/runtime.ts';
import type { Runtime } from '../../container/server/runtime.ts';
import { readSettings } from '../../container/server/settings.ts';
import { keyId } from '../../container/server/trusted-keys.ts';
import { TestJobs } from './test-jobs.ts';

export interface Reply {
  readonly status: number;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly body: Buffer;
  readonly json: any; // eslint-disable-line @typescript-eslint/no-explicit-any
}

/** A search head: its key, and the tokens that it signs. */
export class SearchHead {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  readonly kid: string;

  constructor() {
    const pair = generateKeyPairSync('ed25519');
    this.privateKey = pair.privateKey;
    this.publicKey = pair.publicKey;
    this.kid = keyId(pair.publicKey);
  }

  trustIn(folder: string, name = 'key.pub.pem'): void {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, name), this.publicKey.export({ type: 'spki', format: 'pem' }));
  }

  async token(
    claims: Partial<Record<keyof TokenClaims, unknown>> = {},
    header: object = {},
  ): Promise<string> {
    const now = Math.floor(Date.now() / 1000);
    const all = {
      iss: 'kepler-search-head',
      aud: 'kepler-runtime',
      sub: 'ann',
      app: 'search',
      roles: ['user'],
      sid: '1700000000.1',
      acl: { read: ['*'], write: ['admin'] },
      iat: now,
      exp: now + 300,
      ...claims,
    };
    return new SignJWT(all as JWTPayload)
      .setProtectedHeader({ alg: 'EdDSA', kid: this.kid, ...header })
      .sign(this.privateKey);
  }
}

export interface World {
  readonly home: string;
  readonly keys: string;
  readonly head: SearchHead;
  readonly jobs: TestJobs;
  readonly runtime: Runtime;
  readonly logged: string[];
  readonly log: Log;
  url(kind: 'unix' | 'http' | 'https'): string;
  end(): Promise<void>;
}

/** A runtime in this process, on real sockets, with jobs that echo. */
export async function startWorld(
  environment: Record<string, string> = {},
  listen: (home: string) => string = (home) => `unix:${home}/r.sock,http://127.0.0.1:0`,
): Promise<World> {
  const home = mkdtempSync(join(tmpdir(), 'kepler-server-'));
  const keys = join(home, 'keys');
  const head = new SearchHead();
  head.trustIn(keys);
  const jobs = new TestJobs();
  const logged: string[] = [];
  const log = createLog('debug', { write: (line: string) => void logged.push(line) });
  const settings = readSettings({
    KEPLER_HOME: home,
    KEPLER_TRUSTED_KEYS: keys,
    KEPLER_LISTEN: listen(home),
    KEPLER_GRACE_SECONDS: '1',
    ...environment,
  });
  const runtime = await startRuntime(settings, log, () => jobs);
  return {
    home,
    keys,
    head,
    jobs,
    runtime,
    logged,
    log,
    url: (kind) => runtime.urls.find((url) => url.startsWith(`${kind}:`))!,
    end: async () => {
      await runtime.stop();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

export interface Ask {
  readonly method?: string;
  readonly headers?: Record<string, string | number>;
  readonly body?: string | Buffer;
  readonly agent?: Agent;
  readonly tls?: object;
}

/** One request over a real socket; `base` is one of the runtime's urls. */
export function ask(base: string, path: string, options: Ask = {}): Promise<Reply> {
  const unix = base.startsWith('unix:');
  const url = unix ? new URL(`http://kepler${path}`) : new URL(path, base);
  const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const request = send(
      url,
      {
        method: options.method ?? (options.body === undefined ? 'GET' : 'POST'),
        headers: options.headers,
        agent: options.agent ?? false,
        ...(unix && { socketPath: base.slice(5) }),
        ...options.tls,
      },
      (response) => {
        const pieces: Buffer[] = [];
        response.on('data', (piece: Buffer) => pieces.push(piece));
        response.on('error', reject);
        response.on('end', () => {
          const body = Buffer.concat(pieces);
          let json: unknown;
          if (response.headers['content-type']?.startsWith('application/json'))
            json = JSON.parse(body.toString());
          resolve({ status: response.statusCode!, headers: response.headers, body, json });
        });
      },
    );
    request.on('error', reject);
    request.end(options.body);
  });
}

export function authorized(token: string): Record<string, string> {
  return { authorization: `Bearer ${token}`, 'kepler-contract': '1' };
}

export const APPLY_SPEC = { model: { namespace: 'user', name: 'iris' }, options: {} };
export const FIT_SPEC = {
  algorithm: 'PCA',
  options: { k: '2' },
  targets: [],
  fields: ['*'],
  by: [],
  apply: true,
  partialFit: false,
  promote: true,
};

/** A chunk's headers and body. */
export function chunk(
  token: string,
  csv: string | Buffer,
  meta: object = {},
  headers: Record<string, string | number> = {},
): { headers: Record<string, string | number>; body: Buffer } {
  const head = Buffer.from(
    JSON.stringify({ job: randomUUID(), chunk: 0, finished: true, spec: APPLY_SPEC, ...meta }),
  );
  const body = Buffer.concat([head, Buffer.from(csv)]);
  return {
    headers: {
      ...authorized(token),
      'content-type': MEDIA.chunk,
      'kepler-meta-length': head.length,
      'content-length': body.length,
      ...headers,
    },
    body,
  };
}

/** The metadata and the body of a chunk's reply. */
export function split(reply: Reply): { meta: unknown; body: Buffer } {
  const length = Number(reply.headers['kepler-meta-length']);
  return { meta: JSON.parse(reply.body.subarray(0, length).toString()), body: reply.body.subarray(length) };
}
