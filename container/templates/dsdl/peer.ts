/** Containers of DSDL that searches may drive: where they are, from the environment or as the search head handed it over. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseBoolean } from '../../contract/boolean.ts';
import { KeplerError } from '../../contract/errors.ts';
import type { Trust } from '../../helpers/pinned-connect.ts';

export interface Peer extends Trust {
  /** As searches name it: `container=<name>`. */
  readonly name: string;
  /** Without a slash at its end. */
  readonly url: string;
  readonly token: string;
  /** Seconds that a call may take. */
  readonly seconds: number;
}

/** Where peers are looked up, at each call anew: what is handed over may change. */
export interface PeerSource {
  /** The variables KEPLER_DSDL_PEER_…; those of a container with a name of its own are KEPLER_DSDL_PEER_<NAME>_…. */
  readonly variables: Readonly<Record<string, string>>;
  /** Folder of what the search head handed over: `dsdl_<name>_url` …. */
  readonly secrets: string;
}

/** What a search means that names none. */
export const MAIN_PEER = 'main';
export const PEER_NAME = /^[a-z][a-z0-9_]{0,31}$/;
export const PEER_VARIABLES = 'KEPLER_DSDL_PEER_';

const SECONDS = 600;

/** @throws KeplerError configuration, saying what to set */
export function findPeer({ variables, secrets }: PeerSource, name: string): Peer {
  if (!PEER_NAME.test(name)) {
    throw new KeplerError(
      'invalid_arguments',
      `container=${name} names no container: small letters, digits and _.`,
    );
  }
  const prefix = name === MAIN_PEER ? PEER_VARIABLES : `${PEER_VARIABLES}${name.toUpperCase()}_`;
  const value = (key: string) =>
    variables[`${prefix}${key.toUpperCase()}`]?.trim() || readIfThere(join(secrets, `dsdl_${name}_${key}`));
  const file = (key: string) => {
    const path = variables[`${prefix}${key}_FILE`]?.trim();
    if (!path) return undefined;
    const text = readIfThere(path);
    if (text !== undefined) return text;
    throw new KeplerError('configuration', `${prefix}${key}_FILE names a file that is not there, or empty.`);
  };
  const url = value('url');
  const token = file('TOKEN') ?? value('token');
  if (url === undefined || token === undefined) {
    const missing = url === undefined ? 'address' : 'token';
    throw new KeplerError(
      'configuration',
      `The ${missing} of the container "${name}" is not set: url below [dsdl:${name}] in kepler.conf and its token in storage/passwords (realm kepler, name dsdl_${name}_token), or ${prefix}URL and ${prefix}TOKEN_FILE in the runtime's environment.`,
    );
  }
  if (!/^https?:\/\/[^/?#]+\/*$/.test(url)) {
    throw new KeplerError(
      'configuration',
      `The address of the container "${name}" must be such as https://host:5000, not "${url}".`,
    );
  }
  const fingerprint = value('fingerprint')?.replace(/^sha256:/i, '');
  const ca = file('CA');
  return {
    name,
    url: url.replace(/\/+$/, ''),
    token,
    seconds: secondsOf(value('seconds'), name),
    ...(fingerprint !== undefined && { fingerprint }),
    ...(ca !== undefined && { ca }),
    ...(parseBoolean(value('verify') ?? 'true') === false && { anyCertificate: true }),
  };
}

function secondsOf(text: string | undefined, name: string): number {
  const seconds = Number(text ?? SECONDS);
  if (seconds > 0 && seconds < 1e6) return seconds;
  throw new KeplerError(
    'configuration',
    `The time of the container "${name}" must be a number of seconds, not "${text}".`,
  );
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim() || undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
