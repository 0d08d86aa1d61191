/** Where the runtime answers DSDL's wire contract, if it does. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { KeplerError } from '../../contract/errors.ts';
import { PEER_VARIABLES } from '../../templates/dsdl/peer.ts';
import { parseListen } from '../listen-address.ts';
import type { ListenAddress } from '../listen-address.ts';
import { ownCertificateFiles } from '../own-certificate.ts';

export interface DsdlSettings {
  readonly listen: ListenAddress;
  /** What the header `Authorization` must be. */
  readonly token: string;
  /** Of an https address. */
  readonly tls?: { readonly cert: string; readonly key: string };
  /** Whether the runtime makes them itself. */
  readonly ownTls: boolean;
  /** The app that the models belong to. */
  readonly app: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Port and address that DSDL expects of its containers. */
const LISTEN = 'https://0.0.0.0:5000';
const APP = 'dsdl';

/**
 * Without a token the runtime does not answer DSDL.
 * @param problems Takes a sentence for each setting that is wrong.
 */
export function readDsdlSettings(
  environment: Environment,
  home: string,
  problems: string[],
): DsdlSettings | undefined {
  const value = (name: string) => environment[name]?.trim() || undefined;
  const token = tokenIn(value, problems);
  const own = { cert: value('KEPLER_DSDL_CERT'), key: value('KEPLER_DSDL_KEY') };
  if (Boolean(own.cert) !== Boolean(own.key)) {
    problems.push(
      'KEPLER_DSDL_CERT and KEPLER_DSDL_KEY belong together: files with a certificate and its key.',
    );
  }
  if (token === undefined) {
    if (value('KEPLER_DSDL_LISTEN') !== undefined)
      problems.push('KEPLER_DSDL_LISTEN is set, but no token: KEPLER_DSDL_TOKEN or KEPLER_DSDL_TOKEN_FILE.');
    return undefined;
  }
  let listen: ListenAddress;
  try {
    listen = parseListen(value('KEPLER_DSDL_LISTEN') ?? LISTEN, 'KEPLER_DSDL_LISTEN', true);
  } catch (error) {
    if (!(error instanceof KeplerError)) throw error;
    problems.push(error.message);
    return undefined;
  }
  const cert = own.cert ?? value('KEPLER_TLS_CERT');
  const key = own.key ?? value('KEPLER_TLS_KEY');
  const given = cert && key ? { cert: resolve(cert), key: resolve(key) } : undefined;
  const secure = listen.kind === 'https';
  return {
    listen,
    token,
    ...(secure && { tls: given ?? ownCertificateFiles(home) }),
    ownTls: secure && !given,
    app: value('KEPLER_DSDL_APP') ?? APP,
  };
}

function tokenIn(value: (name: string) => string | undefined, problems: string[]): string | undefined {
  const path = value('KEPLER_DSDL_TOKEN_FILE');
  if (path === undefined) return value('KEPLER_DSDL_TOKEN');
  try {
    const token = readFileSync(path, 'utf8').trim();
    if (token !== '') return token;
    problems.push('KEPLER_DSDL_TOKEN_FILE names an empty file.');
  } catch (error) {
    problems.push(`KEPLER_DSDL_TOKEN_FILE names a file that cannot be read: ${(error as Error).message}.`);
  }
  return undefined;
}

/** What the environment says of containers that searches may drive; see `templates/dsdl/peer.ts`. */
export function peerVariables(environment: Environment): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).filter(
      (entry): entry is [string, string] => entry[0].startsWith(PEER_VARIABLES) && entry[1] !== undefined,
    ),
  );
}
