/** A search head and its requests, over real sockets; who only asks need not load a runtime. */
import { randomUUID, generateKeyPairSync } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Agent } from 'node:http';
import { join } from 'node:path';
import { SignJWT } from 'jose';
import type { JWTPayload } from 'jose';
import type { TokenClaims } from '../../container/contract/token.ts';
import { MEDIA } from '../../container/contract/wire.ts';
import { keyId } from '../../container/server/trusted-keys.ts';

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
