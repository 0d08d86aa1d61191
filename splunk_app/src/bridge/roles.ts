import { KeplerError } from '../../../container/contract/errors.ts';
import { fetchText, type Fetched } from './fetch.ts';

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]', '::1']);
const DEADLINE_MS = 5000;
const MAX_BYTES = 4 << 20;
const CAPABILITY_PREFIX = 'edit_kepler_';

/** What splunkd says that a user may do. */
export interface UserContext {
  readonly roles: readonly string[];
  /** Kepler's own capabilities alone: a role may have hundreds of others. */
  readonly capabilities: readonly string[];
}

/**
 * Roles and capabilities of the user whose session key this is: one `authentication/current-context` call.
 * Rejects with a reason for people; the caller then goes on without them and says so.
 */
export async function fetchContext(splunkdUri: string, sessionKey: string): Promise<UserContext> {
  if (!sessionKey || !splunkdUri) throw unknown('splunkd gave this search no session key');
  let url: URL;
  try {
    url = new URL('/services/authentication/current-context?output_mode=json', splunkdUri);
  } catch {
    throw unknown(`${JSON.stringify(splunkdUri)} is no address`);
  }
  // A line end in it would begin another header.
  if (/[^\x21-\x7e]/.test(sessionKey)) throw unknown('the session key is none');
  const { status, text } = await get(url, sessionKey);
  if (status !== 200)
    throw unknown(
      status === 401 ? 'splunkd does not know the session key' : `splunkd answered with status ${status}`,
    );
  try {
    const body = JSON.parse(text) as { entry: { content: { roles: unknown; capabilities?: unknown } }[] };
    const { roles, capabilities } = body.entry[0].content;
    if (Array.isArray(roles)) {
      return {
        roles: texts(roles),
        capabilities: texts(capabilities).filter((name) => name.startsWith(CAPABILITY_PREFIX)),
      };
    }
  } catch {
    // Answered below: whatever it was, it does not say which roles there are.
  }
  throw unknown('splunkd answered with something else than a context');
}

const texts = (list: unknown): string[] =>
  Array.isArray(list) ? list.filter((item): item is string => typeof item === 'string') : [];

async function get(url: URL, sessionKey: string): Promise<Fetched> {
  try {
    return await fetchText(url, {
      headers: { authorization: `Splunk ${sessionKey}`, accept: 'application/json' },
      // splunkd signs its own certificate unless an administrator replaced it. On loopback nobody stands in between who could
      // not read this process's memory as well; elsewhere the certificate must be trusted by the system.
      trustAll: LOOPBACK.has(url.hostname),
      deadlineMs: DEADLINE_MS,
      maxBytes: MAX_BYTES,
    });
  } catch (error) {
    throw unknown(`splunkd at ${url.origin} cannot be asked (${(error as Error).message})`);
  }
}

const unknown = (why: string): KeplerError => new KeplerError('configuration', why);
