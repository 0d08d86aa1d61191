/** Which Splunk, and as whom: the searcher's own session in a search; the runtime's service token where there is no search. */
import { KeplerError } from '../../contract/errors.ts';
import type { SplunkSession } from '../../contract/requests.ts';
import type { Trust } from '../pinned-connect.ts';
import type { SplunkTarget } from './client.ts';

/** From the environment: see docs/settings.md. */
export interface SplunkSettings extends Trust {
  readonly url?: string;
  readonly token?: string;
}

const LOOPBACK = /^(127\.[\d.]+|localhost|\[::1\])$/;

/**
 * @param session the searcher's, where a search runs
 * @param service whether the service token may be used: never in a search, where it would lend rights that the searcher lacks
 * @throws KeplerError splunk_refused where there is no way to Splunk
 */
export function targetOf(
  settings: SplunkSettings,
  session: SplunkSession | undefined,
  service: boolean,
): SplunkTarget {
  const { url, token, ...trust } = settings;
  if (session) {
    const loopback = isLoopback(session.uri);
    // A search head names itself by its loopback address, which is another machine's here where the runtime is elsewhere.
    if (loopback && url !== undefined) return { ...trust, url, credential: { session: session.key } };
    return {
      ...(loopback ? { anyCertificate: true } : trust),
      url: session.uri,
      credential: { session: session.key },
    };
  }
  if (!service) {
    throw new KeplerError(
      'splunk_refused',
      "The search did not hand its session over, so Splunk cannot be asked in the searcher's name. Is the app kepler on the search head of the same release as the runtime?",
    );
  }
  if (url === undefined || token === undefined) {
    throw new KeplerError(
      'splunk_refused',
      `Outside of a search Splunk is asked with a token of its own, and ${url === undefined ? 'KEPLER_SPLUNK_URL is' : 'KEPLER_SPLUNK_TOKEN (or KEPLER_SPLUNK_TOKEN_FILE) is'} not set.`,
    );
  }
  return { ...trust, url, credential: { token } };
}

function isLoopback(uri: string): boolean {
  try {
    return LOOPBACK.test(new URL(uri).hostname);
  } catch {
    return false;
  }
}
